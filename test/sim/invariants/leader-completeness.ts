import type { Entry, NodeId, Term } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

interface Leadership {
  readonly node: NodeId
  readonly term: Term
  readonly log: readonly Entry[]
}

/**
 * Leader Completeness: if a log entry is committed in a given term, then that entry will be present in the logs of the
 * leaders for all higher-numbered terms.
 */
export class LeaderCompleteness implements Invariant {
  readonly name = 'Leader Completeness'
  readonly section = 'paper Figure 3, §5.4'
  /** Each leader's log when it was elected: later it only grows. */
  readonly #leaders: Leadership[] = []
  /** By index, from 1: the entry, and the lowest term in which it is known to be committed. */
  readonly #committed: { readonly entry: Entry; readonly term: Term }[] = []

  afterStep({ node, before, after, effects, log }: StepView): void {
    const term = after.currentTerm
    if (after.role === 'leader' && !(before?.role === 'leader' && before.currentTerm === term)) {
      const leader = { node, term, log: [...log] }
      this.#leaders.push(leader)
      for (const committed of this.#committed) if (committed.term < term) this.#require(leader, committed.entry)
    }
    if (effects.committed.length === 0) return
    const later = this.#leaders.filter((leader) => leader.term > term)
    for (const entry of effects.committed) {
      this.#committed[entry.index - 1] ??= { entry, term }
      for (const leader of later) this.#require(leader, entry)
    }
  }

  #require(leader: Leadership, entry: Entry): void {
    const own = leader.log[entry.index - 1]
    if (same(own, entry)) return
    const what = `the leader of term ${leader.term}, node ${leader.node}, has ${show(own)}`
    throw new Violation(this, `${what} where ${show(entry)} is committed`)
  }
}
