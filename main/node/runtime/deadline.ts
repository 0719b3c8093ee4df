/** One timer for the core's next deadline, without a new timer for every move of it. */

export class DeadlineTimer {
  readonly #now: () => number
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | undefined
  #firesAt = 0
  #deadline = Number.POSITIVE_INFINITY

  /** `now` and deadlines are milliseconds on one clock. */
  constructor(now: () => number, onDue: () => void) {
    this.#now = now
    this.#onDue = onDue
  }

  /**
   * Calls `onDue` when the clock has reached `deadline`; Infinity = never. A timer that fires too early for a deadline
   * that has moved away is simply set again: deadlines mostly move away, with every heartbeat.
   */
  set(deadline: number): void {
    this.#deadline = deadline
    if (this.#timer === undefined || deadline < this.#firesAt) this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#deadline = Number.POSITIVE_INFINITY
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#deadline === Number.POSITIVE_INFINITY) return
    const wait = Math.max(0, Math.ceil(this.#deadline - this.#now()))
    this.#firesAt = this.#deadline
    this.#timer = setTimeout(() => this.#fired(), wait)
  }

  #fired(): void {
    this.#timer = undefined
    if (this.#now() >= this.#deadline) this.#onDue()
    else this.#arm()
  }
}
