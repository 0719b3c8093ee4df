import type { Sentences } from './sentences'

/** Those about the steps of a scenario that is played, which stand in a file of their own. */
export type PlayingSentences = Pick<
  Sentences,
  | 'scenario-unknown'
  | 'scenario-unmet'
  | 'scenario-late'
  | 'scenario-not-refused'
  | 'scenario-name'
  | 'scenario-never'
  | 'scenario-limit'
>
