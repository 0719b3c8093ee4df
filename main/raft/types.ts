/**
 * The words that the core and everything around it share. Names follow Figure 2 of the Raft paper.
 *
 * Contract of one step, told once: the caller hands the core one {@link Input} and the time; the core returns
 * {@link Effects}. The caller must then
 *  1. start the {@link Write} (if any) on disk, writes strictly in order of their number, and step
 *     `{ type: 'persisted', write }` when the disk has it;
 *  2. send each {@link Outgoing} whose `afterWrite` is already persisted at once, and the others as soon as that write
 *     is (a vote or an acknowledgement must never overtake the disk; a leader's AppendEntries may, dissertation §10.2.1);
 *  3. apply `committed` entries to the state machine, in order, exactly once per process life;
 *  4. step `{ type: 'deadline' }` when the clock reaches `deadline`.
 */

/** Server identity, 1…65 535. 0 stands for "none" (`votedFor` when no vote was given). */
export type NodeId = number
export type Term = number
/** Log position, from 1 (paper Figure 2). 0 is the position before the first entry. */
export type Index = number
/** Milliseconds on a monotonic clock; only differences mean anything. */
export type Millis = number

export const NONE: NodeId = 0

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader' | 'learner'
export type EntryType = 'noop' | 'command' | 'config'

export interface Entry {
  readonly index: Index
  readonly term: Term
  readonly type: EntryType
  /** Opaque to the core. */
  readonly data: Uint8Array
}

/** What must survive a crash besides the log (paper Figure 2, "Persistent state"). */
export interface HardState {
  readonly currentTerm: Term
  readonly votedFor: NodeId
}

interface Envelope {
  readonly from: NodeId
  readonly to: NodeId
  readonly term: Term
}

/** Paper Figure 2, RequestVote RPC. */
export interface RequestVote extends Envelope {
  readonly type: 'RequestVote'
  readonly lastLogIndex: Index
  readonly lastLogTerm: Term
}
export interface RequestVoteReply extends Envelope {
  readonly type: 'RequestVoteReply'
  readonly voteGranted: boolean
}
/** Paper Figure 2, AppendEntries RPC; without entries it is a heartbeat (§5.2). */
export interface AppendEntries extends Envelope {
  readonly type: 'AppendEntries'
  readonly prevLogIndex: Index
  readonly prevLogTerm: Term
  readonly entries: readonly Entry[]
  readonly leaderCommit: Index
}
export interface AppendEntriesReply extends Envelope {
  readonly type: 'AppendEntriesReply'
  readonly success: boolean
  /** On success: the last index that is known to match the leader's log and is on this node's disk. */
  readonly matchIndex: Index
  /** On refusal: where to try next (§5.3, "the term of the conflicting entry and the first index it stores"). */
  readonly conflictIndex: Index
  readonly conflictTerm: Term
}
export type Message = RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply
export type MessageType = Message['type']

export type Input =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'deadline' }
  /** `id` is the caller's own name for the proposal; it comes back in {@link Effects.proposals}. */
  | { readonly type: 'propose'; readonly id: number; readonly data: Uint8Array }
  | { readonly type: 'persisted'; readonly write: number }

/** One atomic addition to the disk: first truncate, then append, then hard state; durable before `persisted` is stepped. */
export interface Write {
  /** 1, 2, 3… */
  readonly number: number
  /** Remove every entry with index ≥ this first. */
  readonly truncateFrom?: Index
  readonly entries: readonly Entry[]
  readonly hardState?: HardState
}

export interface Outgoing {
  readonly message: Message
  /** Hold until this write is persisted; 0 = send at once. */
  readonly afterWrite: number
}

export type ProposalResult =
  | { readonly id: number; readonly accepted: true; readonly index: Index; readonly term: Term }
  | { readonly id: number; readonly accepted: false; readonly reason: 'not-leader'; readonly leader: NodeId }

export interface Effects {
  readonly messages: readonly Outgoing[]
  readonly write?: Write
  /** Newly known committed entries, in order: apply them. */
  readonly committed: readonly Entry[]
  readonly proposals: readonly ProposalResult[]
  readonly observations: readonly Observation[]
  /** When to step `deadline` next; replaces any earlier one. */
  readonly deadline: Millis
}

export type ProgressState = 'probe' | 'replicate' | 'snapshot'

/** What a leader knows about one peer (Figure 2, "Volatile state on leaders"). Invariant: matchIndex < nextIndex. */
export interface ProgressView {
  readonly peer: NodeId
  readonly matchIndex: Index
  readonly nextIndex: Index
  readonly state: ProgressState
  readonly inFlight: number
}

export const ROLE_REASONS = [
  'restarted',
  'election-timeout',
  'won-election',
  'higher-term',
  'leader-found',
  'lost-quorum',
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
  | { readonly kind: 'committed'; readonly commitIndex: Index; readonly by: 'counted' | 'learned' }
  | { readonly kind: 'progress'; readonly progress: ProgressView }
  /** A timer was set. Only elections; the heartbeat deadline of a leader is not worth an event each time. */
  | { readonly kind: 'timer'; readonly deadline: Millis; readonly duration: Millis }
  | {
      readonly kind: 'remark'
      readonly name: RemarkName
      readonly peer: NodeId
      readonly term: Term
      readonly index: Index
    }

export interface RaftConfig {
  readonly id: NodeId
  /** All voters, this node included. */
  readonly voters: readonly NodeId[]
  /** Election timeouts are drawn uniformly from [electionTimeout, 2 × electionTimeout) (§5.2). */
  readonly electionTimeout: Millis
  readonly heartbeatInterval: Millis
  /** Upper bound of the entry bytes in one AppendEntries; a single larger entry still goes alone. */
  readonly maxBatchBytes: number
  /** AppendEntries that may be under way to one peer in state `replicate`. */
  readonly maxInFlight: number
  /** Uniform in [0, 1); the only source of chance. */
  readonly random: () => number
}

/** What a process finds on its disk when it starts. `entries` begin at index 1 and have no holes. */
export interface Restored {
  readonly hardState: HardState
  readonly entries: readonly Entry[]
}

/** A reading of the whole core, for inspectors and invariants. */
export interface RaftStatus {
  readonly id: NodeId
  readonly role: Role
  readonly leader: NodeId
  readonly currentTerm: Term
  readonly votedFor: NodeId
  readonly firstIndex: Index
  readonly lastIndex: Index
  /** Last index on this node's disk. */
  readonly durableIndex: Index
  readonly commitIndex: Index
  readonly deadline: Millis
  readonly progress: readonly ProgressView[]
}
