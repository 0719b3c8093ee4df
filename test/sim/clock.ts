/** One node's monotonic clock: it runs at its own rate, and may leap ahead. It never goes back. */
export class SimClock {
  readonly rate: number
  #offset: number

  constructor(rate: number, offset: number) {
    this.rate = rate
    this.#offset = offset
  }

  local(time: number): number {
    return this.#offset + time * this.rate
  }

  /** When the clock will show `local`, a little after rather than before. */
  global(local: number): number {
    return (local - this.#offset) / this.rate + 1e-6
  }

  leap(duration: number): void {
    this.#offset += duration
  }
}
