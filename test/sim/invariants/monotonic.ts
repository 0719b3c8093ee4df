import type { NodeId, Term } from '../../../main/raft'
import type { Cluster, Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/**
 * The current term and the commit index never go back, a restart included as far as it was durable; a leader's
 * matchIndex never goes back, is less than nextIndex, and is within the leader's log.
 */
export class Monotonic implements Invariant {
  readonly name = 'Monotonic state'
  readonly section = 'paper §5.1, Figure 2'
  readonly #cluster: Cluster
  /** The highest term of each node that anybody else could have heard of. */
  readonly #said = new Map<NodeId, Term>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  afterStep({ node, before, after }: StepView): void {
    const { currentTerm, commitIndex } = after
    const atLeast = before?.currentTerm ?? Math.max(this.#said.get(node) ?? 0, this.#durableTerm(node))
    if (currentTerm < atLeast) {
      throw new Violation(this, `node ${node} goes back from term ${atLeast} to ${currentTerm}`)
    }
    if (before && commitIndex < before.commitIndex) {
      throw new Violation(this, `node ${node} goes back from commitIndex ${before.commitIndex} to ${commitIndex}`)
    }
    if (after.role !== 'leader') return
    const isSameLeadership = before?.role === 'leader' && before.currentTerm === currentTerm
    for (const { peer, matchIndex, nextIndex } of after.progress) {
      if (matchIndex >= nextIndex || nextIndex > after.lastIndex + 1) {
        throw new Violation(this, `leader ${node} has matchIndex ${matchIndex}, nextIndex ${nextIndex} for ${peer}`)
      }
      if (!isSameLeadership) continue
      const earlier = before.progress.find((view) => view.peer === peer)
      if (earlier && earlier.matchIndex > matchIndex) {
        throw new Violation(this, `leader ${node}: matchIndex of ${peer} from ${earlier.matchIndex} to ${matchIndex}`)
      }
    }
  }

  onSend({ type, from, term }: Parameters<NonNullable<Invariant['onSend']>>[0]): void {
    // These name a term that the sender is not in, or promise nothing and need not wait for the disk.
    if (type === 'RequestPreVote' || type === 'RequestPreVoteReply' || type === 'ReadIndex') return
    if (term > (this.#said.get(from) ?? 0)) this.#said.set(from, term)
  }

  onForget(node: NodeId): void {
    this.#said.delete(node)
  }

  #durableTerm(node: NodeId): Term {
    return this.#cluster.imageOf(node).hardState.currentTerm
  }
}
