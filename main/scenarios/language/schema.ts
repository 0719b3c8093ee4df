/**
 * A scenario: what a file of the language holds. The published JSON Schema (`docs/scenario.schema.json`) is made of this; positions
 * of errors come from `parse.ts`.
 */
import { z } from 'zod'
import { INVARIANTS } from '../../checks/invariants'
import { BUG_IDS } from '../../node/contract/bugs'
import { MAX_NODES } from '../../node/contract/limits'
import { conditionSchema, conditionsSchema } from './conditions'
import { STEPS, type Step, type StepKind } from './steps'
import { chanceSchema, durationSchema, textSchema } from './values'

z.config({ jitless: true })

export const LANGUAGE_VERSION = 1

const TAGS = [
  'election',
  'replication',
  'commit',
  'membership',
  'snapshot',
  'clients',
  'reads',
  'storage',
  'faults',
  'bug',
] as const

const stepSchemas = Object.values(STEPS)
export const stepSchema = z
  .union(stepSchemas as unknown as [(typeof stepSchemas)[number], (typeof stepSchemas)[number]])
  .meta({ id: 'step' })

/** What is judged over the recording when the last step is done. What is left out is expected to hold. */
const verdictsSchema = z.strictObject({
  /** `hold`, or which of them must be found broken (all others must hold). */
  invariants: z.union([z.literal('hold'), z.array(z.enum(INVARIANTS)).min(1)]).default('hold'),
  /** The clients' history. `any`: it is not judged. */
  linearizable: z.union([z.boolean(), z.literal('any')]).default(true),
  /** Every recorded transition is one of the specification's. */
  conforms: z.union([z.boolean(), z.literal('any')]).default(true),
})

export const scenarioSchema = z.strictObject({
  scenario: z.literal(LANGUAGE_VERSION),
  /** As its file is named, without the extension. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is small letters and digits with - between them'),
  title: textSchema,
  /** What it shows and why it matters: a few sentences. */
  about: textSchema,
  /** `§5.2`, `Figure 8`, `D 4.1`. */
  source: z.string().optional(),
  tags: z.array(z.enum(TAGS)).min(1),
  cluster: z.strictObject({
    nodes: z.number().int().min(1).max(MAX_NODES).default(3),
    /** So many of them, the last ones. */
    witnesses: z.number().int().min(0).default(0),
    settings: z.record(z.string(), z.unknown()).default({}),
    /** All clocks stand and all links hold from the first moment on: nothing happens but what the steps do. */
    manual: z.boolean().default(false),
    /** One of the bug zoo: nodes that have it. */
    bug: z.enum(BUG_IDS).optional(),
  }),
  seed: chanceSchema,
  /** Of the whole run; beyond it, it has failed. */
  limit: durationSchema.default('60s'),
  steps: z.array(stepSchema).min(1).max(500),
  /** When the last step is done; each may become true within its time. */
  expect: z
    .array(z.strictObject({ that: conditionsSchema, within: durationSchema.default('5s'), say: textSchema.optional() }))
    .default([]),
  /** Watched from the first event to the last: none of these may ever hold. */
  never: z.array(z.strictObject({ that: conditionSchema, say: textSchema.optional() })).default([]),
  verdicts: verdictsSchema.prefault({}),
})
type Parsed = z.infer<typeof scenarioSchema>
export type Scenario = Readonly<Omit<Parsed, 'steps'> & { readonly steps: readonly Step[] }>

const KINDS = Object.keys(STEPS) as readonly StepKind[]

/** What a step does. */
export function kindOf(step: Step): StepKind {
  return KINDS.find((kind) => kind !== 'note' && kind in step) ?? 'note'
}
