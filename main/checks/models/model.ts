/** What an object does when its calls come one after the other: what a history is compared with. */
import type { Operation } from '../history/operation'

export interface Model<I, O> {
  readonly name: string
  /** What it holds before any call. States are strings, so that equal ones are one. */
  readonly initial: string
  /**
   * The state after this call, or undefined when this answer cannot be given in `state`. Without an output, the call takes
   * effect whatever it would have answered.
   */
  step(state: string, input: I, output: O | undefined): string | undefined
  /** Whether it leaves every state that allows this answer as it is. */
  onlyLooks(input: I, output: O | undefined): boolean
  /** The only state in which this can be the answer, or, without one, in which it changes something; undefined: there are more. */
  needs(input: I, output: O | undefined): string | undefined
  /** The only state in which this cannot be the answer, where it depends on what is there otherwise; undefined: there is none, or more. */
  forbids(input: I, output: O | undefined): string | undefined
  /** The only state that it can leave behind when it changes something; undefined: that depends on what was there. */
  makes(input: I): string | undefined
  /** What it adds to the end of what was there; undefined: it adds nothing. */
  adds(input: I): string | undefined
  /** Whether `whole` can come of `start` by calls that {@link adds | add} something; then it begins with `start`. */
  growsFrom(whole: string, start: string): boolean
  /** Whether every right history of this call and `rest` is right without it: it changed nothing, or nobody can have seen what. */
  isTraceless(input: I, output: O | undefined, rest: readonly Operation<I, O>[]): boolean
  /** Calls with different names never touch each other: each part is judged alone. Left out: there is one part. */
  part?(input: I): string
  /** A call as people read it: `put k1 v → ok`. */
  spell(input: I, output: O | undefined): string
  /** A state as people read it. */
  spellState(state: string): string
}
