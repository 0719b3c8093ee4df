/**
 * Sessions make a retried command take effect once (paper §8): the state machine remembers each session's last sequence
 * number. So a session has one call at a time; calls at the same time take different sessions from this pool.
 */
import { randomBytes } from 'node:crypto'

export interface Session {
  /** The client's number on the timeline, from 1. */
  readonly slot: number
  /** The session as nodes know it: 53 random bits. */
  readonly client: number
  /** The number of the last call. */
  sequence: number
}

const SLOTS = 65535

function random53(): number {
  const bytes = randomBytes(8)
  return Number(bytes.readBigUInt64LE() & ((1n << 53n) - 1n))
}

export class SessionPool {
  readonly #free: Session[] = []
  #made = 0

  /** A session for one call; its `sequence` is already that of the call. */
  take(): Session {
    const session = this.#free.pop() ?? { slot: (this.#made++ % SLOTS) + 1, client: random53(), sequence: 0 }
    session.sequence++
    return session
  }

  /**
   * After a call. One whose outcome is unknown ends its session: the command may still take effect at any time, so
   * nothing may follow it as if it were done.
   */
  giveBack(session: Session, outcome: 'ok' | 'failed' | 'unknown'): void {
    if (outcome !== 'unknown') this.#free.push(session)
  }
}
