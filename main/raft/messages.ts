/** What servers say to each other (paper Figures 2 and 13; dissertation §3.10, §6.4, §9.6). */
import type { Entry, Index, NodeId, SnapshotMeta, Term } from './words'

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
  /** The old leader asked for this election (TimeoutNow): no lease stands in its way (dissertation §4.2.3, §3.10). */
  readonly transfer: boolean
}
export interface RequestVoteReply extends Envelope {
  readonly type: 'RequestVoteReply'
  readonly voteGranted: boolean
}
/** "Would you vote for me?" (dissertation §9.6). `term` is the one it would stand in; nobody's term changes by asking. */
export interface RequestPreVote extends Envelope {
  readonly type: 'RequestPreVote'
  readonly lastLogIndex: Index
  readonly lastLogTerm: Term
}
/** `term` is the one asked for when granted, else the replier's own, so that one who is behind learns of it. */
export interface RequestPreVoteReply extends Envelope {
  readonly type: 'RequestPreVoteReply'
  readonly voteGranted: boolean
}
/** Paper Figure 2, AppendEntries RPC; without entries it is a heartbeat (§5.2). */
export interface AppendEntries extends Envelope {
  readonly type: 'AppendEntries'
  readonly prevLogIndex: Index
  readonly prevLogTerm: Term
  readonly entries: readonly Entry[]
  readonly leaderCommit: Index
  /** Counts the leader's rounds of heartbeats; the reply repeats it (dissertation §6.4: which rounds a majority heard). */
  readonly round: number
  /** Nothing is left to do: stop your election timer until you hear of anything. */
  readonly quiesce: boolean
}
export interface AppendEntriesReply extends Envelope {
  readonly type: 'AppendEntriesReply'
  readonly success: boolean
  /** On success: an index up to which this node's log matches the leader's and is on its disk. */
  readonly matchIndex: Index
  /** On refusal: where to try next (§5.3, "the term of the conflicting entry and the first index it stores"). */
  readonly conflictIndex: Index
  readonly conflictTerm: Term
  readonly round: number
}
/** Paper Figure 13, InstallSnapshot RPC: one chunk. */
export interface InstallSnapshot extends Envelope {
  readonly type: 'InstallSnapshot'
  readonly snapshot: SnapshotMeta
  /** Where `data` belongs. */
  readonly offset: number
  /** Empty when it leaves the core; the caller fills it in. */
  readonly data: Uint8Array
  /** The caller sets it with the data: this chunk is the last. */
  readonly done: boolean
  readonly round: number
}
export interface InstallSnapshotReply extends Envelope {
  readonly type: 'InstallSnapshotReply'
  /** Which snapshot. */
  readonly index: Index
  /** Bytes of it that the follower has: the next chunk begins here. */
  readonly offset: number
  /** The follower's log and state reach `index` now, durably. */
  readonly installed: boolean
  readonly round: number
}
/** "Stand for election now" (dissertation §3.10). */
export interface TimeoutNow extends Envelope {
  readonly type: 'TimeoutNow'
}
/** A follower asks the leader for an index to read at (dissertation §6.4). `context` names the request for good. */
export interface ReadIndex extends Envelope {
  readonly type: 'ReadIndex'
  readonly context: number
}
export interface ReadIndexReply extends Envelope {
  readonly type: 'ReadIndexReply'
  readonly context: number
  readonly index: Index
}
export type Message =
  | RequestVote
  | RequestVoteReply
  | RequestPreVote
  | RequestPreVoteReply
  | AppendEntries
  | AppendEntriesReply
  | InstallSnapshot
  | InstallSnapshotReply
  | TimeoutNow
  | ReadIndex
  | ReadIndexReply
export type MessageType = Message['type']
