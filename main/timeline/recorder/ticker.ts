/**
 * When a recorder orders what it was told: as soon as all that has arrived in this turn of the process is read, and now and
 * then in any case. A timer alone would wake the process up besides the sockets, and being woken costs it more than ordering.
 */

/** Without anything new. */
const EVERY_MILLIS = 30
/** What arrives sooner after a tick waits for the next: that of several reporters comes a little after one another. */
const REST_MILLIS = 10

export class Ticker {
  readonly #tick: (now: number) => void
  readonly #timer: NodeJS.Timeout
  #soon: NodeJS.Immediate | undefined
  #last = Number.NEGATIVE_INFINITY
  #isStopped = false

  /** `tick` is given the time in milliseconds, as `performance.now()` says it. */
  constructor(tick: (now: number) => void) {
    this.#tick = tick
    this.#timer = setInterval(() => this.#ticked(), EVERY_MILLIS)
    this.#timer.unref()
  }

  /** There is something new at `now`. */
  arrived(now: number): void {
    if (this.#isStopped || this.#soon !== undefined || now - this.#last < REST_MILLIS) return
    this.#soon = setImmediate(() => {
      this.#timer.refresh()
      this.#ticked()
    })
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
    clearImmediate(this.#soon)
  }

  #ticked(): void {
    clearImmediate(this.#soon)
    this.#soon = undefined
    this.#last = performance.now()
    this.#tick(this.#last)
  }
}
