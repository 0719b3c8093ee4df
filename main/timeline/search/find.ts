/** Finds events anywhere on a timeline, a stretch at a time: whoever asks sees how far it is, and stops by not asking on. */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'

/** Events read at once on the way back. */
const CHUNK = 8_192

export type Test = (event: TimelineEvent) => boolean

export interface Found {
  readonly event: TimelineEvent | null
  /** From where the search goes on in the same direction; null when there is nothing further, or something was found. */
  readonly next: number | null
}

/** The first event at `from` or after it, or the last one before it, among `budget` events. */
export async function findEvent(
  source: TimelineSource,
  test: Test,
  from: number,
  by: 1 | -1,
  budget: number,
  signal?: AbortSignal,
): Promise<Found> {
  return by > 0 ? onward(source, test, from, budget, signal) : back(source, test, from, budget, signal)
}

async function onward(
  source: TimelineSource,
  test: Test,
  from: number,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const toSeq = from + budget
  for await (const batch of source.scan({ fromSeq: from, toSeq }, signal)) {
    const event = batch.find(test)
    if (event !== undefined) return { event, next: null }
  }
  return { event: null, next: toSeq < endOf(source) ? toSeq : null }
}

async function back(
  source: TimelineSource,
  test: Test,
  from: number,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const lowest = Math.max(0, from - budget)
  for (let toSeq = from; toSeq > lowest; toSeq -= CHUNK) {
    signal?.throwIfAborted()
    const events = await source.events({ fromSeq: Math.max(lowest, toSeq - CHUNK), toSeq }, CHUNK)
    const event = events.findLast(test)
    if (event !== undefined) return { event, next: null }
  }
  return { event: null, next: lowest > 0 ? lowest : null }
}

export interface Counted {
  readonly matches: number
  /** Where counting goes on; null when it has come to the end. */
  readonly next: number | null
}

/** How many of the events from `fromSeq` up to `toSeq`, at most `budget` of them. */
export async function countEvents(
  source: TimelineSource,
  test: Test,
  fromSeq: number,
  toSeq: number,
  budget: number,
  signal?: AbortSignal,
): Promise<Counted> {
  const end = Math.min(toSeq, fromSeq + budget)
  let matches = 0
  for await (const batch of source.scan({ fromSeq, toSeq: end }, signal)) {
    for (const event of batch) if (test(event)) matches++
  }
  return { matches, next: end < toSeq && end < endOf(source) ? end : null }
}

/** `seq`s end here, at least; a damaged recording has fewer events than its last `seq` says, a growing one more. */
function endOf(source: TimelineSource): number {
  return source.info().events
}
