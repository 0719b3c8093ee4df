/** What was asked of the cluster besides faults and calls, in words. */
import { CHANGE_REFUSALS, type OperationState, TRANSFER_REFUSALS } from '../../preload/contract'
import { OPERATION_TYPES, type OperationSubject, operationSubject, operationText } from '../../preload/contract/diagram'

export { OPERATION_TYPES, type OperationSubject, operationSubject, operationText }

type Translate = (key: string, named?: Record<string, unknown>) => string

const REASONS = [...CHANGE_REFUSALS, ...TRANSFER_REFUSALS]

/** Why an operation failed, in a few words: the core's reason where there is one, else the problem's code. */
export function failureText(t: Translate, operation: Pick<OperationState, 'detail' | 'problem'>): string {
  const { reason } = operationSubject(operation.detail)
  const known = REASONS.find((each) => each === reason)
  return known === undefined ? operation.problem : t(`membership.reasons.${known}`)
}

/** What is being done to a node right now. */
export type Passage = 'joining' | 'leaving' | 'rebuilding'

/** @param outsiders nodes that are no members: one of them is what is being added, as long as nobody says which */
export function passagesOf(
  operations: readonly OperationState[],
  outsiders: readonly number[],
): ReadonlyMap<number, Passage> {
  const passages = new Map<number, Passage>()
  for (const { type, detail, outcome } of operations) {
    if (outcome !== 'pending') continue
    const { node, changes } = operationSubject(detail)
    if (type === 'add-node') for (const id of node > 0 ? [node] : outsiders) passages.set(id, 'joining')
    else if (node > 0 && type === 'remove-node') passages.set(node, 'leaving')
    else if (node > 0 && type === 'rebuild') passages.set(node, 'rebuilding')
    else if (type === 'change')
      for (const change of changes) if (change.role === 'removed') passages.set(change.node, 'leaving')
  }
  return passages
}
