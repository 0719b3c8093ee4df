/** What a workload's clients see, summed up by interval and over the whole run. */
import type { CallResult } from '../api'
import { Latencies } from './latency'
import type { LoadPoint, WorkloadTotals } from './types'

const PERCENTS = [50, 95, 99] as const

/** Everything but when, and how many are waiting. */
type Sums = Pick<LoadPoint, 'started' | 'ok' | 'failed' | 'unknown' | 'p50' | 'p95' | 'p99' | 'max'>

class Counters {
  readonly latencies = new Latencies()
  started = 0
  ok = 0
  failed = 0
  unknown = 0

  sums(): Sums {
    const [p50 = 0, p95 = 0, p99 = 0] = this.latencies.percentiles(PERCENTS)
    const { started, ok, failed, unknown } = this
    return { started, ok, failed, unknown, p50, p95, p99, max: this.latencies.max }
  }

  clear(): void {
    this.latencies.clear()
    this.started = this.ok = this.failed = this.unknown = 0
  }
}

export class Statistics {
  readonly #interval = new Counters()
  readonly #whole = new Counters()
  readonly #problems = new Map<string, number>()
  #waiting = 0

  /** Calls without an answer. */
  get waiting(): number {
    return this.#waiting
  }

  started(): void {
    this.#interval.started++
    this.#whole.started++
    this.#waiting++
  }

  /** `millis`: the latency, which may be longer than the call itself took. */
  answered({ outcome, problem }: Pick<CallResult, 'outcome' | 'problem'>, millis: number): void {
    this.#waiting--
    for (const counters of [this.#interval, this.#whole]) {
      counters[outcome]++
      if (outcome === 'ok') counters.latencies.add(millis)
    }
    if (outcome !== 'ok') this.#count(problem)
  }

  /** A call that was due and never began. */
  refused(problem: string): void {
    this.#interval.failed++
    this.#whole.failed++
    this.#count(problem)
  }

  /** The interval that ends now; another one begins. */
  take(workload: number, t: number, millis: number): LoadPoint {
    const point = { workload, t, millis, ...this.#interval.sums(), waiting: this.#waiting }
    this.#interval.clear()
    return point
  }

  totals(millis: number): WorkloadTotals {
    return { millis, ...this.#whole.sums(), waiting: this.#waiting, problems: Object.fromEntries(this.#problems) }
  }

  #count(problem: string): void {
    this.#problems.set(problem, (this.#problems.get(problem) ?? 0) + 1)
  }
}
