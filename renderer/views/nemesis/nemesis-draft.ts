/** The form of a nemesis: what is typed, what is wrong with it, and the plan that it makes. Pure. */
import {
  MAX_NEMESIS_MS,
  NEMESIS_PACKAGES,
  type NemesisPackage,
  type NemesisPlan,
  nemesisPlanSchema,
} from '../../../preload/contract'
import { drawSeed, isWithin, type Range, SEEDS, type Typed } from '../../components/number-field'

export const NUMBERS = {
  seed: SEEDS,
  duration: { min: 0.001, max: MAX_NEMESIS_MS / 1000, whole: false },
  quiet: { min: 0, max: 3600, whole: false },
  maxDown: { min: 0, max: 51, whole: true },
} as const satisfies Record<string, Range>
export type NumberField = keyof typeof NUMBERS
export const RATES: Range = { min: 0, max: 600, whole: false }
export const LASTING: Range = { min: 1, max: 600_000, whole: false }

export interface PackageDraft {
  on: boolean
  perMinute: Typed
  minMs: Typed
  maxMs: Typed
}
export type NemesisDraft = { [F in NumberField]: Typed } & { packages: Record<NemesisPackage, PackageDraft> }

const RATE: Readonly<Record<NemesisPackage, number>> = {
  process: 6,
  partition: 4,
  link: 6,
  disk: 2,
  clock: 4,
  membership: 1,
}

export function newNemesis(seed: number = drawSeed()): NemesisDraft {
  const entry = (name: NemesisPackage): [NemesisPackage, PackageDraft] => [
    name,
    { on: name !== 'disk' && name !== 'membership', perMinute: RATE[name], minMs: 500, maxMs: 5000 },
  ]
  const packages = Object.fromEntries(NEMESIS_PACKAGES.map(entry)) as Record<NemesisPackage, PackageDraft>
  return { seed, duration: 60, quiet: 5, maxDown: '', packages }
}

/** What is wrong: a field of the plan, or one of a package. */
export type Wrong =
  | { readonly field: NumberField }
  | { readonly package: NemesisPackage; readonly field: 'perMinute' | 'minMs' | 'maxMs' | 'order' }
  | { readonly field: 'none' }

export function wrongOf(draft: NemesisDraft): readonly Wrong[] {
  const wrong: Wrong[] = []
  for (const field of Object.keys(NUMBERS) as NumberField[]) {
    const empty = field === 'maxDown' && draft[field] === ''
    if (!empty && !isWithin(draft[field], NUMBERS[field])) wrong.push({ field })
  }
  const on = NEMESIS_PACKAGES.filter((name) => draft.packages[name].on)
  for (const name of on) {
    const { perMinute, minMs, maxMs } = draft.packages[name]
    if (!isWithin(perMinute, RATES)) wrong.push({ package: name, field: 'perMinute' })
    if (!isWithin(minMs, LASTING)) wrong.push({ package: name, field: 'minMs' })
    else if (!isWithin(maxMs, LASTING)) wrong.push({ package: name, field: 'maxMs' })
    else if (minMs > maxMs) wrong.push({ package: name, field: 'order' })
  }
  if (on.length === 0) wrong.push({ field: 'none' })
  return wrong
}

/** The plan, when everything can be sent; undefined otherwise. */
export function nemesisPlan(draft: NemesisDraft): NemesisPlan | undefined {
  if (wrongOf(draft).length > 0) return undefined
  const on = NEMESIS_PACKAGES.filter((name) => draft.packages[name].on)
  const packages = on.map((name) => {
    const { perMinute, minMs, maxMs } = draft.packages[name]
    return [name, { perMinute, lasting: { minMs, maxMs } }]
  })
  const parsed = nemesisPlanSchema.safeParse({
    seed: draft.seed,
    durationMs: Math.round(Number(draft.duration) * 1000),
    quietMs: Math.round(Number(draft.quiet) * 1000),
    ...(draft.maxDown === '' ? {} : { maxDown: draft.maxDown }),
    packages: Object.fromEntries(packages),
  })
  return parsed.success ? parsed.data : undefined
}
