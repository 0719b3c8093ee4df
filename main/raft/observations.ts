/** What a core tells about itself: what happened, and why. Nothing follows from it; the timeline is made of it. */
import type { Configuration } from './configuration'
import type { Entry, Index, Millis, NodeId, Role, Term } from './words'

export type ProgressState = 'probe' | 'replicate' | 'snapshot'

/** What a leader knows about one peer (Figure 2, "Volatile state on leaders"). Invariant: matchIndex < nextIndex. */
export interface ProgressView {
  readonly peer: NodeId
  readonly matchIndex: Index
  readonly nextIndex: Index
  readonly state: ProgressState
  /** Messages with entries (or chunks) under way. */
  readonly inFlight: number
}

export const ROLE_REASONS = [
  'restarted',
  'election-timeout',
  'won-election',
  'higher-term',
  'leader-found',
  'lost-quorum',
  'pre-vote-won',
  'told-by-leader',
  'configuration',
  'removed',
] as const
export type RoleReason = (typeof ROLE_REASONS)[number]

/** Things that happened inside the core and that no effect tells: why, in the paper's words. */
export const REMARKS = [
  'election-timeout',
  'vote-granted',
  'vote-refused-stale-term',
  'vote-refused-already-voted',
  'vote-refused-log-behind',
  'vote-received',
  'vote-denied',
  'append-refused-stale-term',
  'append-refused-gap',
  'append-refused-mismatch',
  'append-duplicate',
  'stale-reply-ignored',
  'commit-waits-for-own-term',
  'pre-vote-granted',
  'pre-vote-refused-term',
  'pre-vote-refused-lease',
  'pre-vote-refused-log-behind',
  'pre-vote-received',
  'pre-vote-denied',
  'vote-refused-lease',
  'vote-refused-still-joining',
  'snapshot-refused-stale-term',
  'snapshot-already-covered',
  'read-waits-for-own-term',
  'timeout-now-ignored',
  'election-not-allowed',
  'leader-disconnected',
  'quiesced',
  'woken',
] as const
export type RemarkName = (typeof REMARKS)[number]

export type Observation =
  | {
      readonly kind: 'role'
      readonly role: Role
      readonly term: Term
      readonly leader: NodeId
      readonly reason: RoleReason
    }
  | { readonly kind: 'leader'; readonly leader: NodeId; readonly term: Term }
  | { readonly kind: 'hardState'; readonly currentTerm: Term; readonly votedFor: NodeId }
  | { readonly kind: 'appended'; readonly entries: readonly Entry[] }
  | { readonly kind: 'truncated'; readonly fromIndex: Index }
  | { readonly kind: 'committed'; readonly commitIndex: Index; readonly by: 'counted' | 'learned' | 'snapshot' }
  | { readonly kind: 'progress'; readonly progress: ProgressView }
  /** A timer was set. Only elections; the heartbeat deadline of a leader is not worth an event each time. */
  | { readonly kind: 'timer'; readonly deadline: Millis; readonly duration: Millis }
  /** Which configuration counts for this server now, and why. */
  | {
      readonly kind: 'configuration'
      readonly index: Index
      readonly configuration: Configuration
      readonly standing: 'appended' | 'committed' | 'rolled-back' | 'restored'
    }
  | {
      readonly kind: 'snapshot'
      readonly stage: 'saved' | 'sending' | 'receiving' | 'installed'
      readonly index: Index
      readonly term: Term
      readonly bytes: number
      /** Sending: bytes that the peer has. Receiving: bytes that are here. */
      readonly offset: number
      readonly peer: NodeId
    }
  /** The log begins here now. */
  | { readonly kind: 'compacted'; readonly firstIndex: Index }
  | {
      readonly kind: 'read'
      readonly stage: 'asked' | 'confirmed' | 'refused'
      readonly by: 'index' | 'lease'
      readonly index: Index
      /** The follower that asked, or NONE for this server itself. */
      readonly peer: NodeId
    }
  | {
      readonly kind: 'transfer'
      readonly stage: 'started' | 'told' | 'done' | 'aborted'
      readonly target: NodeId
    }
  | {
      readonly kind: 'remark'
      readonly name: RemarkName
      readonly peer: NodeId
      readonly term: Term
      readonly index: Index
    }
