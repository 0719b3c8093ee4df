/** All bugs of the zoo, in the order in which they are told. */
import type { BugId } from '../../node/contract/bugs'
import type { Bug } from '../bug'
import { electionBugs } from './elections'
import { membershipBugs } from './membership'
import { readBugs } from './reads'
import { replicationBugs } from './replication'
import { storageBugs } from './storage'

export const BUGS: readonly Bug[] = [
  ...electionBugs,
  ...replicationBugs,
  ...membershipBugs,
  ...readBugs,
  ...storageBugs,
]

/** Undefined: there is no such bug. */
export const bugOf = (id: string): Bug | undefined => BUGS.find((bug) => bug.id === (id as BugId))
