import { DurableCommit } from './durable-commit'
import { ElectionSafety } from './election-safety'
import type { Cluster, Invariant } from './invariant'
import { LeaderAppendOnly } from './leader-append-only'
import { LeaderCompleteness } from './leader-completeness'
import { LogMatching } from './log-matching'
import { ObservationFold } from './observation-fold'
import { OneVote } from './one-vote'
import { StateMachineSafety } from './state-machine-safety'

export interface Invariants {
  readonly all: readonly Invariant[]
  readonly durableCommit: DurableCommit
}

/** The five properties of the paper's Figure 3, and what else must hold after every step. */
export function invariantsFor(cluster: Cluster): Invariants {
  const durableCommit = new DurableCommit(cluster)
  const all = [
    new ElectionSafety(),
    new LeaderAppendOnly(),
    new LogMatching(),
    new LeaderCompleteness(),
    new StateMachineSafety(),
    new OneVote(cluster),
    durableCommit,
    new ObservationFold(),
  ]
  return { all, durableCommit }
}
