/** Verdicts over what is open: what was judged so far, what was broken, and the events that prove it. */
import { z } from 'zod'
import type { Bilingual, Counterexample } from '../../main/checks/drawing'
import type { SaveResult } from './timeline/exports'
import type { EventView, ProblemView } from './views'

export {
  attributesOf as shapeAttributes,
  type CallTable,
  type Counterexample,
  type Drawing,
  drawCounterexample,
  type Shape as DrawnShape,
  tableOf as callTable,
} from '../../main/checks/drawing'

const source = z.enum(['live', 'recording'])

export const VERDICT_CALLS = {
  /** From the first event on, also when it was stopped or has been done before. */
  'verdicts.judge': { input: z.strictObject({ source }) },
  /** Leaves what was found so far as it is. */
  'verdicts.stop': { input: z.strictObject({ source }) },
  /** What was judged so far as one page: a save dialog in Electron, a download in a browser. */
  'verdicts.report': {
    input: z.strictObject({
      source,
      language: z.enum(['en', 'zh']).optional(),
      theme: z.enum(['dark', 'light']).optional(),
    }),
  },
} as const

/** What did not hold, once. */
export interface FindingView {
  readonly sentence: Bilingual
  /** The events that prove it; it broke at the last one. */
  readonly events: readonly EventView[]
  readonly seq: number
  readonly t: number
}

export type VerdictStanding = 'holds' | 'broken' | 'undecided'

/** One thing that must hold at every moment. */
export interface CheckView {
  readonly id: string
  readonly group: 'invariant' | 'conformance'
  readonly name: Bilingual
  /** Where it stands in the paper or the dissertation: `5.2`, `Figure 2`, `D 4.3`. */
  readonly section: string
  readonly standing: VerdictStanding
  /** All of them; {@link findings} are the first. */
  readonly found: number
  readonly findings: readonly FindingView[]
  /** From this `seq` on it was not judged, because events are missing; −1 = there is no such. */
  readonly judgedUntil: number
}

/** Calls on one key that no order explains. */
export interface IllegalView {
  readonly part: string
  readonly drawn: Counterexample
  /** Where it shows: the answer that has no place. */
  readonly seq: number
  readonly t: number
}

/** What clients were told. */
export interface HistoryView {
  readonly standing: VerdictStanding
  /** Calls judged so far. */
  readonly calls: number
  /** Calls that came since, and are judged next. */
  readonly waiting: number
  readonly keys: number
  readonly stale: number
  readonly failed: number
  readonly illegal: readonly IllegalView[]
  /** Keys with too many possible orders. */
  readonly undecided: readonly string[]
  /** From this `seq` on calls are not judged, because there are too many; −1 = there is no such. */
  readonly judgedUntil: number
}

export interface VerdictsView {
  readonly source: 'live' | 'recording'
  /** judging: behind, and catching up · following: of a live cluster, all so far · done · stopped: by somebody · failed */
  readonly state: 'judging' | 'following' | 'done' | 'stopped' | 'failed'
  /** Events judged, of so many. */
  readonly judged: number
  readonly events: number
  readonly checks: readonly CheckView[]
  readonly history: HistoryView
  readonly problem: ProblemView | null
}

export interface VerdictOutputs {
  readonly 'verdicts.report': SaveResult
}
