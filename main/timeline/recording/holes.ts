/**
 * A log of which only the end is looked at need not be read whole: the rest of it is this one entry, again and again. Who
 * asks what is in it is told that it is not known ({@link Hole.wasRead}), and the log is read whole then.
 */
import type { Entry } from '../../raft/types'

/** No log has an entry there: it is equal to none. */
const NOWHERE = -1
const NO_BYTES = new Uint8Array(0)

export class Hole implements Entry {
  readonly index = NOWHERE
  readonly term = 0
  #wasRead = false

  get type(): Entry['type'] {
    this.#wasRead = true
    return 'noop'
  }

  get data(): Uint8Array {
    this.#wasRead = true
    return NO_BYTES
  }

  /** Something was made of what is not known. */
  get wasRead(): boolean {
    return this.#wasRead
  }
}
