import type { Entry, Index, NodeId, Term } from '../../../main/raft'
import type { LogImage } from '../log-image'
import type { Committed } from './committed'
import type { Invariant, StepView } from './invariant'
import { holds, show, Violation } from './invariant'

interface Leadership {
  readonly node: NodeId
  readonly term: Term
  readonly log: LogImage
}

/**
 * Leader Completeness: if a log entry is committed in a given term, then that entry will be present in the logs of the
 * leaders for all higher-numbered terms. By Log Matching the last such entry vouches for those before it.
 */
export class LeaderCompleteness implements Invariant {
  readonly name = 'Leader Completeness'
  readonly section = 'paper Figure 3, §5.4'
  readonly #committed: Committed
  /** Each leader's log when it was elected: later it only grows. */
  readonly #leaders: Leadership[] = []
  #seen: Index = 0

  /** `committed` must have seen each step before this. */
  constructor(committed: Committed) {
    this.#committed = committed
  }

  afterStep({ node, before, after, log }: StepView): void {
    const term = after.currentTerm
    if (after.role === 'leader' && !(before?.role === 'leader' && before.currentTerm === term)) {
      const leader = { node, term, log: log.copy() }
      this.#leaders.push(leader)
      for (let index = this.#seen; index > 0; index -= 1) {
        const committed = this.#committed.at(index)!
        if (committed.term >= term) continue
        this.#require(leader, committed.entry)
        break
      }
    }
    if (this.#seen === this.#committed.lastIndex) return
    this.#seen = this.#committed.lastIndex
    const last = this.#committed.at(this.#seen)!
    for (const leader of this.#leaders) if (leader.term > last.term) this.#require(leader, last.entry)
  }

  #require({ node, term, log }: Leadership, entry: Entry): void {
    if (holds(log, entry)) return
    const own = show(log.at(entry.index))
    throw new Violation(this, `the leader of term ${term}, node ${node}, has ${own} where ${show(entry)} is committed`)
  }
}
