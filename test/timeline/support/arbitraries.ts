/** Events of every kind, made from the table that everything else is made from. */
import fc from 'fast-check'
import type { Command, SessionAction } from '../../../main/node/contract/client'
import { encodeCommand } from '../../../main/node/contract/command'
import { encodeConfiguration } from '../../../main/node/contract/configuration'
import {
  EVENT_FIELDS,
  EVENT_KINDS,
  type EventKind,
  type FieldType,
  type TimelineEvent,
} from '../../../main/node/contract/events'
import type { Entry } from '../../../main/raft/types'

/** Well-formed Unicode, with code points of one to four bytes. */
const text = fc.string({ unit: 'binary', maxLength: 12 })
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 24 }),
  text.map((value) => new TextEncoder().encode(value)),
)
const number = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.double(),
  fc.constantFrom(-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 32, 2 ** 53),
)

const action: fc.Arbitrary<Command | SessionAction> = fc.oneof(
  fc.record({ op: fc.constantFrom('put', 'append'), key: text, value: bytes }),
  fc.record({ op: fc.constantFrom('get', 'delete'), key: text }),
  fc.record({ op: fc.constant('cas'), key: text, expected: fc.option(bytes), value: bytes }),
  fc.record({ op: fc.constantFrom('open-session', 'close-session') }),
)
const command = fc
  .record({ client: fc.nat(), sequence: fc.nat(), time: fc.nat(), command: action, sessionTimeoutMs: fc.nat() })
  .map((logged) => new Uint8Array(encodeCommand(logged)))

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }).map((list) => list.sort((a, b) => a - b))
const configuration = fc
  .record({ voters: ids, outgoing: ids, learners: ids, learnersNext: ids, witnesses: ids })
  .map(encodeConfiguration)

const entryArbitrary: fc.Arbitrary<Entry> = fc.record({
  index: fc.nat(20),
  term: fc.nat(5),
  type: fc.constantFrom('noop', 'command', 'config', 'metadata'),
  data: fc.oneof(bytes, command, configuration),
})

function valueArbitrary(type: FieldType): fc.Arbitrary<unknown> {
  if (typeof type !== 'string') return fc.constantFrom(...type)
  switch (type) {
    case 'u8':
      return fc.integer({ min: 0, max: 255 })
    case 'u16':
      return fc.integer({ min: 0, max: 65_535 })
    case 'u32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 })
    case 'f64':
      return number
    case 'flag':
      return fc.boolean()
    case 'text':
      return text
    case 'bytes':
      return bytes
    case 'entries':
      return fc.array(entryArbitrary, { maxLength: 4 })
  }
}

export function eventArbitrary(kind: EventKind): fc.Arbitrary<Omit<TimelineEvent, 'seq'>> {
  const fields = Object.entries<FieldType>(EVENT_FIELDS[kind].fields).map(([name, type]) => [
    name,
    // Each one that is counted and not told becomes an entry of the fold.
    kind === 'appended' && name === 'count' ? fc.nat(9) : valueArbitrary(type),
  ])
  return fc.record({
    kind: fc.constant(kind),
    node: fc.integer({ min: 0, max: 65_535 }),
    n: fc.nat(),
    t: fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs)),
    ...Object.fromEntries(fields),
  }) as unknown as fc.Arbitrary<Omit<TimelineEvent, 'seq'>>
}

/** A batch of any kinds, numbered from `first`. */
export const eventsArbitrary: fc.Arbitrary<TimelineEvent[]> = fc
  .tuple(fc.nat(1e6), fc.array(fc.oneof(...EVENT_KINDS.map(eventArbitrary)), { minLength: 1, maxLength: 40 }))
  .map(([first, events]) => events.map((event, i) => ({ ...event, seq: first + i }) as TimelineEvent))
