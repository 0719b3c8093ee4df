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

interface Waiting {
  readonly event: ReportedEvent
  /** Its `t`, or that of an earlier event of this reporter if that is greater: the reporter's own order stands. */
  readonly key: number
  readonly arrived: number
}

interface Reporter {
  readonly id: number
  queue: Waiting[]
  /** Place of the first one in `queue` that still waits. */
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
    for (const { queue, next } of this.#reporters.values()) held += queue.length - next
    return held
  }

  /** Takes events; those of one reporter in its order. `now` in milliseconds never goes back. */
  push(events: readonly ReportedEvent[], now: number): void {
    for (const event of events) {
      const reporter = this.#reporter(event.node, now)
      // A new life begins on a clean slate, also for a reporter that had said its last word.
      const fresh = event.kind === 'started' || reporter.mark === Number.POSITIVE_INFINITY
      reporter.key = fresh ? Math.max(event.t, reporter.queue.at(-1)?.key ?? event.t) : Math.max(event.t, reporter.key)
      reporter.mark = fresh ? event.t : Math.max(event.t, reporter.mark)
      reporter.heard = now
      reporter.queue.push({ event, key: reporter.key, arrived: now })
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
    const reporter: Reporter = { id, queue: [], next: 0, key: none, mark: none, heard: now }
    this.#reporters.set(id, reporter)
    return reporter
  }

  /** Everything with a `t` up to here has its place, or comes late. */
  orderedUpTo(now: number): number {
    let promised = Number.POSITIVE_INFINITY
    let overdue = Number.NEGATIVE_INFINITY
    for (const reporter of this.#reporters.values()) {
      if (now - reporter.heard <= this.#rule.silence) promised = Math.min(promised, reporter.mark)
      for (let place = reporter.next; place < reporter.queue.length; place++) {
        const waiting = reporter.queue[place]
        if (waiting === undefined || now - waiting.arrived < this.#rule.patience) break
        overdue = Math.max(overdue, waiting.key)
      }
    }
    return Math.max(promised, overdue)
  }

  /** By key; equal keys by reporter, so that the order is one and the same whatever came first. */
  #upTo(bound: number): ReportedEvent[] {
    const out: Waiting[] = []
    const from: Reporter[] = []
    for (const reporter of this.#reporters.values()) {
      const { queue } = reporter
      const start = reporter.next
      while ((queue[reporter.next]?.key ?? Number.NaN) <= bound) reporter.next++
      if (reporter.next === start) continue
      from.push(reporter)
      for (let place = start; place < reporter.next; place++) out.push(queue[place] as Waiting)
    }
    // The sort is stable: what one reporter said with equal keys stays in its order.
    if (from.length > 1) out.sort((a, b) => a.key - b.key || a.event.node - b.event.node)
    for (const reporter of from) {
      if (reporter.next < reporter.queue.length && reporter.next < 1024) continue
      reporter.queue = reporter.queue.slice(reporter.next)
      reporter.next = 0
    }
    return out.map((waiting) => waiting.event)
  }
}
