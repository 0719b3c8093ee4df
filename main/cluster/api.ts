/** What the cluster room offers. The supervisor implements it; workbench, scenarios and tests use it. */
import type { BreakpointKind } from '../node/contract/breakpoint/types'
import type { Command, Consistency } from '../node/contract/client'
import type {
  ClockSetting,
  HeldRef,
  Link,
  LinkPreset,
  LinkRule,
  LinkRules,
  NodeFault,
  RecordBit,
} from '../node/contract/conditions'
import type { ReportedEvent } from '../node/contract/events'
import type { LogRun } from '../node/contract/log-run'
import type { Problem } from '../node/contract/problem'
import type { ClusterSettings } from '../node/contract/settings'
import type { ChangeMode, Entry, MemberRole, MembershipChange } from '../raft/types'
import type { NemesisPlan, NemesisRun } from './nemesis/types'
import type { WorkloadObserver, WorkloadPlan, WorkloadRun } from './workload/types'

export type { ClusterSettings }

/** One cluster's data on disk, whether it runs or not. */
export interface ClusterSummary {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly nodes: number
  /** ISO 8601. */
  readonly created: string
  readonly bytes: number
  readonly recordings: number
  /** Process id of the workbench that has it open; 0 = nobody. */
  readonly lockedBy: number
  /** Why its `cluster.json` can't be read (then `id` and `created` are empty and `nodes` is 0); absent when it can. */
  readonly damaged?: string
}

export type NodeStanding = 'starting' | 'running' | 'paused' | 'stopped' | 'killed' | 'crashed' | 'removed'

export interface CallResult {
  readonly call: number
  readonly outcome: 'ok' | 'failed' | 'unknown'
  readonly found: boolean
  readonly value: Uint8Array
  readonly from: number
  readonly index: number
  readonly term: number
  /** Milliseconds from the first send to the answer. */
  readonly millis: number
  /** Code of the problem when the outcome is not ok; else empty. */
  readonly problem: string
}

export interface CallOptions {
  readonly via?: number
  /** `get` only; default `index`. */
  readonly consistency?: Consistency
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Where every event goes, as it arrives; the order between reporters is made by the timeline. */
export interface EventSink {
  /** Events of one reporter, in its own order. */
  report(events: readonly ReportedEvent[]): void
  /**
   * A reporter has nothing earlier than `t` left to say (`node` is alive and quiet), or will not speak in this life of
   * its process any more (Infinity: it ended or was paused). Right before a new life, or before it is resumed, the mark
   * goes back to a finite `t`. A paused node may hold a few events from before its pause: they arrive late, at resume.
   */
  watermark(node: number, t: number): void
  /** What is in a run of entries, when a log that was reported here holds it. A sink that never knows has no such method. */
  entriesOf?(run: LogRun): readonly Entry[] | undefined
}

/** Where a bit was flipped: `offset` in the file, `bit` 0…7 of that byte. */
export interface FlippedBit {
  readonly fault: number
  readonly file: string
  readonly record: number
  readonly offset: number
  readonly bit: number
}

export interface Breakpoint {
  readonly id: number
  readonly text: string
  readonly enabled: boolean
}

/** The whole cluster stands still. */
export interface Stopped {
  /** Who hit; 0 = it was stopped by command. */
  readonly node: number
  /** 0 = a step, or by command. */
  readonly breakpoint: number
  /** The number (`n`) of the event of that node, and its kind; 0 and empty by command. */
  readonly event: number
  readonly kind: string
}

/** What `healAll` could not take out: a damaged node that must be rebuilt, say. */
export interface Unhealed {
  readonly fault: number
  readonly problem: Problem
}

/**
 * A running (opened, locked) cluster. Every method that fails throws a `Problem`: what is done to a node `node-unknown`
 * or `node-state`, start and restart also `node-start` or `node-timeout`, links `link-self` or `partition-groups`. What
 * comes from outside was checked by its schema; what the schema cannot know is `fault-invalid`. One that throws changed
 * nothing.
 *
 * A setting (rules of a link, rate or mode of a clock, a fault that waits) may be given to a node that is down: it has it from
 * its next start. What happens at once (a jump, `fire`, what is held) needs one that runs.
 */
export interface Cluster {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly settings: ClusterSettings
  /** `process.hrtime.bigint()` at the zero of every event's `t`. */
  readonly origin: bigint
  readonly nodeIds: readonly number[]
  standing(node: number): NodeStanding
  /** Node directory, for `inspect`. */
  dataDir(node: number): string

  start(node: number): Promise<void>
  /** Orderly: the node finishes its write and exits by itself. */
  stop(node: number): Promise<void>
  /** SIGKILL. */
  kill(node: number): Promise<void>
  pause(node: number): Promise<void>
  resume(node: number): Promise<void>
  /** Stop when running (kill when it does not answer), then start from disk. */
  restart(node: number): Promise<void>
  /**
   * Takes it out of the membership (a leader hands over first), then stops it, deletes its directory, and forgets it.
   * Problems: `change-refused`, `no-leader`; then nothing was changed.
   */
  remove(node: number): Promise<void>
  /**
   * Starts a node with an empty disk and makes it a member: a learner first, and when it has caught up what `role` says.
   * `node` left out: the lowest number that was never used. Problems: `node-exists`, `node-count`, `change-refused`,
   * `no-leader`; what was begun is undone, except when the outcome is not known (`call-unknown`).
   */
  add(role: MemberRole, node?: number): Promise<number>
  /** Removes a (stopped, crashed or damaged) member, empties its directory, and adds it again with the role it had. */
  rebuild(node: number): Promise<void>
  /** Returns the index of the configuration that is committed now. Problems: `change-refused`, `no-leader`. */
  changeMembership(changes: readonly MembershipChange[], mode: ChangeMode): Promise<number>
  /** Without `target`, to whoever is best. Problems: `transfer-refused`, `no-leader`. */
  transferLeadership(target?: number): Promise<void>
  /** The node takes a snapshot of its state machine now; returns its index. Problem: `snapshot-refused`. */
  snapshot(node: number): Promise<number>

  /** Cuts the link; its rules stay, and count again when it is mended. */
  block(from: number, to: number): void
  /** Takes the cut and the rules of a link away; what it held is delivered. */
  heal(from: number, to: number): void
  /** Cut every link between different groups, mend those inside; nodes in no group form one more. */
  partition(groups: readonly (readonly number[])[]): void
  isBlocked(from: number, to: number): boolean
  /**
   * Gives all these links the same rules, in place of those they had, as one fault; without rules they have none any more. A fault
   * whose last link got others has ended. Returns the fault's number; 0 without rules.
   */
  condition(links: readonly Link[], rules: readonly LinkRule[], seed: number): number
  rulesOf(from: number, to: number): LinkRules
  /** `at` where the preset is about one node (conditions/links.ts). Problem: `preset-impossible`. Returns the fault's number. */
  preset(preset: LinkPreset, at?: number): number
  /**
   * Resolves when every node that runs goes by what was set before: cuts, rules, clocks, waiting faults, breakpoints. One that stands
   * still goes by it before it does anything else. Never rejects.
   */
  inForce(): Promise<void>
  /**
   * Resolves when every node that runs can speak to every other that runs: one that has just started is still connecting, and what is
   * said to it before is dropped. After 2 s at the latest, or at once while the cluster stands still. Never rejects.
   */
  connected(): Promise<void>

  /** Held messages. Problems: `held-unknown`, `cluster-stopped`. Delivers it now. */
  release(held: HeldRef): Promise<void>
  /** All of these links (all links, when left out), each in its order; returns how many. */
  releaseAll(links?: readonly Link[]): Promise<number>
  dropHeld(held: HeldRef): Promise<void>
  /** Returns the copy's id; it is held right behind. Problem: `hold-full`. */
  duplicateHeld(held: HeldRef): Promise<number>
  /** Delivers `message` (JSON as in message-schema.ts) in its place. Problem: `message-invalid`. */
  editHeld(held: HeldRef, message: unknown): Promise<void>
  /** To a place among those of its link, from 0. */
  moveHeld(held: HeldRef, place: number): Promise<void>

  /** The clock's mode and rate; the true clock ends the fault. */
  setClock(node: number, clock: ClockSetting): void
  /** Milliseconds ahead; negative: it stands for as long. */
  jumpClock(node: number, millis: number): Promise<void>
  /** The next deadline is reached now: an election's, a leader's heartbeat's. Problem: `timer-unset`. */
  fire(node: number): Promise<void>

  /** A fault that waits in the node, or strikes at once. Returns its number. `power-loss` `now`: `node-state` unless it runs. */
  arm(node: number, fault: NodeFault): number
  /** Of a node that is down. Problem: `record-unknown`. Ends by healing (the bit is flipped back), rebuilding or removing it. */
  flipBit(node: number, at: RecordBit): Promise<FlippedBit>

  /**
   * Ends one fault: mends, resumes, starts, takes out what waits, flips back, and starts a node that it ended, also one that
   * it ends only then, because it struck before the node heard of this. Problems: `fault-unknown`, and those of what it has
   * to do.
   */
  endFault(fault: number): Promise<void>
  /**
   * A nemesis first, then a stop of the cluster, then every fault of every kind; all nodes run afterwards, in true time, and nothing is
   * held. Breakpoints and workloads stay. Returns what could not be healed.
   */
  healAll(): Promise<readonly Unhealed[]>

  readonly breakpoints: readonly Breakpoint[]
  /** A new one, or another text for one there is. Problems: `breakpoint-invalid`, `breakpoint-limit`, `breakpoint-unknown`, `node-unknown`. */
  setBreakpoint(text: string, id?: number): Breakpoint
  enableBreakpoint(id: number, enabled: boolean): void
  removeBreakpoint(id: number): void
  /** The stop that holds; undefined while the cluster goes on. */
  readonly stopped: Stopped | undefined
  /** Stops every node that runs, now. Resolves when they stand. Where there are no signals they stop reading and ticking. */
  halt(): Promise<void>
  /** All nodes go on that were not paused before. Problem: `not-stopped`. */
  continue(): Promise<void>
  /**
   * This node alone goes on to its next event (of this kind), or a breakpoint. Resolves when it stands again, or `withinMs` (1 s) later:
   * then it waits for something, is paused where it is, and the answer is undefined. Problem: `not-stopped`.
   */
  step(node: number, kind?: BreakpointKind, withinMs?: number): Promise<Stopped | undefined>

  /** One at a time. Problems: `nemesis-running`, `schedule-lethal`. */
  startNemesis(plan: NemesisPlan): NemesisRun
  readonly nemesis: NemesisRun | undefined
  /** Problem: `workload-limit`. */
  startWorkload(plan: WorkloadPlan, observer?: WorkloadObserver): WorkloadRun
  /** Those that run. */
  readonly workloads: readonly WorkloadRun[]

  /**
   * One client call, retried over redirects and leader changes until `timeoutMs` (5 s), exactly once by its session.
   * `via` asks that node only and follows no redirect: if it does not lead, the outcome is `failed` (`not-leader`).
   * Outcome `unknown`: the command may have been proposed and no answer came. Calls may run at the same time. Problems:
   * `key-size`, `value-size`, `node-unknown`; everything that happens later is an outcome, also when `signal` aborts.
   */
  call(command: Command, options?: CallOptions): Promise<CallResult>

  /** Ends every process, socket and temporary directory, then unlocks; about 3 s at most. Never throws; safe to call twice. */
  close(): Promise<void>
}

/** The folder in which all clusters of one user live. */
export interface ClusterStore {
  readonly home: string
  list(): Promise<readonly ClusterSummary[]>
  /** Makes the directories and files; starts nothing. */
  create(options: {
    name?: string
    nodes: number
    /** So many of them, the last ones, are witnesses. */
    witnesses?: number
    settings?: Partial<ClusterSettings>
  }): Promise<ClusterSummary>
  /** Of a cluster on disk; `cluster-unknown`, `cluster-damaged`. */
  settings(name: string): Promise<ClusterSettings>
  /** Nodes take them on at their next start. `settings-invalid` names the first that is wrong. */
  configure(name: string, changes: Readonly<Record<string, unknown>>): Promise<ClusterSettings>
  /**
   * Locks it, starts all nodes and returns when every process is ready (a leader comes later); `sink` gets every event
   * from the first. `progress` counts ready nodes. A node that can't start (its disk is damaged, say) is left `crashed`
   * with its trouble on the timeline; it throws only when not a single one starts. Also throws `cluster-unknown`,
   * `cluster-damaged`, `cluster-locked`, `directory-unwritable`, `socket-path`, and the reason of an aborted `signal`.
   */
  open(
    name: string,
    sink: (origin: bigint) => EventSink,
    options?: {
      progress?: (ready: number, of: number) => void
      signal?: AbortSignal
      /**
       * Every clock stands and every link holds from the first moment of each node on, also of one that is added later: as set
       * by hand, and healed like that.
       */
      manual?: boolean
    },
  ): Promise<Cluster>
  /** Deletes a closed cluster's files. */
  delete(name: string): Promise<void>
}
