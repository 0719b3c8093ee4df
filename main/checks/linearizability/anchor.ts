/** Where a history may be cut: what was before some calls has nothing to do with what comes after them. */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'

export interface Placed<I, O> {
  readonly place: number
  readonly operation: Operation<I, O>
}

/**
 * The call and what did not end before it began. What went on beside it may have come before it as well, so that must be possible in any
 * state, or be without trace. Undefined: it is neither.
 */
export function sinceAnchor<I, O>(
  model: Model<I, O>,
  calls: readonly Placed<I, O>[],
  anchor: Placed<I, O>,
): readonly Placed<I, O>[] | undefined {
  const { from, to } = anchor.operation
  const since: Placed<I, O>[] = []
  for (const call of calls) {
    const { operation } = call
    const { input, output } = operation
    if (operation.to < from) continue
    const isBeside = call !== anchor && operation.from <= to && output !== undefined
    if (isBeside && model.onlyLooks(input, output)) continue
    if (isBeside && !isUnconditional(model, input, output)) return undefined
    since.push(call)
  }
  return since
}

/** Whether it was done, and leaves the same behind whatever was there. */
export function isAnchor<I, O>(model: Model<I, O>, { input, output }: Operation<I, O>): boolean {
  const isSame = model.makes(input) !== undefined && model.needs(input, undefined) === undefined
  return isSame && output !== undefined && isUnconditional(model, input, output)
}

/** Whether it changes something and can be answered so in every state. */
function isUnconditional<I, O>(model: Model<I, O>, input: I, output: O | undefined): boolean {
  const isFree = model.needs(input, output) === undefined && model.forbids(input, output) === undefined
  return isFree && !model.onlyLooks(input, output)
}
