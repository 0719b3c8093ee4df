/** The form of a workload: what is typed, what is wrong with it, and the plan that it makes. Pure. */
import {
  type ClientOp,
  CONSISTENCIES,
  type Consistency,
  MAX_CALLS_PER_SECOND,
  MAX_CLIENTS,
  MAX_KEYS,
  type WorkloadPlan,
  workloadPlanSchema,
} from '../../../preload/contract'
import { drawSeed, isWithin, type Range, SEEDS, type Typed } from '../../components/number-field'

export const PACES = ['closed', 'open'] as const
export const SPREADS = ['uniform', 'zipf', 'single'] as const
export const MIXED = ['put', 'get', 'cas', 'append', 'delete'] as const satisfies readonly ClientOp[]
export { CONSISTENCIES }

/** Fields that hold one number each. */
export const NUMBERS = {
  clients: { min: 1, max: MAX_CLIENTS, whole: true },
  perSecond: { min: 0.1, max: MAX_CALLS_PER_SECOND, whole: false },
  waiting: { min: 1, max: 100_000, whole: true },
  keys: { min: 1, max: MAX_KEYS, whole: true },
  valueBytes: { min: 1, max: 256 << 10, whole: true },
  seed: SEEDS,
  duration: { min: 0.001, max: 86_400, whole: false },
  timeout: { min: 100, max: 600_000, whole: false },
} as const satisfies Record<string, Range>
export type NumberField = keyof typeof NUMBERS
export const WEIGHTS: Range = { min: 0, max: 1000, whole: false }

export type WorkloadDraft = { [F in NumberField]: Typed } & {
  pace: (typeof PACES)[number]
  spread: (typeof SPREADS)[number]
  mix: Record<(typeof MIXED)[number], Typed>
  consistency: Consistency
  endless: boolean
}

export function newWorkload(seed: number = drawSeed()): WorkloadDraft {
  return {
    pace: 'closed',
    clients: 8,
    perSecond: 200,
    waiting: 10_000,
    keys: 100,
    spread: 'uniform',
    mix: { put: 1, get: 1, cas: 0, append: 0, delete: 0 },
    consistency: 'index',
    valueBytes: 64,
    seed,
    endless: true,
    duration: 60,
    timeout: 5000,
  }
}

/** Fields that do not count as the form stands are never wrong. */
function counts(draft: WorkloadDraft, field: NumberField): boolean {
  switch (field) {
    case 'clients':
      return draft.pace === 'closed'
    case 'perSecond':
    case 'waiting':
      return draft.pace === 'open'
    case 'duration':
      return !draft.endless
    default:
      return true
  }
}

/** Fields whose number cannot be sent. */
export function wrongFields(draft: WorkloadDraft): readonly NumberField[] {
  const fields = Object.keys(NUMBERS) as NumberField[]
  return fields.filter((field) => counts(draft, field) && !isWithin(draft[field], NUMBERS[field]))
}

export function mixOf(draft: WorkloadDraft): Record<ClientOp, number> | undefined {
  const mix = { put: 0, get: 0, cas: 0, append: 0, delete: 0 }
  for (const op of MIXED) {
    const weight = draft.mix[op]
    if (!isWithin(weight, WEIGHTS)) return undefined
    mix[op] = weight
  }
  return MIXED.some((op) => mix[op] > 0) ? mix : undefined
}

/** The plan, when everything can be sent; undefined otherwise. */
export function workloadPlan(draft: WorkloadDraft): WorkloadPlan | undefined {
  const mix = mixOf(draft)
  if (mix === undefined || wrongFields(draft).length > 0) return undefined
  const pace =
    draft.pace === 'closed'
      ? { type: 'closed', clients: draft.clients }
      : { type: 'open', perSecond: draft.perSecond, waiting: draft.waiting }
  const parsed = workloadPlanSchema.safeParse({
    pace,
    keys: { count: draft.keys, spread: draft.spread },
    mix,
    consistency: draft.consistency,
    valueBytes: draft.valueBytes,
    seed: draft.seed,
    durationMs: draft.endless ? null : Math.round(Number(draft.duration) * 1000),
    timeoutMs: draft.timeout,
  })
  return parsed.success ? parsed.data : undefined
}
