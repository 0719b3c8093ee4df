/** The state of a cluster at one moment: what folding its events up to there gives. Types only. */
import type { Entry, ProgressView, Role } from '../raft/types'

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
  /** When the election timer runs out, on the clock of `t`; 0 for a leader or a dead node. */
  readonly deadline: number
  readonly timerDuration: number
  readonly roleSince: number
  /** Leader only; empty otherwise. */
  readonly progress: readonly ProgressView[]
  /** Log entries `firstIndex`…`lastIndex`. Grows by appending and truncating only. */
  readonly log: readonly Entry[]
}

export interface ActiveFault {
  readonly id: number
  readonly type: string
  readonly detail: string
  readonly since: number
}

export interface CallState {
  readonly call: number
  readonly op: 'put' | 'get' | 'delete'
  readonly key: string
  readonly value: Uint8Array
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
  /** By id, removed nodes included (standing `removed`). */
  readonly nodes: ReadonlyMap<number, NodeState>
  /** Directed links that are blocked, as `from * 65536 + to`. */
  readonly blocked: ReadonlySet<number>
  readonly faults: readonly ActiveFault[]
  /** The last calls of the workbench's client, oldest first; at most 100. */
  readonly calls: readonly CallState[]
  /** Events that were shed so far. */
  readonly shed: number
}
