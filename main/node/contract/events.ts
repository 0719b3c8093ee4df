/**
 * Every kind of event that can stand on a timeline, once. The binary codec, the recording's columns, JSON Lines, their
 * validation and the types all follow from {@link EVENT_FIELDS}; `docs/recording-format.md` explains it in words.
 *
 * Rules: a kind's `code` is never reused; new fields go to the end; `t` is in nanoseconds since the recording began, on
 * the monotonic clock that all processes of one machine share; `node` is who reports it (0 = the workbench); `n` counts
 * that reporter's events from 1 within one life of its process.
 */
import type { Entry, MessageType } from '../../raft/types'
import { REMARKS, ROLE_REASONS } from '../../raft/types'
import { CONSISTENCIES } from './client'

export type FieldType = 'u8' | 'u16' | 'u32' | 'f64' | 'flag' | 'text' | 'bytes' | 'entries' | readonly string[]

export const ROLES = ['follower', 'pre-candidate', 'candidate', 'leader', 'learner'] as const
export const MESSAGE_TYPES = [
  'RequestVote',
  'RequestVoteReply',
  'AppendEntries',
  'AppendEntriesReply',
  'RequestPreVote',
  'RequestPreVoteReply',
  'InstallSnapshot',
  'InstallSnapshotReply',
  'TimeoutNow',
  'ReadIndex',
  'ReadIndexReply',
] as const satisfies readonly MessageType[]
export const PROGRESS_STATES = ['probe', 'replicate', 'snapshot'] as const
export const DROP_REASONS = ['blocked', 'unreachable', 'malformed', 'overflow'] as const
export const PROCESS_STATES = [
  'spawned',
  'ready',
  'stopping',
  'stopped',
  'killed',
  'crashed',
  'paused',
  'resumed',
  'removed',
] as const
export const CLIENT_OPS = ['put', 'get', 'delete', 'cas', 'append'] as const
export type ClientOp = (typeof CLIENT_OPS)[number]
/** ok: it took effect · failed: it certainly had none · unknown: no answer, it may or may not have taken effect. */
export const CALL_OUTCOMES = ['ok', 'failed', 'unknown'] as const
export const FAULT_TYPES = ['kill', 'pause', 'stop', 'block', 'partition', 'isolate'] as const

export const EVENT_FIELDS = {
  // ── reported by a node ────────────────────────────────────────────────────────────────────────────────────────
  /** The process has read its disk. Everything known about the node before is void; `appended` with the log follows. */
  started: {
    code: 1,
    fields: {
      incarnation: 'u32',
      pid: 'u32',
      currentTerm: 'f64',
      votedFor: 'u16',
      firstIndex: 'f64',
      lastIndex: 'f64',
      /** Bytes of a torn last record that were cut away; 0 = a clean end. */
      tornBytes: 'u32',
      /** The term of the entry before `firstIndex`. */
      baseTerm: 'f64',
      /** The newest snapshot; 0 = none. `configuration` events follow. */
      snapshotIndex: 'f64',
      snapshotTerm: 'f64',
    },
  },
  role: { code: 2, fields: { role: ROLES, term: 'f64', leader: 'u16', reason: ROLE_REASONS } },
  leader: { code: 3, fields: { leader: 'u16', term: 'f64' } },
  /** In memory; it is durable from the next `persisted` that carries it. */
  hardState: { code: 4, fields: { currentTerm: 'f64', votedFor: 'u16' } },
  /**
   * In memory, consecutive indexes, all of `term`; on disk from the next `persisted` that covers them. Below level `entry`
   * `entries` is empty, except for configurations: `count` and `term` say what there is, and `bytes` how much.
   */
  appended: { code: 5, fields: { firstIndex: 'f64', count: 'u32', entries: 'entries', term: 'f64', bytes: 'u32' } },
  truncated: { code: 6, fields: { fromIndex: 'f64' } },
  /** The disk has everything up to here (fdatasync returned). */
  persisted: {
    code: 7,
    fields: { lastIndex: 'f64', currentTerm: 'f64', votedFor: 'u16', bytes: 'u32', micros: 'u32' },
  },
  committed: { code: 8, fields: { commitIndex: 'f64', by: ['counted', 'learned', 'snapshot'] } },
  applied: { code: 9, fields: { lastApplied: 'f64' } },
  /** An election timer was set to `deadline` (same clock as `t`), `duration` nanoseconds from now. */
  timer: { code: 10, fields: { deadline: 'f64', duration: 'f64' } },
  progress: {
    code: 11,
    fields: { peer: 'u16', matchIndex: 'f64', nextIndex: 'f64', state: PROGRESS_STATES, inFlight: 'u16' },
  },
  remark: { code: 12, fields: { name: REMARKS, peer: 'u16', term: 'f64', index: 'f64' } },
  /**
   * A message left this node for `peer`. (sender, `id`) names the message for good. `index`/`logTerm` hold
   * lastLogIndex/lastLogTerm, prevLogIndex/prevLogTerm, matchIndex/–, lastIncludedIndex/lastIncludedTerm, or the read
   * index/–; `ok` is voteGranted, success, installed, done, or (RequestVote) transfer; `hint`/`hintTerm` are
   * conflictIndex/conflictTerm, or offset/– of a snapshot; `count` is the number of entries (0 = heartbeat) or of
   * snapshot bytes. `inReplyTo` is the id of the request this answers (0 = none); `round` the leader's round, or the
   * context of a ReadIndex.
   */
  sent: {
    code: 13,
    fields: {
      peer: 'u16',
      id: 'f64',
      message: MESSAGE_TYPES,
      term: 'f64',
      index: 'f64',
      logTerm: 'f64',
      commit: 'f64',
      count: 'u32',
      ok: 'flag',
      hint: 'f64',
      hintTerm: 'f64',
      inReplyTo: 'f64',
      round: 'f64',
    },
  },
  /** The message (`peer`, `id`) was handed to this node's core. */
  received: { code: 14, fields: { peer: 'u16', id: 'f64', message: MESSAGE_TYPES, term: 'f64', count: 'u32' } },
  /** The message never reached a core: `sender` → `receiver`. */
  dropped: {
    code: 15,
    fields: { sender: 'u16', receiver: 'u16', id: 'f64', message: MESSAGE_TYPES, reason: DROP_REASONS },
  },
  stats: { code: 16, fields: { rss: 'f64', cpuMicros: 'f64', fsyncMicros: 'u32' } },
  /** The node met a problem of its own: a malformed frame, a failed disk. `problem` is a code of problem.ts. */
  trouble: { code: 17, fields: { problem: 'text', detail: 'text' } },
  /**
   * The configuration that this node goes by now, and where it stands in the log (0 = the first one). The lists are node
   * ids with commas between: see raft/configuration.ts.
   */
  configuration: {
    code: 18,
    fields: {
      index: 'f64',
      standing: ['appended', 'committed', 'rolled-back', 'restored'],
      voters: 'text',
      outgoing: 'text',
      learners: 'text',
      learnersNext: 'text',
      witnesses: 'text',
    },
  },
  /**
   * `saved`: the state machine's own, durable. `sending`: `peer` has `offset` of its bytes. `receiving`: `offset` bytes from
   * `peer` are here. `installed`: it is this node's state now, log and state machine, durable with the next `persisted`;
   * the log begins after it unless it continues there (`keepsLog`).
   */
  snapshot: {
    code: 19,
    fields: {
      stage: ['saved', 'sending', 'receiving', 'installed'],
      index: 'f64',
      term: 'f64',
      bytes: 'f64',
      offset: 'f64',
      peer: 'u16',
      keepsLog: 'flag',
    },
  },
  /** Entries before `firstIndex` are gone from the log; `baseTerm` is the term of the last of them. */
  compacted: { code: 20, fields: { firstIndex: 'f64', baseTerm: 'f64' } },
  /** A read without an entry: asked for, or confirmed to be linearizable at `index` (then answered when applied). */
  read: {
    code: 21,
    fields: { stage: ['asked', 'confirmed', 'refused'], by: ['index', 'lease'], index: 'f64', peer: 'u16' },
  },
  transfer: { code: 22, fields: { stage: ['started', 'told', 'done', 'aborted'], target: 'u16' } },
  /** The state machine's sessions as of the last applied entry: how many are open, how many expired since the last time. */
  sessions: { code: 23, fields: { open: 'u32', expired: 'u32' } },

  // ── reported by the workbench (node = 0) ──────────────────────────────────────────────────────────────────────
  cluster: { code: 32, fields: { id: 'text', name: 'text', nodes: 'u16', settings: 'text' } },
  process: {
    code: 33,
    fields: { subject: 'u16', state: PROCESS_STATES, pid: 'u32', incarnation: 'u32', exitCode: 'f64', signal: 'text' },
  },
  link: { code: 34, fields: { from: 'u16', to: 'u16', blocked: 'flag' } },
  /** A fault that the user put in or took out; `detail` is JSON: the nodes, links or groups concerned. */
  fault: { code: 35, fields: { action: ['begin', 'end'], id: 'u32', type: FAULT_TYPES, detail: 'text' } },
  /** `expected`: what a `cas` compares with; `hasExpected` false there = with nothing. */
  invoke: {
    code: 36,
    fields: {
      call: 'f64',
      client: 'u16',
      op: CLIENT_OPS,
      key: 'text',
      value: 'bytes',
      via: 'u16',
      consistency: CONSISTENCIES,
      expected: 'bytes',
      hasExpected: 'flag',
    },
  },
  answer: {
    code: 37,
    fields: {
      call: 'f64',
      outcome: CALL_OUTCOMES,
      found: 'flag',
      value: 'bytes',
      from: 'u16',
      index: 'f64',
      term: 'f64',
      problem: 'text',
    },
  },
  /** The recorder shed events here, and how many of which reporter. */
  gap: { code: 38, fields: { subject: 'u16', shed: 'u32', reason: 'text' } },
  note: { code: 39, fields: { text: 'text' } },
  /** A line that a node process printed: never swallowed. */
  output: { code: 40, fields: { subject: 'u16', stream: ['stdout', 'stderr'], text: 'text' } },
  /** The workbench was told to close the cluster: what follows is only the end of its processes. */
  closing: { code: 41, fields: {} },
  /** What the user asked of the cluster besides faults and calls, and how it went; `detail` is JSON: what exactly. */
  operation: {
    code: 42,
    fields: {
      action: ['begin', 'done', 'failed'],
      id: 'u32',
      type: ['change', 'transfer', 'snapshot', 'add-node', 'remove-node', 'rebuild'],
      detail: 'text',
      problem: 'text',
    },
  },
} as const satisfies Record<string, { code: number; fields: Record<string, FieldType> }>

export type EventKind = keyof typeof EVENT_FIELDS
export const EVENT_KINDS = Object.keys(EVENT_FIELDS) as readonly EventKind[]

export type ValueOf<F> = F extends 'u8' | 'u16' | 'u32' | 'f64'
  ? number
  : F extends 'flag'
    ? boolean
    : F extends 'text'
      ? string
      : F extends 'bytes'
        ? Uint8Array
        : F extends 'entries'
          ? readonly Entry[]
          : F extends readonly (infer S)[]
            ? S
            : never

export type FieldsOf<K extends EventKind> = {
  readonly [F in keyof (typeof EVENT_FIELDS)[K]['fields']]: ValueOf<(typeof EVENT_FIELDS)[K]['fields'][F]>
}

/** What a reporter writes: it has no place in the recording's order yet. */
export type ReportedEvent<K extends EventKind = EventKind> = {
  [P in K]: { readonly kind: P; readonly node: number; readonly n: number; readonly t: number } & FieldsOf<P>
}[K]

/** What stands on a timeline: `seq` counts from 0 and is the recording's total order. */
export type TimelineEvent<K extends EventKind = EventKind> = {
  [P in K]: ReportedEvent<P> & { readonly seq: number }
}[K]
