/** Latencies, counted in buckets that are 1 % wide: any number of them in a few kilobytes. */

/** Milliseconds. What is shorter counts as this. */
const SMALLEST = 0.01
const WIDTH = Math.log(1.01)
/** Up to 11 hours. */
const BUCKETS = 2220

export class Latencies {
  readonly #counts = new Uint32Array(BUCKETS)
  #count = 0
  #max = 0

  get count(): number {
    return this.#count
  }

  /** Exact; 0 when there are none. */
  get max(): number {
    return this.#max
  }

  add(millis: number): void {
    const bucket = Math.ceil(Math.log(Math.max(millis, SMALLEST) / SMALLEST) / WIDTH)
    const at = Math.min(BUCKETS - 1, bucket)
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#count++
    this.#max = Math.max(this.#max, millis)
  }

  /**
   * The smallest latency that so many percent of them do not exceed, at most 1 % too high; 0 when there are none. Several at
   * once, ascending.
   */
  percentiles(percents: readonly number[]): number[] {
    let [seen, bucket] = [0, -1]
    return percents.map((percent) => {
      if (this.#count === 0) return 0
      const rank = Math.max(1, Math.ceil((percent / 100) * this.#count))
      while (seen < rank && bucket < BUCKETS - 1) seen += this.#counts[++bucket] ?? 0
      return Math.min(this.#max, SMALLEST * Math.exp(bucket * WIDTH))
    })
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#max = 0
  }
}
