/** Numbers that a person types into a form, and whether they can be sent. Pure. */

/** What `v-model.number` leaves: a number, or text that is none. */
export type Typed = number | string

export interface Range {
  readonly min: number
  readonly max: number
  readonly whole: boolean
}

export function isWithin(value: Typed, { min, max, whole }: Range): value is number {
  return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
}

/** Of a generator: 0…2^32 − 1. */
export const SEEDS: Range = { min: 0, max: 0xffff_ffff, whole: true }

/** A seed that is short enough to be read out. */
export const drawSeed = (): number => 1 + Math.floor(Math.random() * 99_999)
