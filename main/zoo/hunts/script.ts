/** A script: how to make certain bugs show on real processes, with messages, disks and clocks in hand rather than by luck. */
import type { ClusterSettings } from '../../node/contract/settings'
import type { Field } from '../field'

export interface Script {
  readonly nodes: number
  /** Besides {@link BY_HAND}. */
  readonly settings?: Partial<ClusterSettings>
  play(field: Field): Promise<void>
}

/** Nobody stands for election but who is told to, once it leads or has led either. */
export const BY_HAND: Partial<ClusterSettings> = {
  electionTimeoutMs: 600_000,
  heartbeatMs: 50,
  preVote: false,
  checkQuorum: false,
}
