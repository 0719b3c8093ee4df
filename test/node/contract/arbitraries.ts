/** Arbitrary values of everything that crosses a door of a node. */
import fc from 'fast-check'
import type { ClientReply, ClientRequest, Command } from '../../../main/node/contract/client'
import type { EventKind, FieldType, ReportedEvent } from '../../../main/node/contract/events'
import { EVENT_FIELDS, EVENT_KINDS } from '../../../main/node/contract/events'
import type { Frame } from '../../../main/node/contract/frames'
import type { Entry, Message } from '../../../main/raft/types'

/** Well-formed: what UTF-8 can carry. */
export const text = fc.string({ unit: 'binary', maxLength: 40 })
export const bytes = fc.uint8Array({ maxLength: 200 })
export const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const node = fc.integer({ min: 1, max: 65535 })

/** Consecutive entries behind `prevLogIndex`, of terms that never fall. */
export function entriesAfter(prevLogIndex: number, prevLogTerm: number): fc.Arbitrary<Entry[]> {
  const step = fc.record({
    climb: fc.nat({ max: 3 }),
    type: fc.constantFrom<Entry['type']>('noop', 'command', 'config'),
    data: bytes,
  })
  return fc.array(step, { maxLength: 8 }).map((steps) => {
    let term = prevLogTerm
    return steps.map(({ climb, type, data }, at) => {
      term += climb
      return { index: prevLogIndex + 1 + at, term, type, data }
    })
  })
}
const somewhere = fc.record({ index: fc.nat(), term: fc.nat() })
const entries = somewhere.chain(({ index, term }) => entriesAfter(index, term))

const envelope = { from: node, to: node, term: count }
export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('RequestVote' as const), ...envelope, lastLogIndex: count, lastLogTerm: count }),
  fc.record({ type: fc.constant('RequestVoteReply' as const), ...envelope, voteGranted: fc.boolean() }),
  fc.record({
    type: fc.constant('AppendEntriesReply' as const),
    ...envelope,
    success: fc.boolean(),
    matchIndex: count,
    conflictIndex: count,
    conflictTerm: count,
  }),
  somewhere.chain(({ index, term }) =>
    entriesAfter(index, term).chain((list) =>
      fc.record({
        type: fc.constant('AppendEntries' as const),
        from: node,
        to: node,
        term: fc.integer({ min: list.at(-1)?.term ?? term, max: 2 ** 40 }),
        prevLogIndex: fc.constant(index),
        prevLogTerm: fc.constant(term),
        entries: fc.constant(list),
        leaderCommit: count,
      }),
    ),
  ),
)

export const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ op: fc.constant('put' as const), key: text, value: bytes }),
  fc.record({ op: fc.constant('get' as const), key: text }),
  fc.record({ op: fc.constant('delete' as const), key: text }),
)
export const request: fc.Arbitrary<ClientRequest> = fc.record({
  request: count,
  client: count,
  sequence: count,
  command,
})
export const reply: fc.Arbitrary<ClientReply> = fc.oneof(
  fc.record({
    request: count,
    status: fc.constant('ok' as const),
    found: fc.boolean(),
    value: bytes,
    index: count,
    term: count,
  }),
  fc.record({ request: count, status: fc.constant('not-leader' as const), leader: fc.nat({ max: 65535 }) }),
  fc.record({ request: count, status: fc.constant('lost' as const) }),
  fc.record({ request: count, status: fc.constant('refused' as const), problem: text, detail: text }),
)

function field(type: FieldType): fc.Arbitrary<unknown> {
  switch (type) {
    case 'u8':
      return fc.nat({ max: 0xff })
    case 'u16':
      return fc.nat({ max: 0xffff })
    case 'u32':
      return fc.nat({ max: 0xffffffff })
    case 'f64':
      return fc.oneof(count, fc.double())
    case 'flag':
      return fc.boolean()
    case 'text':
      return text
    case 'bytes':
      return bytes
    case 'entries':
      return entries
    default:
      return fc.constantFrom(...type)
  }
}

export function eventOf(kind: EventKind): fc.Arbitrary<ReportedEvent> {
  const fields = Object.fromEntries(
    Object.entries(EVENT_FIELDS[kind].fields).map(([name, type]) => [name, field(type)]),
  )
  const head = { kind: fc.constant(kind), node: fc.nat({ max: 65535 }), n: fc.nat({ max: 0xffffffff }), t: count }
  return fc.record({ ...head, ...fields }) as unknown as fc.Arbitrary<ReportedEvent>
}
export const event: fc.Arbitrary<ReportedEvent> = fc.constantFrom(...EVENT_KINDS).chain(eventOf)

export const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.nat(),
    clusterId: text,
    role: fc.constantFrom('peer' as const, 'client' as const, 'telemetry' as const),
    node: fc.nat({ max: 65535 }),
    incarnation: fc.nat(),
    pid: fc.nat(),
  }),
  fc.record({ type: fc.constant('message' as const), id: count, inReplyTo: count, message }),
  fc.record({ type: fc.constant('request' as const), request }),
  fc.record({ type: fc.constant('reply' as const), reply }),
  fc.record({ type: fc.constant('events' as const), upTo: count, events: fc.array(event, { maxLength: 6 }) }),
  fc.record({
    type: fc.constant('control' as const),
    control: fc.oneof(
      fc.record({ type: fc.constant('block' as const), from: fc.nat(), blocked: fc.boolean() }),
      fc.record({ type: fc.constantFrom('stop' as const, 'freeze' as const, 'thaw' as const) }),
    ),
  }),
  fc.record({ type: fc.constant('ready' as const) }),
  fc.record({ type: fc.constant('fatal' as const), problem: text, details: text }),
)
