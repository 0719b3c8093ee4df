import type { Fields } from './recorded'

/** One thing that was done, as a step; what came of it later is added to it. */
export interface Act {
  /** Undefined: a step that there is not; the comment says what it was. */
  step: Fields | undefined
  comment: string
}
