import type { Entry, Index, NodeId } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

/**
 * State Machine Safety: if a server has applied a log entry at a given index to its state machine, no other server will
 * ever apply a different log entry for the same index. And each applies every entry, in order, once.
 */
export class StateMachineSafety implements Invariant {
  readonly name = 'State Machine Safety'
  readonly section = 'paper Figure 3, §5.4.3'
  readonly #applied: Entry[] = []
  readonly #lastApplied = new Map<NodeId, Index>()

  afterStep({ node, before, after, effects }: StepView): void {
    if (!before) this.#lastApplied.set(node, 0)
    let last = this.#lastApplied.get(node) ?? 0
    for (const entry of effects.committed) {
      if (entry.index !== last + 1) throw new Violation(this, `node ${node} applies ${entry.index} after ${last}`)
      last = entry.index
      const first = this.#applied[entry.index - 1]
      if (!first) this.#applied[entry.index - 1] = entry
      else if (!same(first, entry)) {
        throw new Violation(this, `node ${node} applies ${show(entry)}, another node applied ${show(first)}`)
      }
    }
    if (after.commitIndex !== last) {
      throw new Violation(this, `node ${node} has commitIndex ${after.commitIndex} but was told to apply up to ${last}`)
    }
    this.#lastApplied.set(node, last)
  }
}
