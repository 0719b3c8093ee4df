/**
 * Every kind of event that can stand on a timeline, once. The binary codec, the recording's columns, JSON Lines, their
 * validation and the types all follow from {@link EVENT_FIELDS}; `docs/recording-format.md` explains it in words.
 *
 * Rules: a kind's `code` is never reused; new fields go to the end; `t` is in nanoseconds since the recording began, on
 * the monotonic clock that all processes of one machine share; `node` is who reports it (0 = the workbench); `n` counts
 * that reporter's events from 1 within one life of its process.
 */
import type { Entry } from '../../raft/types'
import { REMARKS, ROLE_REASONS } from '../../raft/types'

export type FieldType = 'u8' | 'u16' | 'u32' | 'f64' | 'flag' | 'text' | 'bytes' | 'entries' | readonly string[]

export const ROLES = ['follower', 'pre-candidate', 'candidate', 'leader', 'learner'] as const
export const MESSAGE_TYPES = ['RequestVote', 'RequestVoteReply', 'AppendEntries', 'AppendEntriesReply'] as const
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
export const CLIENT_OPS = ['put', 'get', 'delete'] as const
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
    },
  },
  role: { code: 2, fields: { role: ROLES, term: 'f64', leader: 'u16', reason: ROLE_REASONS } },
  leader: { code: 3, fields: { leader: 'u16', term: 'f64' } },
  /** In memory; it is durable from the next `persisted` that carries it. */
  hardState: { code: 4, fields: { currentTerm: 'f64', votedFor: 'u16' } },
  /** In memory, consecutive indexes; on disk from the next `persisted` that covers them. */
  appended: { code: 5, fields: { firstIndex: 'f64', count: 'u32', entries: 'entries' } },
  truncated: { code: 6, fields: { fromIndex: 'f64' } },
  /** The disk has everything up to here (fdatasync returned). */
  persisted: {
    code: 7,
    fields: { lastIndex: 'f64', currentTerm: 'f64', votedFor: 'u16', bytes: 'u32', micros: 'u32' },
  },
  committed: { code: 8, fields: { commitIndex: 'f64', by: ['counted', 'learned'] } },
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
   * lastLogIndex/lastLogTerm, prevLogIndex/prevLogTerm or matchIndex/–; `ok` is voteGranted or success; `hint`/`hintTerm`
   * are conflictIndex/conflictTerm; `count` is the number of entries (0 = heartbeat). `inReplyTo` is the id of the
   * request this answers (0 = none).
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

  // ── reported by the workbench (node = 0) ──────────────────────────────────────────────────────────────────────
  cluster: { code: 32, fields: { id: 'text', name: 'text', nodes: 'u16', settings: 'text' } },
  process: {
    code: 33,
    fields: { subject: 'u16', state: PROCESS_STATES, pid: 'u32', incarnation: 'u32', exitCode: 'f64', signal: 'text' },
  },
  link: { code: 34, fields: { from: 'u16', to: 'u16', blocked: 'flag' } },
  /** A fault that the user put in or took out; `detail` is JSON: the nodes, links or groups concerned. */
  fault: { code: 35, fields: { action: ['begin', 'end'], id: 'u32', type: FAULT_TYPES, detail: 'text' } },
  invoke: { code: 36, fields: { call: 'f64', client: 'u16', op: CLIENT_OPS, key: 'text', value: 'bytes', via: 'u16' } },
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
