import type { Message } from '../../../main/raft'
import type { Cluster, Invariant } from './invariant'
import { Violation } from './invariant'

/** An acknowledgement speaks only of what is on the disk of who gives it. */
export class DurableAcknowledgement implements Invariant {
  readonly name = 'Durable acknowledgement'
  readonly section = 'paper §5.3, Figure 2 "Persistent state"; dissertation §10.2.1'
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  onSend(message: Message): void {
    if (message.type === 'AppendEntriesReply' && message.success) this.#require(message, message.matchIndex)
    if (message.type === 'InstallSnapshotReply' && message.installed) this.#require(message, message.index)
  }

  #require({ from, term }: Message, index: number): void {
    const { hardState, log, snapshot } = this.#cluster.imageOf(from)
    if (hardState.currentTerm < term) {
      throw new Violation(this, `${from} answers in term ${term}, its disk is in term ${hardState.currentTerm}`)
    }
    // What it acknowledges to a leader of the past may be replaced by now.
    if (hardState.currentTerm > term || index <= Math.max(log.lastIndex, snapshot?.index ?? 0)) return
    throw new Violation(this, `${from} acknowledges ${index} but its disk ends at ${log.lastIndex}`)
  }
}
