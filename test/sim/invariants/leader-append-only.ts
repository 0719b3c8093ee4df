import type { Entry, NodeId } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { holds, show, Violation } from './invariant'

/** Leader Append-Only: a leader never overwrites or deletes entries in its log; it only appends new entries. */
export class LeaderAppendOnly implements Invariant {
  readonly name = 'Leader Append-Only'
  readonly section = 'paper Figure 3, §5.3'
  /** The last entry of each node's log while it leads. */
  readonly #ends = new Map<NodeId, Entry | undefined>()

  afterStep({ node, before, after, effects, log }: StepView): void {
    if (after.role !== 'leader') {
      this.#ends.delete(node)
      return
    }
    if (before?.role === 'leader' && before.currentTerm === after.currentTerm) {
      const end = this.#ends.get(node)
      const { truncateFrom, install } = effects.write ?? {}
      if (truncateFrom !== undefined || install !== undefined || after.lastIndex < before.lastIndex) {
        throw new Violation(this, `leader ${node} removed entries`)
      }
      if (end && !holds(log, end)) {
        throw new Violation(this, `leader ${node} replaced ${show(end)} by ${show(log.at(end.index))}`)
      }
    }
    this.#ends.set(node, log.last)
  }
}
