import type { Index, NodeId } from '../../../main/raft'
import type { Committed } from './committed'
import type { Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

/**
 * State Machine Safety: if a server has applied a log entry at a given index to its state machine, no other server will
 * ever apply a different log entry for the same index. And each applies every entry, in order, once, from where the
 * snapshot ends that it was restored from.
 */
export class StateMachineSafety implements Invariant {
  readonly name = 'State Machine Safety'
  readonly section = 'paper Figure 3, §5.4.3'
  readonly #committed: Committed
  readonly #lastApplied = new Map<NodeId, Index>()

  /** `committed` must have seen each step before this. */
  constructor(committed: Committed) {
    this.#committed = committed
  }

  afterStep({ node, before, after, effects }: StepView): void {
    // A process that starts loads its snapshot before its core does anything.
    let last = before ? (this.#lastApplied.get(node) ?? 0) : 0
    const restored = before ? effects.restore : after.snapshot
    if (restored) {
      const { index, term } = restored
      if (index <= last) throw new Violation(this, `node ${node} goes back from ${last} to a snapshot of ${index}`)
      const committed = this.#committed.at(index)
      if (committed?.entry.term !== term) {
        throw new Violation(this, `node ${node} restores ${index}@${term}, committed is ${show(committed?.entry)}`)
      }
      last = index
    }
    for (const entry of effects.committed) {
      if (entry.index !== last + 1) throw new Violation(this, `node ${node} applies ${entry.index} after ${last}`)
      last = entry.index
      const first = this.#committed.at(entry.index)?.entry
      if (!same(first, entry)) {
        throw new Violation(this, `node ${node} applies ${show(entry)}, another node applied ${show(first)}`)
      }
    }
    if (after.commitIndex !== last) {
      throw new Violation(this, `node ${node} has commitIndex ${after.commitIndex} but was told to apply up to ${last}`)
    }
    this.#lastApplied.set(node, last)
  }
}
