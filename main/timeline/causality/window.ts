/** Reads a stretch of a timeline around an event, and more of it when it was too short. */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'

/** How many events the first reading has. */
const FIRST = 4_096
/** A reporter that is late takes a place behind what it caused: so many places are looked at beyond. */
export const LATE = 512

export interface Window {
  /** Consecutive by `seq`, except where a recording is damaged. */
  readonly events: readonly TimelineEvent[]
  /** There is nothing before, or after, that could matter: the timeline ends there, or the span does. */
  readonly isWhole: boolean
}

export interface Reach {
  /** Nanoseconds from the event that is asked about; left out = all. */
  readonly span?: number
  /** Events that are read at most. */
  readonly most: number
  /** Events that are read at first; left out = few. */
  readonly first?: number
  readonly signal?: AbortSignal
}

/** Ever larger windows that end at (or begin with) an event, until one is whole or as large as may be. */
export async function* windows(
  source: TimelineSource,
  seq: number,
  direction: 'past' | 'future',
  { span = Number.POSITIVE_INFINITY, most, first = FIRST, signal }: Reach,
): AsyncGenerator<Window> {
  const [origin] = await source.events({ fromSeq: seq, toSeq: seq + 1 }, 1)
  if (origin === undefined) return
  for (let size = Math.min(first, most); ; size = Math.min(size * 4, most)) {
    signal?.throwIfAborted()
    const range =
      direction === 'past'
        ? { fromSeq: Math.max(0, seq - size), toSeq: seq + 1 + LATE, fromT: origin.t - span }
        : { fromSeq: Math.max(0, seq - LATE), toSeq: seq + 1 + size, toT: origin.t + span }
    const events: TimelineEvent[] = []
    for await (const batch of source.scan(range, signal)) for (const event of batch) events.push(event)
    const edge = direction === 'past' ? events[0] : events.at(-1)
    const reached =
      direction === 'past'
        ? range.fromSeq === 0 || (edge !== undefined && edge.seq > range.fromSeq)
        : edge === undefined || edge.seq < range.toSeq - 1
    yield { events, isWhole: reached }
    if (reached || size >= most) return
  }
}
