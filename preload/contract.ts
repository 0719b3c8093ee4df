/**
 * The only description of what a window may ask of the workbench: one map of calls, one of streams. Electron's IPC and
 * the browser's WebSocket carry exactly this; both check every input by its schema before anything sees it.
 */
import { z } from 'zod'
import { CONSISTENCIES, type Consistency } from '../main/node/contract/client'
import type { ClientOp, EventKind, TimelineEvent } from '../main/node/contract/events'
import type { ProblemCode } from '../main/node/contract/problem'
import { type ClusterSettings, DEFAULT_SETTINGS, type SettingName } from '../main/node/contract/settings'
import { isJoint, leaveJoint, membersOf, plan, roleIn } from '../main/raft/configuration'
import type {
  ChangeMode,
  ChangeRefusal,
  Configuration,
  EntryType,
  MemberRole,
  MembershipChange,
  ProgressView,
  Role,
  TransferRefusal,
} from '../main/raft/types'
import type { RecordingInfo } from '../main/timeline/api'
import type { ActiveFault, OperationState, ProcessState, SnapshotState, SnapshotTransfer } from '../main/timeline/state'

export type {
  ChangeMode,
  ChangeRefusal,
  ClientOp,
  ClusterSettings,
  Configuration,
  Consistency,
  EventKind,
  MemberRole,
  MembershipChange,
  OperationState,
  ProblemCode,
  ProcessState,
  ProgressView,
  RecordingInfo,
  Role,
  SettingName,
  SnapshotState,
  SnapshotTransfer,
  TimelineEvent,
  TransferRefusal,
}
/** Among them the rules of membership, as the nodes go by them: a window shows what a change would lead to. */
export { CONSISTENCIES, DEFAULT_SETTINGS, isJoint, leaveJoint, membersOf, plan, roleIn }

z.config({ jitless: true })

// ── what crosses ──────────────────────────────────────────────────────────────────────────────────────────────────

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

/** One log entry as people read it; long values are cut to 64 characters, `bytes` tells the true size. */
export interface EntryView {
  readonly index: number
  readonly term: number
  readonly type: EntryType
  /** Of a command; empty when there is none or its data was not recorded. */
  readonly op: ClientOp | 'open-session' | 'close-session' | ''
  /** Of a `config` entry. */
  readonly configuration?: Configuration
  readonly key: string
  readonly value: string
  readonly bytes: number
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

export interface FaultView extends ActiveFault {}

/** Everything that a view needs of one moment. */
export interface MomentView {
  readonly seq: number
  readonly t: number
  readonly cluster: string
  readonly nodes: readonly NodeView[]
  readonly blocked: readonly (readonly [from: number, to: number])[]
  readonly faults: readonly FaultView[]
  readonly calls: readonly CallView[]
  readonly operations: readonly OperationState[]
  /** As the cluster was opened with in this recording. */
  readonly settings: ClusterSettings
  readonly shed: number
}

/** A timeline event as it crosses: entries as {@link EntryView}, bytes as text (cut to 64 characters). */
type Crossing<T> = T extends Uint8Array
  ? string
  : T extends readonly { readonly data: Uint8Array }[]
    ? readonly EntryView[]
    : T
export type EventView<K extends EventKind = EventKind> = {
  [P in K]: { readonly [F in keyof TimelineEvent<P>]: Crossing<TimelineEvent<P>[F]> }
}[K]

export interface ProblemView {
  readonly code: ProblemCode
  readonly details: Readonly<Record<string, string | number>>
  /** The whole sentence (what, where, what to do) in the language of the settings. */
  readonly message: string
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

export type SaveResult =
  | { readonly kind: 'saved'; readonly path: string; readonly events: number }
  /** Browser host: fetch this path (same origin, once) to download. */
  | { readonly kind: 'download'; readonly url: string; readonly name: string }
  | { readonly kind: 'cancelled' }

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const node = z.number().int().min(1).max(65535)
const nothing = z.strictObject({})
const seq = z.number().int().min(0)
/** `live` is the open cluster, `recording` the opened file. */
const source = z.enum(['live', 'recording'])
const call = <S extends z.ZodType>(input: S) => ({ input })

export const CALLS = {
  'workbench.info': call(nothing),
  'settings.get': call(nothing),
  'settings.set': call(
    z.strictObject({
      language: z.enum(['en', 'zh', 'system']).optional(),
      theme: z.enum(['dark', 'light', 'system']).optional(),
    }),
  ),
  'clusters.list': call(nothing),
  /** Creates and opens. Limits are checked by the workbench so that the answer is a sentence, not a schema. */
  'clusters.create': call(
    z.strictObject({
      name: z.string().optional(),
      nodes: z.number(),
      /** Of these, so many are witnesses; the last ones. */
      witnesses: z.number().optional(),
      /** What differs from {@link DEFAULT_SETTINGS}; checked by the workbench, setting by setting. */
      settings: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  /** Of a closed cluster, or of the open one: its nodes take them on at their next start. */
  'clusters.settings': call(z.strictObject({ name: z.string() })),
  'clusters.configure': call(z.strictObject({ name: z.string(), settings: z.record(z.string(), z.unknown()) })),
  'clusters.open': call(z.strictObject({ name: z.string() })),
  'clusters.close': call(nothing),
  'clusters.delete': call(z.strictObject({ name: z.string() })),
  'recordings.list': call(nothing),
  'recordings.open': call(z.strictObject({ path: z.string() })),
  /** Electron: the open dialog; `null` when cancelled or where there is no dialog. */
  'recordings.choose': call(nothing),
  'recordings.close': call(nothing),
  'node.start': call(z.strictObject({ node })),
  'node.stop': call(z.strictObject({ node })),
  'node.kill': call(z.strictObject({ node })),
  'node.pause': call(z.strictObject({ node })),
  'node.resume': call(z.strictObject({ node })),
  'node.restart': call(z.strictObject({ node })),
  /** Takes it out of the membership, then stops it and deletes its directory. */
  'node.remove': call(z.strictObject({ node })),
  /** Starts a new node (the next free number when left out) as a learner, and makes it a voter when it has caught up. */
  'node.add': call(z.strictObject({ node: node.optional(), role: z.enum(['voter', 'learner', 'witness']) })),
  /** For a node whose disk is damaged: out of the membership, its directory emptied, and in again by way of a learner. */
  'node.rebuild': call(z.strictObject({ node })),
  'node.snapshot': call(z.strictObject({ node })),
  'membership.change': call(
    z.strictObject({
      changes: z
        .array(z.strictObject({ node, role: z.enum(['voter', 'learner', 'witness', 'removed']) }))
        .min(1)
        .max(51),
      mode: z.enum(['auto', 'single', 'joint']),
    }),
  ),
  /** `node` left out: whoever is best. */
  'leadership.transfer': call(z.strictObject({ node: node.optional() })),
  'node.disk': call(z.strictObject({ node })),
  'link.block': call(z.strictObject({ from: node, to: node, both: z.boolean() })),
  'link.heal': call(z.strictObject({ from: node, to: node, both: z.boolean() })),
  'link.partition': call(z.strictObject({ groups: z.array(z.array(node)).max(51) })),
  'link.healAll': call(nothing),
  'client.put': call(z.strictObject({ key: z.string(), value: z.string(), via: node.optional() })),
  'client.get': call(
    z.strictObject({ key: z.string(), via: node.optional(), consistency: z.enum(CONSISTENCIES).optional() }),
  ),
  /** `expected` null: only if nothing is there. */
  'client.cas': call(
    z.strictObject({ key: z.string(), expected: z.string().nullable(), value: z.string(), via: node.optional() }),
  ),
  'client.append': call(z.strictObject({ key: z.string(), value: z.string(), via: node.optional() })),
  'client.delete': call(z.strictObject({ key: z.string(), via: node.optional() })),
  'timeline.info': call(z.strictObject({ source })),
  /** The state at a moment: after the events `< seq`, or at time `t`. */
  'timeline.state': call(z.strictObject({ source, seq: seq.optional(), t: z.number().optional() })),
  'timeline.events': call(
    z.strictObject({
      source,
      fromSeq: seq.optional(),
      toSeq: seq.optional(),
      fromT: z.number().optional(),
      toT: z.number().optional(),
      limit: z.number().int().min(1).max(50_000),
    }),
  ),
  /** Log entries `from`…`to` (inclusive, at most 1,000) of a node at a moment; `seq` left out = now. */
  'timeline.entries': call(
    z.strictObject({ source, node, from: z.number().int(), to: z.number().int(), seq: seq.optional() }),
  ),
  /** A save dialog in Electron, a download in a browser. */
  'timeline.export': call(z.strictObject({ source, format: z.enum(['jsonl']) })),
} as const satisfies Record<string, { input: z.ZodType }>

export type CallName = keyof typeof CALLS
export type CallInput<C extends CallName> = z.infer<(typeof CALLS)[C]['input']>

interface Outputs {
  'workbench.info': WorkbenchInfo
  'settings.get': Settings
  'settings.set': Settings
  'clusters.list': readonly ClusterListItem[]
  'clusters.create': { readonly name: string }
  'clusters.open': { readonly name: string }
  'recordings.list': readonly RecordingListItem[]
  'recordings.open': RecordingInfo
  'recordings.choose': { readonly path: string } | null
  'node.disk': DiskView
  'node.add': { readonly node: number }
  'node.snapshot': { readonly index: number }
  'clusters.settings': ClusterSettings
  'clusters.configure': ClusterSettings
  'membership.change': { readonly index: number }
  'client.cas': CallResultView
  'client.append': CallResultView
  'client.put': CallResultView
  'client.get': CallResultView
  'client.delete': CallResultView
  'timeline.info': RecordingInfo
  'timeline.state': MomentView
  'timeline.events': readonly EventView[]
  'timeline.entries': readonly EntryView[]
  'timeline.export': SaveResult
}
export type CallOutput<C extends CallName> = C extends keyof Outputs ? Outputs[C] : undefined

// ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Streams {
  /** What is open; the current value on subscribing, then each change. */
  readonly source: OpenSource
  /** The live cluster, at most 20 times a second; `whole` on subscribing and after each opening. */
  readonly live: LiveUpdate
  /** Settings, also when another window changed them. */
  readonly settings: Settings
  /** Problems that no call is waiting for: a node that crashed by itself, a disk that filled up. */
  readonly problem: ProblemView
}
export type StreamName = keyof Streams
export const STREAMS = ['source', 'live', 'settings', 'problem'] as const satisfies readonly StreamName[]

// ── the door as a window sees it ──────────────────────────────────────────────────────────────────────────────────

/** A call's answer crosses as data, so that errors keep code and details. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ProblemView }

/** `window.workbench` in Electron; the browser host's client implements the same. */
export interface WorkbenchDoor {
  call<C extends CallName>(name: C, input: CallInput<C>): Promise<Answer<CallOutput<C>>>
  /** Listens until the returned function is called. */
  subscribe<S extends StreamName>(name: S, listener: (value: Streams[S]) => void): () => void
}

/** The few names that Electron's IPC carries; what goes through them is the above. */
export const CHANNELS = {
  /** invoke (name, input) → Answer */
  call: 'workbench:call',
  /** send (subscription, stream) */
  subscribe: 'workbench:subscribe',
  /** send (subscription) */
  unsubscribe: 'workbench:unsubscribe',
  /** to the window: (subscription, value) */
  value: 'workbench:value',
  /** send (subscription): the window took a value; one that takes none is sent no more live updates */
  taken: 'workbench:taken',
} as const
