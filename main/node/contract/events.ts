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
/** Also messages of another system, read from its own log: all that is known of one is who sent it to whom. */
export const TOLD_MESSAGES = [...MESSAGE_TYPES, 'Foreign'] as const
export const PROGRESS_STATES = ['probe', 'replicate', 'snapshot'] as const
/**
 * blocked: by a rule of its link · unreachable: there was no connection · malformed: it could not be read · overflow: its
 * receiver does not read · lost: by chance, as a rule wants · by-hand: it was held, and somebody dropped it · hold-full: more
 * is held and delayed than a node keeps.
 */
export const DROP_REASONS = ['blocked', 'unreachable', 'malformed', 'overflow', 'lost', 'by-hand', 'hold-full'] as const
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
/**
 * What each concerns stands in the `detail` of its `fault` event, as JSON: `nodes` (kill, pause, stop, and all faults of one
 * node), `links` (pairs from, to: block, links), `groups` (partition, isolate), and further
 * links: `rules` (conditions/links.ts), `preset` where it came from one · clock: `mode`, `rate`; or `jumpMs`, or `fired`:
 * these two begin and end at once · crash-point, slow-disk, disk-error, torn-write, power-loss: `fault` (conditions/faults.ts)
 * · bit-flip: `file`, `record`, `offset`, `bit`. `nemesis` and `step` where a nemesis did it.
 */
export const FAULT_TYPES = [
  'kill',
  'pause',
  'stop',
  'block',
  'partition',
  'isolate',
  'links',
  'clock',
  'crash-point',
  'slow-disk',
  'disk-error',
  'torn-write',
  'power-loss',
  'bit-flip',
] as const
export const CLOCK_MODES = ['running', 'manual'] as const

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
  /**
   * An election timer was set to `deadline`, `duration` nanoseconds from now: both in the clock of `t`, as far as the node's
   * own clock lets it be known then; both Infinity in manual time.
   */
  timer: { code: 10, fields: { deadline: 'f64', duration: 'f64' } },
  progress: {
    code: 11,
    fields: { peer: 'u16', matchIndex: 'f64', nextIndex: 'f64', state: PROGRESS_STATES, inFlight: 'u16' },
  },
  remark: { code: 12, fields: { name: REMARKS, peer: 'u16', term: 'f64', index: 'f64' } },
  /**
   * A message left this node for `peer`. (sender, `id`) names the message for good; `id` is positive. `index`/`logTerm` hold
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
      message: TOLD_MESSAGES,
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
  /**
   * The message (`peer`, `id`) was handed to this node's core. A copy has a negative `id` of its own, which with sender and
   * receiver names it for good; `copied` says of what. So every `sent` and every `copied` ends in at most one `received` or
   * `dropped`, and has neither while it is under way, delayed or held, or when its receiver's process ended before.
   */
  received: { code: 14, fields: { peer: 'u16', id: 'f64', message: TOLD_MESSAGES, term: 'f64', count: 'u32' } },
  /** The message never reached a core: `sender` → `receiver`. `id` as in `received`. */
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
  /**
   * A message from `peer` waits here to be released, at `place` (from 0) among those of its link. `bytes`: the body of its
   * frame (frames/messages.ts), with its data at every level.
   */
  held: {
    code: 24,
    fields: { peer: 'u16', id: 'f64', message: MESSAGE_TYPES, term: 'f64', place: 'u32', bytes: 'bytes' },
  },
  /**
   * It waits no more. `received`, or `dropped` by hand, follows at once. `edited`: `bytes` is what is delivered instead, of
   * the same type, under the same id; else empty.
   */
  released: {
    code: 25,
    fields: {
      peer: 'u16',
      id: 'f64',
      message: MESSAGE_TYPES,
      how: ['delivered', 'edited', 'dropped'],
      bytes: 'bytes',
    },
  },
  /** This node doubled the message (`peer`, `id`) (`id` may be a copy's itself); the copy is (`peer`, `copy`). */
  copied: {
    code: 26,
    fields: { peer: 'u16', id: 'f64', copy: 'f64', message: MESSAGE_TYPES, by: ['rule', 'hand'] },
  },
  /** A held message was moved to `place`, counted without itself. */
  moved: { code: 27, fields: { peer: 'u16', id: 'f64', place: 'u32' } },
  /**
   * How the node's own clock goes from now on, and why. `skew`: how far it is ahead of the machine's, in nanoseconds (told
   * to go back, it stands: then, how far as soon as it goes again). A running election timer is told again after it. Only told
   * when it differs from the machine's clock, or did before.
   */
  clock: {
    code: 28,
    fields: { mode: CLOCK_MODES, rate: 'f64', skew: 'f64', cause: ['launched', 'set', 'jumped', 'fired', 'slept'] },
  },
  /**
   * The waiting fault `fault` struck; it will strike `left` times more (u32 max = always). `detail`: JSON, what exactly:
   * `path` and `operation` of a disk's, `bytes` that a torn write left, the message of a crash before or after sending.
   */
  struck: { code: 29, fields: { fault: 'u32', type: FAULT_TYPES, left: 'u32', detail: 'text' } },
  /**
   * The node stops here, after its event number `event` of kind `by`, before it does anything else. `breakpoint` 0 = it was told
   * to make a step.
   */
  breakpoint: { code: 30, fields: { breakpoint: 'u32', event: 'u32', by: 'text', text: 'text' } },

  // ── reported by the workbench (node = 0) ──────────────────────────────────────────────────────────────────────
  cluster: { code: 32, fields: { id: 'text', name: 'text', nodes: 'u16', settings: 'text' } },
  process: {
    code: 33,
    fields: { subject: 'u16', state: PROCESS_STATES, pid: 'u32', incarnation: 'u32', exitCode: 'f64', signal: 'text' },
  },
  /** The link is cut, or is not any more, by `block`, a partition, or a preset that blocks all. Its rules stand in `rules`. */
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
  /** The rules of a link from now on, besides a cut: JSON of conditions/links.ts; empty = none. */
  rules: { code: 43, fields: { from: 'u16', to: 'u16', rules: 'text' } },
  /** A breakpoint was set, changed or taken away. */
  watch: { code: 44, fields: { breakpoint: 'u32', text: 'text', enabled: 'flag', removed: 'flag' } },
  /**
   * The whole cluster. `stopped`: node `subject` hit `breakpoint` (0 = it made a step; node 0 = by command) and all others were
   * paused. `stepping`: `subject` alone goes on, to its next event of kind `by` (empty = any). `continued`: all go on that were not
   * paused before.
   */
  stop: {
    code: 45,
    fields: { action: ['stopped', 'stepping', 'continued'], subject: 'u16', breakpoint: 'u32', by: 'text' },
  },
  /**
   * A nemesis. `begin`: `detail` is its plan and nodes (JSON; the schedule follows from them). `step`: `detail` is the step that
   * was taken, `problem` the code of why it could not be; its faults are events of their own. `end`: everything is healed.
   */
  nemesis: {
    code: 46,
    fields: { action: ['begin', 'step', 'end'], id: 'u32', step: 'u32', detail: 'text', problem: 'text' },
  },
  /** A workload. `detail` is JSON: its plan at the begin, its totals at the end. */
  workload: { code: 47, fields: { action: ['begin', 'end'], id: 'u32', detail: 'text' } },
  /** What a workload's clients saw in the last `millis`: answers by outcome, and milliseconds that those `ok` took. */
  load: {
    code: 48,
    fields: {
      workload: 'u32',
      millis: 'f64',
      started: 'u32',
      ok: 'u32',
      failed: 'u32',
      unknown: 'u32',
      waiting: 'u32',
      p50: 'f64',
      p95: 'f64',
      p99: 'f64',
      max: 'f64',
    },
  },

  // ── from another system's log (import) ────────────────────────────────────────────────────────────────────────
  /** What happened at a host of another system, in that log's own words. `host`: its name there; `node` stands for it. */
  foreign: { code: 49, fields: { host: 'text', text: 'text' } },
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
