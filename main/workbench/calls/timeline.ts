import { type CallInput, LOG_TAIL } from '../../../preload/contract'
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { EventRange, TimelineSource } from '../../timeline/api'
import type { ClusterState } from '../../timeline/state'
import { eventView } from '../../timeline/views/event'
import { entriesOf, momentView } from '../views/moment'
import type { Calls, ReadingRooms } from './rooms'

type Names = 'timeline.info' | 'timeline.state' | 'timeline.events' | 'timeline.entries'

/** Entries that one `timeline.entries` answers at most. */
const MAX_ENTRIES = 1_000

export function timelineCalls({ session, signal }: ReadingRooms): Calls<Names> {
  const stateAt = async (source: TimelineSource, seq: number | undefined, tail?: number): Promise<ClusterState> =>
    source.stateAt(seq ?? source.info().events, signal, tail)
  return {
    'timeline.info': async ({ source }) => session.timeline(source).info(),
    'timeline.state': async ({ source, seq, t }) => {
      const timeline = session.timeline(source)
      const at = seq ?? (t === undefined ? undefined : await timeline.seqAt(t))
      return momentView(await stateAt(timeline, at, LOG_TAIL))
    },
    'timeline.events': async ({ source, limit, kinds, ...range }) => {
      const timeline = session.timeline(source)
      const events = await (kinds === undefined
        ? timeline.events(rangeOf(range), limit)
        : eventsOf(timeline, rangeOf(range), new Set(kinds), limit, signal))
      return events.map(eventView)
    },
    'timeline.entries': async ({ source, node, from, to, seq }) => {
      if (to - from >= MAX_ENTRIES) {
        throw new Problem('bad-input', { where: 'timeline.entries', reason: `at most ${MAX_ENTRIES} entries at once` })
      }
      const timeline = session.timeline(source)
      const state = source === 'live' && seq === undefined ? session.recorder.state : await stateAt(timeline, seq)
      const found = state.nodes.get(node)
      if (!found) throw new Problem('node-unknown', { node: String(node), known: [...state.nodes.keys()].join(', ') })
      return entriesOf(found, from, to)
    },
  }
}

/** The first `limit` events of these kinds. */
async function eventsOf(
  timeline: TimelineSource,
  range: EventRange,
  kinds: ReadonlySet<EventKind>,
  limit: number,
  signal: AbortSignal,
): Promise<readonly TimelineEvent[]> {
  const found: TimelineEvent[] = []
  for await (const batch of timeline.scan(range, signal, kinds)) {
    for (const event of batch) found.push(event)
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

/** Without the fields that were not given: to the timeline, a missing bound means unbounded. */
function rangeOf(given: Omit<CallInput<'timeline.events'>, 'source' | 'limit' | 'kinds'>): EventRange {
  return Object.fromEntries(Object.entries(given).filter(([, bound]) => bound !== undefined))
}
