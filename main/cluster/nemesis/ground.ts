/** What a nemesis stands on: a cluster, and what its supervisor knows besides. */
import type { MemberRole } from '../../raft/types'
import type { Cluster, Unhealed } from '../api'
import type { Reporter } from '../supervisor/reporter'
import type { Cause } from './cause'

export type NemesisTools = Pick<
  Cluster,
  | 'arm'
  | 'changeMembership'
  | 'condition'
  | 'dataDir'
  | 'endFault'
  | 'fire'
  | 'flipBit'
  | 'jumpClock'
  | 'kill'
  | 'nodeIds'
  | 'partition'
  | 'pause'
  | 'preset'
  | 'rebuild'
  | 'setClock'
  | 'standing'
  | 'start'
  | 'stop'
  | 'stopped'
  | 'transferLeadership'
>

export interface NemesisGround {
  readonly cluster: NemesisTools
  readonly reporter: Pick<Reporter, 'report'>
  /** Who leads just now, as far as is known; 0 = nobody. */
  leader(): number
  /** The role that the node has in the membership when nothing is wrong. */
  roleOf(node: number): MemberRole
  /** Numbers of the faults that are in force and began by this (`causeNow()` when they began), oldest first. */
  faultsOf(cause: Cause): readonly number[]
  /** All of `Cluster.healAll` but the end of the nemesis. */
  heal(): Promise<readonly Unhealed[]>
  /** Aborted when the cluster closes: then nothing is healed any more. */
  readonly closing: AbortSignal
}
