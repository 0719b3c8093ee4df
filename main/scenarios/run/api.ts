/** What playing a scenario is, for the window, the command line and the tests: the same for all. */

import type { ConformanceVerdict } from '../../checks/conformance/types'
import type { InvariantVerdict } from '../../checks/invariants'
import type { Cluster } from '../../cluster'
import type { TimelineEvent } from '../../node/contract/events'
import type { Problem } from '../../node/contract/problem'
import type { ClusterSettings } from '../../node/contract/settings'
import type { ClusterState } from '../../timeline'
import type { Scenario } from '../language/schema'
import type { StepKind } from '../language/steps'
import type { Text } from '../language/values'

/** A live cluster and its timeline, made for one scenario. */
export interface Stage {
  readonly cluster: Cluster
  /** What the timeline folds to now. */
  readonly state: ClusterState
  /** Every event in the timeline's order, after it was folded, from now on. */
  subscribe(listener: (event: TimelineEvent) => void): () => void
  /** Every event from the first on, as recorded so far. */
  events(): AsyncIterable<readonly TimelineEvent[]>
  /** Nodes go by it from their next start. Problem: `settings-invalid`. */
  configure(changes: Readonly<Record<string, unknown>>): Promise<void>
  /** Resolves when everything that has happened until now is on the timeline. */
  told(): Promise<void>
}

export interface StageWish {
  readonly nodes: number
  readonly witnesses: number
  readonly settings: Partial<ClusterSettings>
  /** All clocks stand and all links hold from the first moment of each node on. */
  readonly manual: boolean
  readonly seed: number
}

export type StepStanding = 'waiting' | 'running' | 'done' | 'failed' | 'left-out'

export interface StepProgress {
  /** From 0. */
  readonly number: number
  readonly kind: StepKind
  /** What it does; empty texts when it only tells. */
  readonly words: Text
  readonly standing: StepStanding
  readonly say: Text | undefined
  /** Line in the file, from 1; 0 = there is no file. */
  readonly line: number
  /** Nanoseconds of the timeline; 0 = not yet. */
  readonly began: number
  readonly ended: number
  /** Why it failed. */
  readonly problem: Problem | undefined
}

/** `paused`: before the next step, which waits for {@link ScenarioRun.next} or {@link ScenarioRun.flow}. */
export type Phase = 'opening' | 'paused' | 'running' | 'judging' | 'ended'

export interface ScenarioProgress {
  readonly scenario: Scenario
  readonly phase: Phase
  /** The step that runs, or comes next; as many as there are steps = all are done. */
  readonly at: number
  readonly steps: readonly StepProgress[]
  readonly result: ScenarioResult | undefined
}

/** What was expected, or ruled out, and whether it was so. */
export interface Expectation {
  readonly type: 'expect' | 'never' | 'limit'
  /** The condition as it stands in the file, and what it says. */
  readonly text: string
  readonly words: Text
  readonly say: Text | undefined
  readonly holds: boolean
  /** The event at which it was seen not to; −1 = none. */
  readonly seq: number
  /** What there was instead; empty when it holds. */
  readonly found: Text
}

export interface ScenarioVerdicts {
  readonly invariants: readonly InvariantVerdict[]
  /** Of the clients' calls. */
  readonly linearizable: 'linearizable' | 'illegal' | 'undecided' | 'none'
  readonly conformance: ConformanceVerdict
  /** They are as the scenario expects them. */
  readonly asExpected: boolean
}

export interface ScenarioResult {
  /** `stopped`: by command before its end. `broken`: something that is not the scenario's. */
  readonly outcome: 'holds' | 'failed' | 'stopped' | 'broken'
  readonly steps: readonly StepProgress[]
  readonly expectations: readonly Expectation[]
  readonly verdicts: ScenarioVerdicts | undefined
  readonly seed: number
  readonly millis: number
  /** Of `broken`. */
  readonly problem: Problem | undefined
}

export interface RunOptions {
  /** In place of the scenario's. */
  readonly seed?: number
  /** Begins paused. */
  readonly stepByStep?: boolean
  /** Lines of the steps in their file. */
  readonly lines?: readonly number[]
  readonly signal?: AbortSignal
}

export interface ScenarioRun {
  readonly progress: ScenarioProgress
  /** At every change, until the returned function is called. */
  watch(listener: (progress: ScenarioProgress) => void): () => void
  /** One step, then a pause. */
  next(): void
  flow(): void
  /** Before the next step. */
  pause(): void
  stop(): Promise<void>
  /** Never rejects. The cluster stays as it is, for who wants to look around. */
  readonly ended: Promise<ScenarioResult>
}

/** `run/run.ts`. */
export type PlayScenario = (scenario: Scenario, stage: Stage, options?: RunOptions) => ScenarioRun
