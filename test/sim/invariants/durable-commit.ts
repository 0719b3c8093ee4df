import type { Entry, Index, Message, NodeId } from '../../../main/raft'
import type { Cluster, Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

/**
 * What is committed is on the disks of a majority, from that moment on and for good. What a
 * server takes for durable is on its disk, and an acknowledgement speaks only of what is.
 */
export class DurableCommit implements Invariant {
  readonly name = 'Durable commit'
  readonly section = 'paper §5.3, §5.4.2, Figure 2 "Persistent state"'
  readonly #cluster: Cluster
  readonly #committed = new Map<Index, Entry>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Everything that any server ever counted as committed, by index. */
  get committed(): ReadonlyMap<Index, Entry> {
    return this.#committed
  }

  afterStep({ node, after, effects, log }: StepView): void {
    const { durableIndex } = after
    const onDisk = this.#cluster.disks.get(node)!.entries[durableIndex - 1]
    if (durableIndex > 0 && !same(onDisk, log[durableIndex - 1])) {
      throw new Violation(
        this,
        `${node} takes ${show(log[durableIndex - 1])} for durable, its disk has ${show(onDisk)}`,
      )
    }
    for (const entry of effects.committed) {
      if (this.#committed.has(entry.index)) continue
      this.#committed.set(entry.index, entry)
      this.#requireMajority(entry, this.#cluster.voters, `${node} commits ${show(entry)}`)
    }
  }

  onSend(message: Message): void {
    if (message.type !== 'AppendEntriesReply' || !message.success) return
    const { hardState, entries } = this.#cluster.disks.get(message.from)!
    // What it acknowledges to a leader of the past may be replaced by now.
    if (hardState.currentTerm <= message.term && entries.length < message.matchIndex) {
      const end = `its disk ends at ${entries.length}`
      throw new Violation(this, `${message.from} acknowledges ${message.matchIndex} but ${end}`)
    }
  }

  /** A server outside the majority may drop a committed entry that it does not know to be committed. */
  onTruncate(node: NodeId, entries: readonly Entry[]): void {
    const others = this.#cluster.voters.filter((voter) => voter !== node)
    for (const entry of entries) {
      if (!same(this.#committed.get(entry.index), entry)) continue
      this.#requireMajority(entry, others, `the disk of ${node} drops the committed ${show(entry)}`)
    }
  }

  #requireMajority(entry: Entry, among: readonly NodeId[], what: string): void {
    const { voters, disks } = this.#cluster
    const holders = among.filter((voter) => same(disks.get(voter)!.entries[entry.index - 1], entry))
    if (holders.length * 2 <= voters.length)
      throw new Violation(this, `${what}, then only on the disks of [${holders}]`)
  }
}
