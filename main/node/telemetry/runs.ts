/** Entries as `appended` events: one per term at least, and none too large for a frame. */
import type { Entry } from '../../raft/types'
import { ENTRY_OVERHEAD_BYTES } from '../contract/records/record'
import type { EventBody } from './event-body'

/** Entry bytes in one event that holds them. */
const MAX_EVENT_BYTES = 512 << 10
/** What an event says in `bytes` is a u32. */
const MAX_TOLD_BYTES = 1 << 30

/**
 * `withData`: the events hold the entries. Otherwise they only say how many there are, of which term and how large, and
 * hold those that tell a configuration.
 */
export function* appendedRuns(entries: readonly Entry[], withData: boolean): Generator<EventBody<'appended'>> {
  const maxBytes = withData ? MAX_EVENT_BYTES : MAX_TOLD_BYTES
  for (let from = 0; from < entries.length; ) {
    const { to, bytes } = endOfRun(entries, from, maxBytes)
    yield run(entries, from, to, bytes, withData)
    from = to
  }
}

/** An event that says of its entries only that they are there, and holds those that tell a configuration. */
export function withoutData(event: EventBody<'appended'>): EventBody<'appended'> {
  return { ...event, entries: configurationsIn(event.entries, 0, event.entries.length) }
}

/** Where the run that begins at `from` ends, and how many bytes its records have. */
function endOfRun(entries: readonly Entry[], from: number, maxBytes: number): { to: number; bytes: number } {
  const term = entries[from]?.term
  let bytes = 0
  let to = from
  for (; to < entries.length; to++) {
    const { data, term: own } = entries[to] as Entry
    const more = bytes + data.length + ENTRY_OVERHEAD_BYTES
    if (to > from && (more > maxBytes || own !== term)) break
    bytes = more
  }
  return { to, bytes }
}

function run(
  all: readonly Entry[],
  from: number,
  to: number,
  recordBytes: number,
  withData: boolean,
): EventBody<'appended'> {
  const count = to - from
  const first = all[from]
  return {
    kind: 'appended',
    firstIndex: first?.index ?? 0,
    count,
    entries: withData ? slice(all, from, to) : configurationsIn(all, from, to),
    term: first?.term ?? 0,
    bytes: recordBytes - count * ENTRY_OVERHEAD_BYTES,
  }
}

function slice(all: readonly Entry[], from: number, to: number): readonly Entry[] {
  return from === 0 && to === all.length ? all : all.slice(from, to)
}

function configurationsIn(all: readonly Entry[], from: number, to: number): readonly Entry[] {
  let found: Entry[] | undefined
  for (let at = from; at < to; at += 1) {
    const entry = all[at]
    if (entry?.type !== 'config') continue
    found ??= []
    found.push(entry)
  }
  return found ?? NONE
}

const NONE: readonly Entry[] = []
