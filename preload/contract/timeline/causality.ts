/** What happened because of what, and where on the timeline something is found. */
import { z } from 'zod'
import type { ChainStep } from '../../../main/timeline/causality/types'
import { STEPS } from '../../../main/timeline/search/steps'
import type { EventView } from '../views'

export {
  type ChainStep,
  type Cone,
  type Direction,
  RELATIONS,
  type Relation,
} from '../../../main/timeline/causality/types'
/** The filter language: pure, no call is needed. */
export { type Filter, parseFilter } from '../../../main/timeline/search/filter'
export { isStep, STEPS, type Step } from '../../../main/timeline/search/steps'

const MAX_FILTER_TEXT = 2_000
const MAX_CONE = 50_000
/** Events of which one answer of a search tells; then it is asked on. */
export const FIND_BUDGET = 100_000

const source = z.enum(['live', 'recording'])
const seq = z.number().int().min(0)
const text = z.string().max(MAX_FILTER_TEXT)
/** Of two that are asked under one name, only the newer is finished. */
const job = z.string().min(1).max(64)

export const CAUSALITY_CALLS = {
  /** Null: something else was asked under this name meanwhile. */
  'timeline.cone': {
    input: z.strictObject({
      source,
      seq,
      direction: z.enum(['past', 'future']),
      limit: z.number().int().min(1).max(MAX_CONE),
      /** Nanoseconds from the event; left out = as far as it takes. */
      span: z.number().positive().optional(),
      job,
    }),
  },
  /** The chain that explains an event, in the order of the timeline; empty when there is no such event. */
  'timeline.why': { input: z.strictObject({ source, seq, job }) },
  /** A shortest chain between two events, whichever came first; null when neither happened because of the other. */
  'timeline.path': { input: z.strictObject({ source, from: seq, to: seq, job }) },
  /** The next match at `seq` or after it, or the last one before it. */
  'timeline.find': {
    input: z.strictObject({
      source,
      what: z.union([
        z.strictObject({ text }),
        z.strictObject({ step: z.enum(STEPS), node: z.number().int().min(0).max(65_535) }),
      ]),
      seq,
      by: z.union([z.literal(1), z.literal(-1)]),
    }),
  },
  /** How many events from `fromSeq` (up to `toSeq`) match. */
  'timeline.count': { input: z.strictObject({ source, text, fromSeq: seq, toSeq: seq.optional() }) },
  /** Gives up what is being worked out under this name. */
  'timeline.cancel': { input: z.strictObject({ job }) },
} as const

export interface ConeView {
  readonly seqs: readonly number[]
  /** There are more, further away. */
  readonly more: boolean
}

export interface FoundView {
  readonly match: { readonly seq: number; readonly t: number } | null
  /** Where to ask on; null when nothing is left in this direction, or there is a match. */
  readonly next: number | null
}

export type ChainView = readonly ChainStep<EventView>[]

export interface CausalityOutputs {
  readonly 'timeline.cone': ConeView | null
  readonly 'timeline.why': ChainView | null
  readonly 'timeline.path': { readonly steps: ChainView | null } | null
  readonly 'timeline.find': FoundView
  readonly 'timeline.count': { readonly matches: number; readonly next: number | null }
}
