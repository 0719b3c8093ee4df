/** When the loop of a node comes round to its next turn, and by which moment that turn goes. */
import type { Clock } from '../clock'

/** With less than this between two looks at the clock there was no stop of the cluster that matters. */
const STOP_NANOS = 10e6

export class Rounds {
  readonly #clock: Pick<Clock, 'now'>
  readonly #turn: (now: number) => void
  #isScheduled = false
  /** When the clock was looked at last. */
  #lastLook = 0

  /** `turn` is called with what the clock said last, in nanoseconds. */
  constructor(clock: Pick<Clock, 'now'>, turn: (now: number) => void) {
    this.#clock = clock
    this.#turn = turn
  }

  /** There is to be a turn: after the sockets were read, so that a heartbeat that is there already is heard before the election timer is. */
  schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#comeRound())
  }

  /**
   * A turn that comes long after the last look at the clock may come after a stop of the cluster. What is said of that has arrived,
   * but the sockets may have been read before the stop: they are read again until two looks lie close together. The turn goes by
   * the last of them, for the process may be stopped between a look and what is done with it.
   */
  #comeRound(): void {
    const now = this.#clock.now()
    const passed = now - this.#lastLook
    this.#lastLook = now
    if (passed >= STOP_NANOS) {
      setImmediate(() => this.#comeRound())
      return
    }
    this.#isScheduled = false
    this.#turn(now)
  }
}
