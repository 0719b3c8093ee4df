/** The five properties of the paper's Figure 3, and what else must hold after every step. */
import type { Entry, Message, NodeId, SnapshotMeta, Term } from '../../../main/raft'
import { DurableAcknowledgement } from './acknowledgement'
import { Committed } from './committed'
import { ConfigurationSteps } from './configuration'
import { ElectionSafety } from './election-safety'
import { History } from './history'
import type { Cluster, Invariant, StepView } from './invariant'
import { LeaderAppendOnly } from './leader-append-only'
import { LeaderCompleteness } from './leader-completeness'
import { Leadership } from './leadership'
import { LinearizableReads } from './linearizable-reads'
import { LogMatching } from './log-matching'
import { Monotonic } from './monotonic'
import { ObservationFold } from './observation-fold'
import { OneVote } from './one-vote'
import { Snapshots } from './snapshots'
import { StateMachineSafety } from './state-machine-safety'

export class Invariants {
  /** What the run was made of. */
  readonly counted = { steps: 0, elections: 0, snapshots: 0, installs: 0, reads: 0 }
  readonly committed: Committed
  readonly history = new History()
  readonly #all: readonly Invariant[]

  constructor(cluster: Cluster) {
    this.committed = new Committed(cluster)
    this.#all = [
      new ElectionSafety(),
      new LeaderAppendOnly(),
      new LogMatching(),
      // Those behind rest on it.
      this.committed,
      new LeaderCompleteness(this.committed),
      new StateMachineSafety(this.committed),
      new LinearizableReads(this.committed),
      new OneVote(cluster),
      new DurableAcknowledgement(cluster),
      new Monotonic(cluster),
      new ConfigurationSteps(),
      new Leadership(),
      new Snapshots(cluster),
      new ObservationFold(),
    ]
  }

  afterStep(view: StepView): void {
    const { before, after, effects } = view
    this.counted.steps += 1
    if (after.role === 'leader' && before?.role !== 'leader') this.counted.elections += 1
    if (effects.write?.install) this.counted.installs += 1
    for (const { ok } of effects.reads) if (ok) this.counted.reads += 1
    for (const invariant of this.#all) invariant.afterStep?.(view)
  }

  onSend(message: Message): void {
    for (const invariant of this.#all) invariant.onSend?.(message)
  }

  onTruncate(node: NodeId, entries: readonly Entry[], term: Term): void {
    for (const invariant of this.#all) invariant.onTruncate?.(node, entries, term)
  }

  onSnapshot(node: NodeId, snapshot: SnapshotMeta): void {
    this.counted.snapshots += 1
    for (const invariant of this.#all) invariant.onSnapshot?.(node, snapshot)
  }

  onForget(node: NodeId): void {
    for (const invariant of this.#all) invariant.onForget?.(node)
  }
}
