import type { Index, NodeId, SnapshotMeta } from '../../../main/raft'
import { sameConfiguration } from '../../../main/raft/configuration'
import type { Cluster, Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/**
 * A snapshot equals the prefix that it replaces: of one index there is one state, whoever took it. And no log is cut
 * before a durable snapshot covers what goes.
 */
export class Snapshots implements Invariant {
  readonly name = 'Snapshots equal their prefix'
  readonly section = 'paper §7; dissertation §5'
  readonly #cluster: Cluster
  readonly #first = new Map<Index, { readonly node: NodeId; readonly snapshot: SnapshotMeta }>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  afterStep({ node, after, effects }: StepView): void {
    const compactTo = effects.write?.compactTo
    if (!compactTo) return
    const covered = Math.max(after.snapshot?.index ?? 0, effects.write?.install?.snapshot.index ?? 0)
    const durable = this.#cluster.imageOf(node).snapshot?.index ?? 0
    if (compactTo.index > Math.min(covered, Math.max(durable, effects.write?.install?.snapshot.index ?? 0))) {
      throw new Violation(this, `node ${node} forgets up to ${compactTo.index}, a snapshot covers ${durable}`)
    }
  }

  onSnapshot(node: NodeId, snapshot: SnapshotMeta): void {
    const { index, term, bytes, checksum, configuration } = snapshot
    const first = this.#first.get(index)
    if (!first) {
      // A witness has nothing to compare with.
      if (bytes > 0) this.#first.set(index, { node, snapshot })
      return
    }
    const other = first.snapshot
    const isSame = other.term === term && sameConfiguration(other.configuration, configuration)
    const isSameState = bytes === 0 || (other.bytes === bytes && other.checksum === checksum)
    if (isSame && isSameState) return
    const what = `${JSON.stringify(snapshot)}, node ${first.node} ${JSON.stringify(other)}`
    throw new Violation(this, `node ${node} saves ${what}`)
  }
}
