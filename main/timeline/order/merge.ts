/**
 * Makes one order out of what many reporters say. Each reporter speaks in its own order and, with its watermark,
 * promises to say nothing earlier any more; what is earlier than everybody's promise can be released in the order of `t`.
 *
 * Nobody holds the others for long: a reporter that was not heard for `silence` does not count, and nothing waits
 * longer than `patience`. What such a reporter says later is late: it keeps its `t` and takes a later place.
 *
 * Pure: time comes in as an argument. The same calls always give the same order.
 */
import type { ReportedEvent } from '../../node/contract/events'

export interface MergeRule {
  /** Milliseconds without a word after which a reporter does not hold back others. */
  readonly silence: number
  /** Milliseconds after which an event is released whatever the others do. */
  readonly patience: number
}

export const MERGE_RULE: MergeRule = { silence: 150, patience: 300 }

interface Reporter {
  readonly id: number
  /** What it said, and of each event two numbers: there are many of them, and none gets an object of its own. */
  events: ReportedEvent[]
  /** Its `t`, or that of an earlier event of this reporter if that is greater: the reporter's own order stands. */
  keys: number[]
  arrived: number[]
  /** Place of the first one that still waits. */
  next: number
  key: number
  /** Nothing with a smaller `t` will come; Infinity: nothing will come at all. */
  mark: number
  heard: number
}

export class Merge {
  readonly #rule: MergeRule
  readonly #reporters = new Map<number, Reporter>()

  /** `reporters` are waited for from the first moment on, as if heard at `now`. */
  constructor(rule: MergeRule, reporters: readonly number[], now: number) {
    this.#rule = rule
    for (const id of reporters) this.#reporter(id, now)
  }

  /** Events that were taken and not yet released. */
  get held(): number {
    let held = 0
    for (const { events, next } of this.#reporters.values()) held += events.length - next
    return held
  }

  /** Takes events; those of one reporter in its order. `now` in milliseconds never goes back. */
  push(events: readonly ReportedEvent[], now: number): void {
    for (const event of events) {
      const reporter = this.#reporter(event.node, now)
      // A new life begins on a clean slate, also for a reporter that had said its last word.
      const fresh = event.kind === 'started' || reporter.mark === Number.POSITIVE_INFINITY
      reporter.key = fresh ? Math.max(event.t, reporter.keys.at(-1) ?? event.t) : Math.max(event.t, reporter.key)
      reporter.mark = fresh ? event.t : Math.max(event.t, reporter.mark)
      reporter.heard = now
      reporter.events.push(event)
      reporter.keys.push(reporter.key)
      reporter.arrived.push(now)
    }
  }

  /** The reporter has nothing earlier than `t` left to say; Infinity: it will not speak again in this life. */
  watermark(id: number, t: number, now: number): void {
    const reporter = this.#reporter(id, now)
    reporter.mark = reporter.mark === Number.POSITIVE_INFINITY ? t : Math.max(t, reporter.mark)
    reporter.heard = now
  }

  /** What can be released at `now`, in order. */
  release(now: number): ReportedEvent[] {
    return this.#upTo(this.orderedUpTo(now))
  }

  /** Everything that is left, in order. */
  releaseAll(): ReportedEvent[] {
    return this.#upTo(Number.POSITIVE_INFINITY)
  }

  #reporter(id: number, now: number): Reporter {
    const known = this.#reporters.get(id)
    if (known !== undefined) return known
    const none = Number.NEGATIVE_INFINITY
    const waiting = { events: [], keys: [], arrived: [], next: 0 }
    const reporter: Reporter = { id, ...waiting, key: none, mark: none, heard: now }
    this.#reporters.set(id, reporter)
    return reporter
  }

  /** Everything with a `t` up to here has its place, or comes late. */
  orderedUpTo(now: number): number {
    let promised = Number.POSITIVE_INFINITY
    let overdue = Number.NEGATIVE_INFINITY
    for (const reporter of this.#reporters.values()) {
      if (now - reporter.heard <= this.#rule.silence) promised = Math.min(promised, reporter.mark)
      const { keys, arrived } = reporter
      for (let place = reporter.next; place < keys.length; place++) {
        if (now - (arrived[place] as number) < this.#rule.patience) break
        overdue = Math.max(overdue, keys[place] as number)
      }
    }
    return Math.max(promised, overdue)
  }

  /** By key; equal keys by reporter, so that the order is one and the same whatever came first. */
  #upTo(bound: number): ReportedEvent[] {
    const out: ReportedEvent[] = []
    const speaking = [...this.#reporters.values()].filter((reporter) => keyOf(reporter) <= bound)
    speaking.sort((a, b) => a.id - b.id)
    for (let first = firstOf(speaking, bound); first !== undefined; first = firstOf(speaking, bound)) {
      out.push(first.events[first.next] as ReportedEvent)
      first.next++
    }
    for (const reporter of speaking) forget(reporter)
    return out
  }
}

/** Of the first event that waits; NaN, which is neither more nor less than anything, when none does. */
function keyOf({ keys, next }: Reporter): number {
  return next < keys.length ? (keys[next] as number) : Number.NaN
}

/** Whose turn it is; undefined: nobody has anything up to `bound`. Of equal keys that of the first of `speaking`. */
function firstOf(speaking: readonly Reporter[], bound: number): Reporter | undefined {
  let first: Reporter | undefined
  let least = bound
  for (const reporter of speaking) {
    const key = keyOf(reporter)
    if (key < least || (key === least && first === undefined)) {
      first = reporter
      least = key
    }
  }
  return first
}

/** Lets go of what was released, when that is all or much: not at every call, which would copy the rest each time. */
function forget(reporter: Reporter): void {
  const { events, keys, arrived, next } = reporter
  if (next < events.length && next < 1024) return
  reporter.events = events.slice(next)
  reporter.keys = keys.slice(next)
  reporter.arrived = arrived.slice(next)
  reporter.next = 0
}
