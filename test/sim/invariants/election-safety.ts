import type { NodeId, Term } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/** Election Safety: at most one leader can be elected in a given term. */
export class ElectionSafety implements Invariant {
  readonly name = 'Election Safety'
  readonly section = 'paper Figure 3, §5.2'
  readonly #leaders = new Map<Term, NodeId>()

  afterStep({ node, after }: StepView): void {
    if (after.role !== 'leader') return
    const first = this.#leaders.get(after.currentTerm)
    if (first === undefined) this.#leaders.set(after.currentTerm, node)
    else if (first !== node) throw new Violation(this, `${first} and ${node} both lead in term ${after.currentTerm}`)
  }
}
