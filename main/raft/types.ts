/**
 * The words that the core and everything around it share. Names follow Figure 2 of the Raft paper.
 *
 * Contract of one step, told once: the caller hands the core one {@link Input} and the time; the core returns
 * {@link Effects}. The caller must then, in this order,
 *  1. start the {@link Write} (if any) on disk, writes strictly in order of their number, and step
 *     `{ type: 'persisted', write }` when the disk has it;
 *  2. send each {@link Outgoing} whose `afterWrite` is already persisted at once, and the others as soon as that write
 *     is (a vote or an acknowledgement must never overtake the disk; a leader's AppendEntries may, dissertation §10.2.1).
 *     An InstallSnapshot leaves the core without its bytes: the caller reads them from the snapshot and fills them in;
 *  3. `restore` the state machine from that snapshot (if any), then apply the `committed` entries to it, in order,
 *     exactly once per process life;
 *  4. store the `chunk` (if any) of a snapshot that is being received, and step `chunk-stored` or `snapshot-received`;
 *  5. step `{ type: 'deadline' }` when the clock reaches `deadline`.
 */
import type { Configuration, MembershipChange } from './configuration'
import type { Message } from './messages'
import type { Observation, ProgressView } from './observations'
import type { Entry, EntryType, HardState, Index, Millis, NodeId, Position, Role, SnapshotMeta, Term } from './words'

export type { Configuration, MemberRole, MembershipChange } from './configuration'
export * from './messages'
export * from './observations'
export * from './words'

/** `id` is the caller's own name for what it asks; it comes back in {@link Effects}. */
export interface Proposal {
  readonly id: number
  readonly data: Uint8Array
}

/**
 * How a membership change is made: one server at a time (dissertation §4.1), through joint consensus (§6), or `auto`:
 * the first where it is enough.
 */
export type ChangeMode = 'auto' | 'single' | 'joint'

export type Input =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'deadline' }
  | { readonly type: 'propose'; readonly proposals: readonly Proposal[] }
  /** A linearizable read without an entry (dissertation §6.4); `lease` falls back to `index` where no lease holds. */
  | { readonly type: 'read'; readonly id: number; readonly by: 'index' | 'lease' }
  | {
      readonly type: 'change'
      readonly id: number
      readonly changes: readonly MembershipChange[]
      readonly mode: ChangeMode
    }
  /** Hand leadership to `target`, or with NONE to the best peer. */
  | { readonly type: 'transfer'; readonly id: number; readonly target: NodeId }
  | { readonly type: 'persisted'; readonly write: number }
  /** The state machine's own snapshot is durable; `configuration` and `term` came from {@link Raft.describe}. */
  | { readonly type: 'snapshot-saved'; readonly snapshot: SnapshotMeta }
  /** Bytes 0…`offset` of a snapshot that comes from `from` are stored, and it is not complete. */
  | { readonly type: 'chunk-stored'; readonly from: NodeId; readonly snapshot: SnapshotMeta; readonly offset: number }
  /** All of it is stored, durable, and its checksum is right. */
  | { readonly type: 'snapshot-received'; readonly from: NodeId; readonly snapshot: SnapshotMeta }
  /** The connection to `peer` broke: a hint, never a proof. */
  | { readonly type: 'unreachable'; readonly peer: NodeId }
  /** A connection to `peer` opened: what was sent to it before was lost. */
  | { readonly type: 'reachable'; readonly peer: NodeId }
  /** Somebody needs the cluster: end quiescence. */
  | { readonly type: 'wake' }

/**
 * One atomic change of the disk: first install, then truncate, then append, then hard state, then forget; durable before
 * `persisted` is stepped.
 */
export interface Write {
  /** 1, 2, 3… */
  readonly number: number
  /**
   * The received snapshot (durable already) becomes the node's state: the log begins after it. Entries behind it stay
   * when `keepsLog`, because they continue it; otherwise all go (§7).
   */
  readonly install?: { readonly snapshot: SnapshotMeta; readonly keepsLog: boolean }
  /** Remove every entry with index ≥ this first. */
  readonly truncateFrom?: Index
  readonly entries: readonly Entry[]
  readonly hardState?: HardState
  /** Entries up to this position are in a durable snapshot and may go. */
  readonly compactTo?: Position
}

export interface Outgoing {
  readonly message: Message
  /** Hold until this write is persisted; 0 = send at once. */
  readonly afterWrite: number
}

export type ProposalRefusal = 'not-leader' | 'transferring' | 'uncommitted-limit'
export type ProposalResult =
  | { readonly id: number; readonly accepted: true; readonly index: Index; readonly term: Term }
  | { readonly id: number; readonly accepted: false; readonly reason: ProposalRefusal; readonly leader: NodeId }

/** `ok`: answer when the state machine has applied `index`. Otherwise nothing was read: ask `leader` or again. */
export type ReadResult =
  | { readonly id: number; readonly ok: true; readonly index: Index }
  | {
      readonly id: number
      readonly ok: false
      readonly reason: 'no-leader' | 'leader-changed'
      readonly leader: NodeId
    }

export const CHANGE_REFUSALS = [
  'not-leader',
  /** Another change is not committed yet (§6), or its joint configuration has not been left. */
  'change-in-progress',
  /** This leader has committed nothing in its term yet (the correction of 2015). */
  'no-commit-in-term',
  'transferring',
  'unknown-node',
  'duplicate-node',
  'already-so',
  /** Single-server change: more than one vote would change hands. */
  'too-many-changes',
  'no-voters',
  /** A witness stays one until it is removed, and only a newcomer becomes one. */
  'witness-fixed',
  /** A node that would vote has not caught up with the log: let it learn first (dissertation §4.2.1). */
  'not-caught-up',
  /** The new configuration's majority could not be reached now. */
  'would-lose-majority',
  /** The leader was replaced while the change was under way; it may or may not take effect. */
  'leadership-lost',
] as const
export type ChangeRefusal = (typeof CHANGE_REFUSALS)[number]

export const TRANSFER_REFUSALS = [
  'not-leader',
  'unknown-node',
  'already-leader',
  'not-a-voter',
  'witness',
  'target-unreachable',
  'target-behind',
  'transferring',
  /** The target did not take over within an election timeout; the old leader leads on. */
  'timed-out',
  /** The leader was replaced while it handed over, and not by the target. */
  'leadership-lost',
] as const
export type TransferRefusal = (typeof TRANSFER_REFUSALS)[number]

/** How a change (`index`: of its last configuration) or a transfer (`index`: 0) ended. */
export type RequestResult =
  | { readonly id: number; readonly ok: true; readonly index: Index }
  | {
      readonly id: number
      readonly ok: false
      readonly reason: ChangeRefusal | TransferRefusal
      /** Whom it is about, or NONE. */
      readonly node: NodeId
      readonly leader: NodeId
    }

/** Bytes of a snapshot that is being received. */
export interface SnapshotChunk {
  readonly from: NodeId
  readonly snapshot: SnapshotMeta
  readonly offset: number
  readonly data: Uint8Array
  readonly done: boolean
}

export interface Effects {
  readonly messages: readonly Outgoing[]
  readonly write?: Write
  /** The state machine becomes this snapshot, before `committed` is applied. */
  readonly restore?: SnapshotMeta
  /** Newly known committed entries, in order: apply them. */
  readonly committed: readonly Entry[]
  readonly chunk?: SnapshotChunk
  readonly proposals: readonly ProposalResult[]
  readonly reads: readonly ReadResult[]
  readonly requests: readonly RequestResult[]
  readonly observations: readonly Observation[]
  /** When to step `deadline` next; replaces any earlier one. Infinity while quiescent. */
  readonly deadline: Millis
}

/** What can be switched off, to show what it is for. */
export interface RaftFeatures {
  /** Ask before standing for election (dissertation §9.6). */
  readonly preVote: boolean
  /** A leader without contact to a majority steps down; nobody votes while a leader is heard (§6.2, §4.2.3). */
  readonly checkQuorum: boolean
  /** Answer `lease` reads from the clock (dissertation §6.4.1). Needs checkQuorum. */
  readonly leaseReads: boolean
  /** Stop heartbeats when there is nothing to say. */
  readonly quiescence: boolean
  /**
   * Take a broken connection to the leader for its silence, instead of waiting for the election timer. Without effect while
   * leaseReads is on, because a lease rests on that wait.
   */
  readonly disconnectHint: boolean
  /** The leader sends entries while its own disk writes them (dissertation §10.2.1). */
  readonly parallelWrite: boolean
  /** Skip a whole conflicting term at a time (§5.3). */
  readonly fastBacktracking: boolean
  /** Refuse a new voter that has not caught up (dissertation §4.2.1). */
  readonly catchUpCheck: boolean
}

export interface RaftConfig extends RaftFeatures {
  readonly id: NodeId
  /** The configuration at index 0: all first members agree on it. Empty for a server that joins later. */
  readonly bootstrap: Configuration
  /** Election timeouts are drawn uniformly from [electionTimeout, 2 × electionTimeout) (§5.2). */
  readonly electionTimeout: Millis
  readonly heartbeatInterval: Millis
  /** Upper bound of the entry bytes in one AppendEntries; a single larger entry still goes alone. */
  readonly maxBatchBytes: number
  /** AppendEntries that may be under way to one peer in state `replicate`; 1 = no pipelining. */
  readonly maxInFlight: number
  /** Entry bytes that may be under way to one peer in state `replicate`. */
  readonly maxInFlightBytes: number
  /** Entry bytes that may wait for a majority; proposals beyond are refused. A single larger one is taken alone. */
  readonly maxUncommittedBytes: number
  /** Entries that stay in the log behind a snapshot, for followers that are a little late. */
  readonly trailingEntries: number
  /** Entries that a learner may lack when it becomes a voter. */
  readonly maxCatchUpLag: number
  /**
   * Who should lead: a higher number stands earlier and is handed leadership when it has caught up; 0 never stands.
   * A server that is not named has 1.
   */
  readonly priorities: ReadonlyMap<NodeId, number>
  /**
   * For a server that was a member before and has lost its disk: where the log said that it was removed. It may have promised
   * things that it has forgotten, so it takes part in no election before its log reaches there again, and believes no
   * leader of an earlier term.
   */
  readonly joinsAfter?: Position
  /** Uniform in [0, 1); the only source of chance. */
  readonly random: () => number
  /** How a leader makes an entry; a caller may give one that carries more along (its bytes, say). */
  readonly makeEntry?: (index: Index, term: Term, type: EntryType, data: Uint8Array) => Entry
}

/**
 * What a process finds on its disk when it starts. `entries` follow `base` without holes. `base` is {0, 0} or lies at or
 * before `snapshot`.
 */
export interface Restored {
  readonly hardState: HardState
  readonly base: Position
  readonly entries: readonly Entry[]
  readonly snapshot?: SnapshotMeta
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
  readonly configuration: Configuration
  /** Where that configuration stands in the log; 0 = bootstrap. */
  readonly configurationIndex: Index
  readonly snapshot?: SnapshotMeta
  readonly isQuiescent: boolean
  readonly transferTarget: NodeId
  /** Reads that wait for a majority. */
  readonly waitingReads: number
  readonly uncommittedBytes: number
}
