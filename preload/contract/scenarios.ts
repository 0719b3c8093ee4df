/** Scenarios in the window: the library, playing one on a cluster of its own, and making one of what was done by hand. */
import { z } from 'zod'
import type { SaveResult } from './timeline/exports'
import type { ProblemView } from './views'

z.config({ jitless: true })

const MAX_SCENARIO_TEXT = 1_000_000
const nothing = z.strictObject({})
const text = z.string().max(MAX_SCENARIO_TEXT)
/** One of the library by its id, or the text of a file. */
const which = z.union([z.strictObject({ id: z.string() }), z.strictObject({ text })])

export const SCENARIO_CALLS = {
  'scenarios.list': { input: nothing },
  /** The text of a scenario as it stands in its file, and what it is, or what is wrong with it and where. */
  'scenarios.read': { input: which },
  /**
   * Creates a cluster for it, opens it in place of whatever is open, and plays. Answers when the cluster runs; how it goes
   * is told by the stream `scenario`.
   */
  'scenarios.start': {
    input: z.strictObject({
      which,
      /** Begins paused, before the first step. */
      stepByStep: z.boolean(),
      /** In place of the scenario's own. */
      seed: z.number().int().min(0).max(0xffff_ffff).optional(),
    }),
  },
  /** One step, then a pause. */
  'scenarios.next': { input: nothing },
  'scenarios.flow': { input: nothing },
  /** Before the next step. */
  'scenarios.pause': { input: nothing },
  'scenarios.stop': { input: nothing },
  /**
   * What was played is no longer shown; what still plays is stopped. Its cluster is closed and its nodes' data deleted, unless it is
   * to be kept; its recording stays, and is opened where the cluster was.
   */
  'scenarios.leave': { input: nothing },
  /** The cluster of what is played stays when that is put away. */
  'scenarios.keep': { input: nothing },
  /** From now on, what is done to the open cluster is to become a scenario; or no longer. */
  'scenarios.record': { input: z.strictObject({ recording: z.boolean() }) },
  /** What was done since, as the text of a scenario. */
  'scenarios.recorded': { input: nothing },
  /** Keeps the text of a scenario as a file. */
  'scenarios.save': { input: z.strictObject({ text, name: z.string().max(200) }) },
} as const

/** In both languages, so that a window changes its language without asking again. */
export interface BothTexts {
  readonly en: string
  readonly zh: string
}

export interface ScenarioItem {
  readonly id: string
  readonly title: BothTexts
  /** What it shows and why it matters. */
  readonly about: BothTexts
  /** `§5.2`, `Figure 8`; empty when it names none. */
  readonly source: string
  readonly tags: readonly string[]
  readonly nodes: number
  readonly steps: number
  /** Nothing happens but what its steps do. */
  readonly manual: boolean
  /** One of the bug zoo; empty = nodes without one. */
  readonly bug: string
}

/** Line and column from 1; 0 = of the whole file. */
export interface ScenarioFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ScenarioRead =
  | { readonly ok: true; readonly item: ScenarioItem; readonly text: string }
  | { readonly ok: false; readonly faults: readonly ScenarioFault[]; readonly text: string }

export type StepStanding = 'waiting' | 'running' | 'done' | 'failed' | 'left-out'

export interface ScenarioStepView {
  /** From 0. */
  readonly number: number
  readonly kind: string
  /** What it does; empty when it only tells. */
  readonly words: BothTexts
  /** The same as the file says it, on one line. */
  readonly text: string
  readonly standing: StepStanding
  readonly say: BothTexts | null
  /** Line in the file, from 1; 0 = there is no file. */
  readonly line: number
  /** Nanoseconds of the timeline; 0 = not yet. */
  readonly began: number
  readonly ended: number
  readonly problem: ProblemView | null
}

export interface ExpectationView {
  readonly type: 'expect' | 'never' | 'limit'
  /** As the file says it, and what that means. */
  readonly text: string
  readonly words: BothTexts
  readonly say: BothTexts | null
  readonly holds: boolean
  /** The event at which it was seen not to; −1 = none. */
  readonly seq: number
  /** What there was instead; empty when it holds. */
  readonly found: BothTexts
}

/** One thing that was judged over the recording. */
export interface JudgedView {
  /** `linearizable`, `conforms`, or the id of an invariant. */
  readonly id: string
  readonly standing: 'holds' | 'broken' | 'undecided' | 'none'
  readonly name: string
  /** What was found; empty when it holds. */
  readonly found: string
  /** Events that prove it. */
  readonly events: readonly number[]
}

export interface ScenarioResultView {
  readonly outcome: 'holds' | 'failed' | 'stopped' | 'broken'
  readonly expectations: readonly ExpectationView[]
  readonly judged: readonly JudgedView[]
  /** What was judged is as the scenario expects it. */
  readonly asExpected: boolean
  readonly seed: number
  readonly millis: number
  readonly problem: ProblemView | null
}

export interface ScenarioView {
  readonly item: ScenarioItem
  /** The cluster that it plays on, and whether that is to be kept. */
  readonly cluster: string
  readonly kept: boolean
  readonly phase: 'opening' | 'paused' | 'running' | 'judging' | 'ended'
  /** The step that runs, or comes next; as many as there are steps = all are done. */
  readonly at: number
  readonly steps: readonly ScenarioStepView[]
  readonly result: ScenarioResultView | null
}

/** What is played, and whether what is done by hand is kept for a scenario. */
export interface ScenariosUpdate {
  readonly playing: ScenarioView | null
  /** The event from which on; −1 = nothing is kept. */
  readonly recordingFrom: number
}

export interface ScenarioOutputs {
  'scenarios.list': readonly ScenarioItem[]
  'scenarios.read': ScenarioRead
  'scenarios.start': { readonly cluster: string }
  'scenarios.recorded': { readonly text: string }
  'scenarios.save': SaveResult
}
