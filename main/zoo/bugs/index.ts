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

export function bugOf(id: BugId): Bug {
  const bug = BUGS.find((known) => known.id === id)
  if (bug === undefined) throw new Error(`the zoo has no bug ${id}`)
  return bug
}
