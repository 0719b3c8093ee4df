/**
 * Sessions make a retried command take effect once (paper §8): the state machine remembers what each did last. So a
 * session has one call at a time; calls at the same time take different places from this pool.
 */

export interface Slot {
  /** The client's number on the timeline, from 1. */
  readonly number: number
  /** What `open-session` gave; 0 = none is open. */
  session: number
  /** Of the last command in the session. */
  sequence: number
}

const MAX_SLOTS = 65535

export class Slots {
  /** Those with an open session, and those without. */
  readonly #open: Slot[] = []
  readonly #bare: Slot[] = []
  #made = 0

  /** A place for one call, with an open session where possible if it `needsSession`, and rather without if not. */
  take(needsSession: boolean): Slot {
    const free = needsSession ? (this.#open.pop() ?? this.#bare.pop()) : (this.#bare.pop() ?? this.#open.pop())
    return free ?? { number: (this.#made++ % MAX_SLOTS) + 1, session: 0, sequence: 0 }
  }

  giveBack(slot: Slot): void {
    if (slot.session === 0) this.#bare.push(slot)
    else this.#open.push(slot)
  }
}
