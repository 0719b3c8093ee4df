/** What a client asked and was told: the words in which a history of calls is judged. */

/**
 * One call. `process` is a client, which waits for one answer at a time. `from` and `to` are on one clock, in any unit; a call
 * without a certain answer has no end: it may take effect at any time after `from`, or never.
 */
export interface Operation<I, O> {
  readonly process: number
  readonly input: I
  /** Undefined: unknown whether it took effect. */
  readonly output: O | undefined
  readonly from: number
  /** Infinity when `output` is undefined. */
  readonly to: number
  /** Where it stands in what it was read from: the `seq` of its events, or line numbers. */
  readonly place: { readonly call: number; readonly answer: number }
}
