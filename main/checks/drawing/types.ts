/** A history that has no right order, as it is drawn: plain values, made where the history is judged. */

export type Language = 'en' | 'zh'
export type Bilingual = Readonly<Record<Language, string>>

/**
 * placed: the `nth` of the longest order in which every answer is right, and what was there after it · stuck: it would have to be
 * next, but not with this answer in this state · after: it comes after a stuck one · unplaced: nobody knows whether it took effect,
 * and the order does without it.
 */
export type Standing =
  | { readonly kind: 'placed'; readonly nth: number; readonly state: string }
  | { readonly kind: 'stuck'; readonly state: string }
  | { readonly kind: 'after' }
  | { readonly kind: 'unplaced' }

export interface DrawnCall {
  readonly process: number
  /** What it asked and was told, as its model spells it. */
  readonly text: string
  /** In the unit of the whole. */
  readonly from: number
  /** Null: it was never answered for certain. */
  readonly to: number | null
  /** `seq` of its events, or lines of the history. */
  readonly call: number
  readonly answer: number
  readonly standing: Standing
}

/** Something that went on meanwhile. */
export interface Band {
  readonly kind: 'leader' | 'fault'
  readonly from: number
  /** Null: it went on. */
  readonly to: number | null
  readonly text: Bilingual
}

export interface Counterexample {
  /** Which key; empty where the history is of one thing. */
  readonly part: string
  /** What was there before any call. */
  readonly initial: string
  /** Nanoseconds of a timeline, or places in the order of a history that tells no times. */
  readonly unit: 'ns' | 'order'
  readonly calls: readonly DrawnCall[]
  readonly bands: readonly Band[]
}
