/** Every bug that is put into the core on purpose. */
import { electionMutants } from './election'
import { membershipMutants } from './membership'
import type { Mutant } from './mutant'
import { readMutants } from './reads'
import { replicationMutants } from './replication'
import { snapshotMutants } from './snapshots'

export type { Mutant } from './mutant'

export const mutants: readonly Mutant[] = [
  ...electionMutants,
  ...replicationMutants,
  ...membershipMutants,
  ...snapshotMutants,
  ...readMutants,
]
