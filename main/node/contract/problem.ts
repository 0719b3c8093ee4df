/**
 * What can go wrong for a user, as data. A problem crosses processes as code and details; the sentence that a person
 * reads is made from them in that person's language, in one place (`main/workbench/problems`), which the compiler keeps
 * complete.
 */
import type { ScenarioIssue } from './scenario-issue'

/** The same in both languages. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

export interface Problems {
  'node-count': { given: number; min: number; max: number }
  'cluster-name': { given: string }
  'cluster-exists': { name: string }
  'cluster-unknown': { name: string }
  'cluster-locked': { path: string; pid: number }
  'cluster-damaged': { path: string; reason: string }
  'cluster-open': { name: string }
  'no-cluster': Record<never, never>
  'node-unknown': { node: string; known: string }
  'node-state': { node: string; state: string; wanted: string }
  'node-crashed': { node: string; reason: string }
  'node-start': { node: string; reason: string }
  'node-timeout': { node: string; millis: number }
  'node-busy': { node: string; waiting: number }
  'link-self': { node: string }
  'partition-groups': { reason: string }
  'not-leader': { leader: string }
  'no-leader': { millis: number }
  'call-unknown': { millis: number }
  'key-size': { given: number; max: number }
  'value-size': { given: number; max: number }
  'directory-unwritable': { path: string; reason: string }
  'socket-path': { path: string; length: number; max: number }
  /** Another process listens on a node's socket, or something that is no socket stands there. */
  'address-in-use': { path: string; reason: string }
  'port-in-use': { port: number }
  'settings-corrupt': { path: string; reason: string; kept: string }
  'notes-corrupt': { path: string; reason: string }
  'no-recording': Record<never, never>
  'recording-failed': { path: string; reason: string }
  'recording-unknown': { path: string }
  'recording-foreign': { path: string; reason: string }
  'recording-version': { path: string; given: number; known: number }
  'recording-truncated': { path: string; offset: number; events: number }
  'recording-corrupt': { path: string; offset: number }
  'export-failed': { path: string; reason: string }
  'export-cancelled': { path: string }
  /** `reason` is a ForkRefusal of workbench/problems/refusals.ts; `node` is whose disk cannot be had, or 0, `index` what of its log. */
  'fork-refused': { reason: string; node: number; index: number }
  'fork-cancelled': Record<never, never>
  /** The format needs every node and kind of its range. */
  'export-whole': { format: string }
  'export-too-long': { format: string; events: number; max: number }
  /** The format tells of one key, and there are calls of these. */
  'history-keys': { format: string; keys: string }
  /** The format cannot tell a call that changed something, or may have; `lack` is what it lacks: a Lack of timeline/export/plain-history.ts. */
  'history-call': { format: string; op: string; key: string; event: number; lack: 'word' | 'text' | 'nothing' }
  /** An exported page was asked for something that it cannot do. */
  'page-read-only': Record<never, never>
  'import-cancelled': { path: string }
  /** Of no kind that can be brought in. */
  'import-foreign': { path: string }
  'record-corrupt': { file: string; offset: number; record: number; reason: string }
  'identity-mismatch': { path: string; found: string; wanted: string }
  'storage-version': { path: string; given: number; known: number }
  'disk-failed': { path: string; operation: string; reason: string }
  'snapshot-corrupt': { file: string; offset: number; reason: string }
  /** `reason` is a ChangeRefusal of raft/types.ts; `node` is whom it is about, or 0. */
  'change-refused': { reason: string; node: number }
  /** `reason` is a TransferRefusal of raft/types.ts. */
  'transfer-refused': { reason: string; node: number }
  /** Nothing new to put into a snapshot, or one is being made. */
  'snapshot-refused': { node: string; reason: string }
  /** A rule, clock, fault or plan that is out of range; `where` names the field. */
  'fault-invalid': { where: string; reason: string }
  /** No active fault has this number. */
  'fault-unknown': { id: number }
  /** The preset needs other nodes, or a leader, than there are. */
  'preset-impossible': { preset: string; reason: string }
  /** Nothing with this id is held there (any more). */
  'held-unknown': { link: string; id: number }
  'hold-full': { node: string; messages: number; bytes: number }
  'message-invalid': { reason: string }
  /** No deadline is set in this node: there is nothing to fire. */
  'timer-unset': { node: string }
  'record-unknown': { node: string; file: string; record: number; reason: string }
  /**
   * `from`…`to` (not included) of `text` is wrong; `code` is an ErrorCode of breakpoint/types.ts, `found` what stands there,
   * `expected` what could, with commas.
   */
  'breakpoint-invalid': { text: string; from: number; to: number; code: string; found: string; expected: string }
  'breakpoint-limit': { max: number }
  'breakpoint-unknown': { id: number }
  /** It needs an answer of a node, and the whole cluster is stopped: continue first. */
  'cluster-stopped': { node: string }
  'not-stopped': Record<never, never>
  /** So many nodes would be down at once, of so many. */
  'schedule-lethal': { down: number; nodes: number; reason: string }
  'nemesis-running': Record<never, never>
  'workload-limit': { max: number }
  'workload-unknown': { id: number }
  'session-expired': { session: number }
  /** Too much waits for a majority: try again a little later. */
  'cluster-busy': { bytes: number; max: number }
  'settings-invalid': { setting: string; reason: string }
  'node-exists': { node: string }
  /** The text of a scenario has mistakes: at least one. */
  'scenario-invalid': { name: string; issues: readonly ScenarioIssue[] }
  'scenario-unknown': { id: string }
  /** A step of a scenario: `what` as it stands in the file, `words` what that says, and in short what there was instead. */
  'scenario-unmet': { what: string; words: Bilingual; found: Bilingual }
  'scenario-late': { what: string; words: Bilingual; millis: number; found: Bilingual }
  /** `found`: the code with which it was refused; empty = it was done. */
  'scenario-not-refused': { what: string; words: Bilingual; wanted: string; found: string }
  /** Nothing was named so before. */
  'scenario-name': { name: string }
  /** What the scenario rules out was seen, and it took longer than it may: what was under way was given up. */
  'scenario-never': { what: string; words: Bilingual; found: Bilingual }
  'scenario-limit': { millis: number }
  'frame-malformed': { peer: string; reason: string }
  usage: { reason: string }
  'bad-input': { where: string; reason: string }
  'unreadable-file': { path: string; reason: string }
  internal: { reason: string }
}
export type ProblemCode = keyof Problems

/** The one error class for anything a user can meet. `message` is for logs; people get the translated sentence. */
export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  readonly code: C
  readonly details: Problems[C]

  constructor(code: C, details: Problems[C], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(details)}`, options)
    this.name = 'Problem'
    this.code = code
    this.details = details
  }
}

/** Anything thrown, as a problem; what is not one yet becomes `internal`. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new Problem('internal', { reason }, { cause: thrown })
}
