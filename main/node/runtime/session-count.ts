/** Tells how many sessions the state machine remembers: when that changed, and not for every one of many. */
import type { StateMachine } from '../kv/api'
import type { Journal } from '../telemetry/journal'

const INTERVAL_NANOS = 250e6

export class SessionCount {
  readonly #machine: StateMachine
  readonly #journal: Journal
  #open = 0
  #expired = 0
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(machine: StateMachine, journal: Journal) {
    this.#machine = machine
    this.#journal = journal
  }

  /** To be called now and then; `t` is now. */
  tell(t: number): void {
    this.#expired += this.#machine.takeExpired()
    const open = this.#machine.sessions
    if ((open === this.#open && this.#expired === 0) || t - this.#toldAt < INTERVAL_NANOS) return
    this.#journal.tell({ kind: 'sessions', open, expired: this.#expired })
    this.#open = open
    this.#expired = 0
    this.#toldAt = t
  }
}
