/** The state of a cluster at one moment: what folding its events up to there gives. Types only. */
import type { Consistency } from '../node/contract/client'
import type { ClockSetting, LinkRules } from '../node/contract/conditions'
import type { ClientOp } from '../node/contract/events'
import type { Configuration, Entry, MessageType, ProgressView, Role } from '../raft/types'

/** From the process events; `killed` by the user, `crashed` by itself or by somebody else. */
export type ProcessStanding = 'starting' | 'running' | 'paused' | 'stopped' | 'killed' | 'crashed' | 'removed'

export interface ProcessState {
  readonly standing: ProcessStanding
  readonly pid: number
  readonly incarnation: number
  /** Starts within this recording, minus one. */
  readonly restarts: number
  /** Nanoseconds since the recording began; 0 when it is not running. */
  readonly startedAt: number
  readonly rss: number
  readonly cpuMicros: number
  readonly fsyncMicros: number
  /** The last trouble that the node reported in this life; empty when none. */
  readonly trouble: string
  readonly tornBytes: number
}

/** The beginning of a log that was not read. */
export interface Unread {
  readonly count: number
  /** It would have to be read to know what the log is now. */
  readonly isWanted: boolean
}

/** Entries in a row, read by their place as an array is; an array is one. */
export interface LogEntries extends Iterable<Entry> {
  readonly length: number
  /** Of a negative place: counted from the end. */
  at(place: number): Entry | undefined
  slice(from?: number, to?: number): readonly Entry[]
}

export interface NodeState {
  readonly id: number
  readonly process: ProcessState
  readonly role: Role
  readonly leader: number
  /** Persistent (Figure 2), as in memory. */
  readonly currentTerm: number
  readonly votedFor: number
  /** As on disk; differs from the line above only while a write is under way. */
  readonly durableTerm: number
  readonly durableVote: number
  readonly firstIndex: number
  readonly lastIndex: number
  /** Last index on this node's disk. */
  readonly durableIndex: number
  readonly commitIndex: number
  readonly lastApplied: number
  /** When the election timer runs out, on the clock of `t`; 0 for a leader or a dead node, Infinity in manual time. */
  readonly deadline: number
  readonly timerDuration: number
  readonly roleSince: number
  /** Leader only; empty otherwise. */
  readonly progress: readonly ProgressView[]
  /** The term of the entry before `firstIndex`; 0 when the log was never compacted. */
  readonly baseTerm: number
  /**
   * Log entries `firstIndex`…`lastIndex`. Grows by appending, truncating and compacting only. Recorded below level `entry`
   * the data of commands is not known: `data` is empty then, and `dataMissing` true.
   */
  readonly log: LogEntries
  /** Only of a state that was read with a `tail`: so many entries come before those of `log`. */
  readonly unread: Unread | undefined
  readonly dataMissing: boolean
  /** The configuration this node goes by; undefined until it said so. */
  readonly configuration: Configuration | undefined
  readonly configurationIndex: number
  readonly configurationCommitted: boolean
  /** The newest snapshot on its disk. */
  readonly snapshot: SnapshotState | undefined
  /** A snapshot that is coming in. */
  readonly receiving: SnapshotTransfer | undefined
  /** Leader: snapshots that are going out, by peer. */
  readonly sending: readonly SnapshotTransfer[]
  /** Leader: whom it is handing leadership to; 0 = nobody. */
  readonly transferTarget: number
  readonly isQuiescent: boolean
  /** Client sessions that its state machine remembers. */
  readonly sessions: number
  /** The node's own clock. */
  readonly clock: ClockState
  /** Messages that wait here, link after link (by sender), each link in its order. Gone with the process. */
  readonly held: readonly HeldMessage[]
}

export interface ClockState extends ClockSetting {
  /** How far it is ahead of the machine's, nanoseconds, at `since`; from there it goes at `rate`, or stands. */
  readonly skew: number
  readonly since: number
}

export interface HeldMessage {
  readonly peer: number
  /** Negative: a copy's. */
  readonly id: number
  /** What it is a copy of, by `id` of the same sender; 0 = it is none. */
  readonly copyOf: number
  readonly message: MessageType
  readonly term: number
  readonly since: number
  /** The body of its frame: node/contract/frames/messages.ts reads it. */
  readonly bytes: Uint8Array
}

export interface BreakpointState {
  readonly id: number
  readonly text: string
  readonly enabled: boolean
  /** How often it was hit. */
  readonly hits: number
}

/** The whole cluster stands still. */
export interface StopState {
  /** Who hit; 0 = by command. */
  readonly node: number
  /** 0 = a step, or by command. */
  readonly breakpoint: number
  /** The `seq` of the event that hit; −1 = by command, or it was shed. */
  readonly seq: number
  readonly since: number
  /** It goes on alone, to its next event; 0 = nobody does. */
  readonly stepping: number
}

export interface NemesisState {
  readonly id: number
  /** JSON: plan and nodes (cluster/nemesis/types.ts). */
  readonly plan: string
  readonly since: number
  readonly steps: number
}

export interface WorkloadState {
  readonly id: number
  /** JSON: cluster/workload/types.ts. */
  readonly plan: string
  readonly since: number
  readonly ok: number
  readonly failed: number
  readonly unknown: number
}

export interface SnapshotState {
  readonly index: number
  readonly term: number
  readonly bytes: number
}

export interface SnapshotTransfer extends SnapshotState {
  readonly peer: number
  /** Bytes that have arrived. */
  readonly offset: number
}

/** Something the user asked of the cluster that is under way, or how it ended. */
export interface OperationState {
  readonly id: number
  readonly type: string
  readonly detail: string
  readonly since: number
  readonly outcome: 'pending' | 'done' | 'failed'
  readonly problem: string
}

export interface ActiveFault {
  readonly id: number
  readonly type: string
  readonly detail: string
  readonly since: number
}

export interface CallState {
  readonly call: number
  readonly op: ClientOp
  readonly key: string
  readonly value: Uint8Array
  readonly consistency: Consistency
  /** `cas`: what it compares with; null = nothing there. */
  readonly expected: Uint8Array | null
  readonly invokedAt: number
  /** 0 while there is no answer. */
  readonly answeredAt: number
  readonly outcome: 'pending' | 'ok' | 'failed' | 'unknown'
  readonly found: boolean
  readonly result: Uint8Array
  readonly from: number
  readonly index: number
  readonly problem: string
}

export interface ClusterState {
  /** Number of events folded; the next event has this `seq`. */
  readonly seq: number
  /** The greatest `t` folded so far (a late event does not set it back), nanoseconds since the recording began. */
  readonly t: number
  readonly id: string
  readonly name: string
  /** How the cluster behaves, as JSON (node/contract/settings.ts); empty until it said so. */
  readonly settings: string
  /** By id, removed nodes included (standing `removed`). */
  readonly nodes: ReadonlyMap<number, NodeState>
  /** Directed links that are blocked, as `from * 65536 + to`. */
  readonly blocked: ReadonlySet<number>
  /** Rules of links that have some, by `from * 65536 + to`; a cut (`blocked`) comes before them. */
  readonly rules: ReadonlyMap<number, LinkRules>
  readonly faults: readonly ActiveFault[]
  /** By id. */
  readonly breakpoints: readonly BreakpointState[]
  readonly stop: StopState | undefined
  readonly nemesis: NemesisState | undefined
  /** Those that run, by id. */
  readonly workloads: readonly WorkloadState[]
  /** The last calls of the workbench's client, oldest first; at most 100. */
  readonly calls: readonly CallState[]
  /** The last operations, oldest first; at most 20. */
  readonly operations: readonly OperationState[]
  /** Events that were shed so far. */
  readonly shed: number
}
