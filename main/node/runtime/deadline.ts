/** One timer for what is to be done next on some clock, without a new timer for every move of it. */

export class DeadlineTimer {
  readonly #wait: (deadline: number) => number
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | undefined
  #firesAt = 0
  #deadline = Number.POSITIVE_INFINITY

  /** `wait`: milliseconds from now until the clock says `deadline`; not above 0: it does. Infinity: it never will by itself. */
  constructor(wait: (deadline: number) => number, onDue: () => void) {
    this.#wait = wait
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

  /** The clock goes otherwise from now on. */
  reset(): void {
    this.#arm()
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
    const wait = this.#wait(this.#deadline)
    if (wait === Number.POSITIVE_INFINITY) return
    this.#firesAt = this.#deadline
    this.#timer = setTimeout(() => this.#fired(), Math.max(0, Math.ceil(wait)))
  }

  #fired(): void {
    this.#timer = undefined
    if (this.#wait(this.#deadline) <= 0) this.#onDue()
    else this.#arm()
  }
}
