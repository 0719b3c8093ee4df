import type { StepStanding } from '../../../preload/contract'

/** A step as the list shows it. */
export interface GuideStep {
  readonly number: number
  readonly standing: StepStanding
  /** The standing in words: the sign alone says it to the eye only. */
  readonly standingWords: string
  readonly words: string
  readonly time: string
  /** What choosing it does; empty = it cannot be chosen. */
  readonly act: string
}
