/** The state machine as the loop of a node sees it. Deterministic: it depends on nothing but the entries applied. */
import type { Entry } from '../../raft/types'

export type { LoggedCommand } from '../contract/command'

export type Outcome =
  | { readonly kind: 'done'; readonly found: boolean; readonly value: Uint8Array }
  /** The session is not known (any more). Nothing was done. */
  | { readonly kind: 'expired' }
  /** The session has moved on past this sequence: the command was executed before, its answer is forgotten. */
  | { readonly kind: 'stale' }
  /** The value would have become `given` bytes long, more than MAX_VALUE_BYTES. Nothing was done. */
  | { readonly kind: 'too-large'; readonly given: number }

export interface StateMachine {
  /** Executes an entry once; undefined for one that is no command. Throws Problem 'frame-malformed' for nonsense. */
  apply(entry: Entry): Outcome | undefined
  /** For reads without an entry. */
  get(key: string): Uint8Array | undefined
  readonly sessions: number
  /** Sessions that expired since this was asked last. */
  takeExpired(): number
  /**
   * The whole state as bytes: the same bytes for the same state. The iterator may be consumed later, turn by turn: it gives
   * the state of the moment of the call, whatever is applied meanwhile.
   */
  snapshot(): Iterable<Uint8Array>
  /** Becomes the state that `chunks` tell (cut anywhere). Throws Problem 'snapshot-corrupt' and keeps the old state. */
  restore(chunks: AsyncIterable<Uint8Array>): Promise<void>
}
