/** What crosses between workbench and window: views of clusters, nodes, moments and files. */
import type { Consistency } from '../../main/node/contract/client'
import type { ClientOp } from '../../main/node/contract/events'
import type { ProblemCode } from '../../main/node/contract/problem'
import type { ClusterSettings } from '../../main/node/contract/settings'
import type { Configuration, ProgressView, Role } from '../../main/raft/types'
import type { RecordingInfo } from '../../main/timeline/api'
import type {
  BreakpointState,
  ClockState,
  OperationState,
  ProcessState,
  SnapshotState,
  SnapshotTransfer,
  StopState,
} from '../../main/timeline/state'
import type { EntryView, EventView } from '../../main/timeline/views/types'
import type { FaultView, HeldView, LinkView, NemesisView, WorkloadView } from './faults'

export type { EntryView, EventView }

export type Language = 'en' | 'zh'
export type Theme = 'dark' | 'light' | 'system'
export type HostKind = 'electron' | 'browser'

export interface WorkbenchInfo {
  readonly version: string
  readonly host: HostKind
  readonly platform: string
  readonly home: string
}

export interface Settings {
  readonly language: Language | 'system'
  readonly theme: Theme
}

export interface ClusterListItem {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly nodes: number
  readonly created: string
  readonly bytes: number
  readonly recordings: number
  readonly lockedBy: number
  /** Why its files can't be read; absent when they can. Such a cluster is listed, so that its recordings are found. */
  readonly damaged?: string
}

export interface RecordingListItem {
  readonly path: string
  readonly cluster: string
  readonly began: string
  readonly events: number
  readonly end: number
  readonly bytes: number
  readonly complete: boolean
}

/** The part of a node's log that is shown: `entries` are consecutive and end at `lastIndex`. */
export interface LogView {
  readonly firstIndex: number
  readonly lastIndex: number
  readonly durableIndex: number
  /** The term of the entry before `firstIndex`; 0 when nothing was compacted. */
  readonly baseTerm: number
  /** Recorded below level `entry`: commands are known by term and number only. */
  readonly dataMissing: boolean
  /** At most {@link LOG_TAIL} entries; earlier ones by `timeline.entries`. */
  readonly entries: readonly EntryView[]
}
export const LOG_TAIL = 256

export interface NodeView {
  readonly id: number
  readonly process: ProcessState
  readonly role: Role
  readonly leader: number
  readonly currentTerm: number
  readonly votedFor: number
  readonly durableTerm: number
  readonly durableVote: number
  readonly commitIndex: number
  readonly lastApplied: number
  readonly deadline: number
  readonly timerDuration: number
  readonly roleSince: number
  readonly progress: readonly ProgressView[]
  readonly configuration: Configuration | null
  readonly configurationIndex: number
  readonly configurationCommitted: boolean
  readonly snapshot: SnapshotState | null
  readonly receiving: SnapshotTransfer | null
  readonly sending: readonly SnapshotTransfer[]
  readonly transferTarget: number
  readonly isQuiescent: boolean
  readonly sessions: number
  readonly clock: ClockState
  /** Messages that wait here, of all links. Which: {@link MomentView.held}. */
  readonly heldCount: number
  readonly log: LogView
}

/** The change of a node since the last update: scalars whole, the log from `log.entries[0].index` on. */
export interface NodePatch extends Omit<NodeView, 'log'> {
  readonly log: LogView & {
    /** Keep what you have below this index, then take `entries`. */
    readonly changedFrom: number
  }
}

export interface CallView {
  readonly call: number
  readonly op: ClientOp
  readonly key: string
  readonly value: string
  readonly consistency: Consistency
  /** `cas`: what it compares with; null = nothing there. */
  readonly expected: string | null
  readonly invokedAt: number
  readonly answeredAt: number
  readonly outcome: 'pending' | 'ok' | 'failed' | 'unknown'
  readonly found: boolean
  readonly result: string
  readonly from: number
  readonly index: number
  readonly problem: string
}

/** Everything that a view needs of one moment. */
export interface MomentView {
  readonly seq: number
  readonly t: number
  readonly cluster: string
  readonly nodes: readonly NodeView[]
  readonly blocked: readonly (readonly [from: number, to: number])[]
  readonly faults: readonly FaultView[]
  /** Only links that have rules. */
  readonly links: readonly LinkView[]
  /** At most {@link HELD_SHOWN}; link after link, each in its order. */
  readonly held: readonly HeldView[]
  readonly breakpoints: readonly BreakpointState[]
  readonly stop: StopState | null
  readonly nemesis: NemesisView | null
  readonly workloads: readonly WorkloadView[]
  readonly calls: readonly CallView[]
  readonly operations: readonly OperationState[]
  /** As the cluster was opened with in this recording. */
  readonly settings: ClusterSettings
  readonly shed: number
}

export interface ProblemView {
  readonly code: ProblemCode
  readonly details: Readonly<Record<string, string | number>>
  /** The whole sentence (what, where, what to do) in the language of the settings. */
  readonly message: string
  /** The same in each language: what is still shown when the language changes is told in the new one. */
  readonly sentences: Readonly<Record<Language, string>>
}

/** What is open now. A window shows one source at a time. */
export type OpenSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly name: string; readonly ready: number; readonly of: number }
  | { readonly kind: 'live'; readonly name: string; readonly recording: string }
  | { readonly kind: 'recording'; readonly info: RecordingInfo }
  | { readonly kind: 'closing'; readonly name: string }

export interface LiveUpdate {
  readonly seq: number
  readonly t: number
  readonly cluster: string
  /** Only nodes that changed; on the first update after subscribing, all of them, whole. */
  readonly nodes: readonly NodePatch[]
  readonly whole: boolean
  readonly blocked: readonly (readonly [from: number, to: number])[]
  readonly faults: readonly FaultView[]
  /** Only links that have rules. Absent: as in the update before. */
  readonly links?: readonly LinkView[]
  /** At most {@link HELD_SHOWN}; link after link, each in its order. Absent: as in the update before. */
  readonly held?: readonly HeldView[]
  readonly breakpoints: readonly BreakpointState[]
  readonly stop: StopState | null
  readonly nemesis: NemesisView | null
  readonly workloads: readonly WorkloadView[]
  readonly calls: readonly CallView[]
  readonly operations: readonly OperationState[]
  readonly settings: ClusterSettings
  /** New events in order; when a burst is too large for a window, the oldest are left out here (never on disk). */
  readonly events: readonly EventView[]
  readonly leftOut: number
  readonly shed: number
  readonly recorderLagMillis: number
  readonly recordingBytes: number
}

export interface DiskRecordView {
  readonly number: number
  readonly offset: number
  readonly bytes: number
  readonly type: string
  readonly term: number
  readonly index: number
  readonly detail: string
  readonly crc: string
  readonly ok: boolean
}
export interface DiskFileView {
  readonly name: string
  readonly bytes: number
  readonly records: number
  /** The last records of the file, newest last; at most 64. */
  readonly tail: readonly DiskRecordView[]
  readonly tornBytes: number
  readonly corrupt: boolean
}
export interface DiskView {
  readonly path: string
  readonly files: readonly DiskFileView[]
  readonly currentTerm: number
  readonly votedFor: number
  readonly firstIndex: number
  readonly lastIndex: number
  /** The newest whole snapshot. */
  readonly snapshot: SnapshotState | null
}

export interface CallResultView {
  readonly call: number
  readonly outcome: 'ok' | 'failed' | 'unknown'
  readonly found: boolean
  readonly value: string
  readonly from: number
  readonly index: number
  readonly term: number
  readonly millis: number
  readonly problem?: ProblemView
}
