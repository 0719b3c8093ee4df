/** What a server remembers of linearizable reads; the rules stand in `reads.ts`. */
import type { Index, Millis, NodeId } from './types'

/** A read on the leader, its own or a follower's, that waits. */
export interface WaitingRead {
  /** Who asked: NONE = this server's own caller. */
  readonly peer: NodeId
  /** The caller's id, or the follower's context. */
  readonly id: number
  readonly by: 'index' | 'lease'
  /** commitIndex when it was asked; undefined before the leader has committed in its term. */
  index: Index | undefined
  /** The round that must be answered by a majority; undefined until one begins. */
  round: number | undefined
}

/** A read that this follower has asked the leader about. */
export interface ForwardedRead {
  readonly id: number
  sentAt: Millis
}

export interface Reads {
  /** Leader: the latest round of heartbeats. */
  round: number
  /** Leader: when each round that is not answered by a majority yet began, and the last one that is. Oldest first. */
  starts: { readonly round: number; readonly at: Millis }[]
  /** Leader: oldest first. */
  waiting: WaitingRead[]
  /** Leader: TimeoutNow was sent in this term, so another may be elected while followers still hear this one. */
  leaseIsVoid: boolean
  /** Follower: by context. */
  readonly forwarded: Map<number, ForwardedRead>
  /** Follower: the last context that was used; 0 = none yet. */
  context: number
}

/** No round has begun, and nobody waits. */
export function readsOf(): Reads {
  return { round: 0, starts: [], waiting: [], leaseIsVoid: false, forwarded: new Map(), context: 0 }
}
