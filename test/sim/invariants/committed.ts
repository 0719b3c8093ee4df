import type { Configuration, Entry, Index, NodeId, Term } from '../../../main/raft'
import type { LogImage } from '../log-image'
import type { Cluster, Invariant, StepView } from './invariant'
import { holds, same, show, Violation } from './invariant'

export interface CommittedEntry {
  readonly entry: Entry
  /** The lowest term in which it is known to be committed. */
  readonly term: Term
}

/**
 * What is committed stays so, and it is durable on a majority of the voters of the configuration in force, and on one of
 * the outgoing voters too while that is joint. Learners do not count, and a leader counts itself only as a voter.
 */
export class Committed implements Invariant {
  readonly name = 'Durable commit'
  readonly section = 'paper §5.3, §5.4.2, §6, Figure 2 "Persistent state"'
  readonly #cluster: Cluster
  /** Entry `index` at `index`; 0 is not used. */
  readonly #entries: (CommittedEntry | undefined)[] = [undefined]

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The highest index that any server knows to be committed. */
  get lastIndex(): Index {
    return this.#entries.length - 1
  }

  at(index: Index): CommittedEntry | undefined {
    return this.#entries[index]
  }

  afterStep({ node, before, after, effects, log }: StepView): void {
    const { durableIndex } = after
    const { log: disk, snapshot } = this.#cluster.imageOf(node)
    if (durableIndex > log.base.index && !holds(disk, log.at(durableIndex)!, snapshot?.index)) {
      const onDisk = show(disk.at(durableIndex))
      throw new Violation(this, `${node} takes ${show(log.at(durableIndex))} for durable, its disk has ${onDisk}`)
    }
    for (const entry of effects.committed) {
      if (entry.index < this.#entries.length) continue
      if (entry.index !== this.#entries.length) {
        throw new Violation(this, `${node} commits ${entry.index}, but nobody committed ${this.#entries.length}`)
      }
      this.#entries.push({ entry, term: after.currentTerm })
      // A step may commit by one configuration and append the next.
      const configurations = before ? [before.configuration, after.configuration] : [after.configuration]
      this.#requireMajority(entry, configurations, node)
    }
  }

  onTruncate(node: NodeId, entries: readonly Entry[], term: Term): void {
    for (const entry of entries) {
      const committed = this.#entries[entry.index]
      // A server of an older term may drop what it cannot know to be committed since; it will get it again (§5.4).
      if (!committed || term < committed.term || !same(committed.entry, entry)) continue
      throw new Violation(this, `the disk of ${node} drops the committed ${show(entry)} in term ${term}`)
    }
  }

  /** In the end, a log holds all that was ever committed. */
  requireLog(node: NodeId, log: LogImage): void {
    for (let index = log.base.index + 1; index < this.#entries.length; index += 1) {
      const { entry } = this.#entries[index]!
      if (same(log.at(index), entry)) continue
      throw new Violation(this, `node ${node} has ${show(log.at(index))} where ${show(entry)} is committed`)
    }
  }

  #requireMajority(entry: Entry, configurations: readonly Configuration[], node: NodeId): void {
    const isHolder = (id: NodeId) => {
      const { log, snapshot } = this.#cluster.imageOf(id)
      return holds(log, entry, snapshot?.index)
    }
    const isMajority = (voters: readonly NodeId[]) => voters.filter(isHolder).length * 2 > voters.length
    const isCommitted = ({ voters, outgoing }: Configuration) =>
      isMajority(voters) && (outgoing.length === 0 || isMajority(outgoing))
    if (configurations.some(isCommitted)) return
    const holders = this.#cluster.nodes.filter(isHolder)
    const among = JSON.stringify(configurations)
    throw new Violation(this, `${node} commits ${show(entry)}, then only on the disks of [${holders}] of ${among}`)
  }
}
