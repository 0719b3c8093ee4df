/** What crosses about faults: rules of links, held messages, breakpoints, nemeses and workloads. */
import type { NemesisPlan } from '../../main/cluster/nemesis/types'
import type { LoadPoint, WorkloadPlan } from '../../main/cluster/workload/types'
import type { LinkRules } from '../../main/node/contract/conditions'
import type { MessageJson } from '../../main/node/contract/message-schema'
import type { MessageType } from '../../main/raft/types'
import type { ActiveFault } from '../../main/timeline/state'
import type { ProblemView } from './views'

export interface FaultView extends ActiveFault {}

export interface LinkView extends LinkRules {
  readonly from: number
  readonly to: number
}

/** Held messages of a moment that cross with it; the rest is counted by node. */
export const HELD_SHOWN = 500

export interface HeldView {
  readonly from: number
  readonly to: number
  /** Negative: a copy's. With from and to it names what is held. */
  readonly id: number
  /** What it is a copy of; 0 = it is none. */
  readonly copyOf: number
  readonly message: MessageType
  readonly term: number
  readonly since: number
  readonly bytes: number
  /** One line: "prevLog (3, 1), 2 entries, leaderCommit 2" as field and value; the window words it. */
  readonly gist: readonly (readonly [field: string, value: string | number | boolean])[]
}

/** A look inside. */
export interface HeldDetail {
  readonly held: HeldView
  /** Null when this version cannot decode it. */
  readonly message: MessageJson | null
  /** Its bytes, two hexadecimal digits each; at most {@link HEX_BYTES} of them. */
  readonly hex: string
}
export const HEX_BYTES = 65_536

export interface StoppedView {
  readonly node: number
  readonly breakpoint: number
  /** The event's kind; empty by command. */
  readonly kind: string
}

export interface FlippedBitView {
  readonly fault: number
  readonly file: string
  readonly record: number
  readonly offset: number
  readonly bit: number
}

export interface UnhealedView {
  readonly fault: number
  readonly problem: ProblemView
}

/** `plan` null: it cannot be read. */
export interface NemesisView {
  readonly id: number
  readonly plan: NemesisPlan | null
  readonly nodes: readonly number[]
  readonly since: number
  readonly steps: number
}

export interface WorkloadView {
  readonly id: number
  readonly plan: WorkloadPlan | null
  readonly since: number
  readonly ok: number
  readonly failed: number
  readonly unknown: number
}

/** A workload's last interval; faults to mark beside it come with the timeline. */
export interface LoadView extends LoadPoint {}
