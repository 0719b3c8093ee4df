import type { Look } from '../../../main/node/contract/breakpoint'

/** What a breakpoint sees of a follower of three, in term 1, with an empty log. */
export const FOLLOWER: Look = {
  role: 'follower',
  term: 1,
  votedFor: 0,
  leader: 0,
  commitIndex: 0,
  lastApplied: 0,
  firstIndex: 1,
  lastIndex: 0,
  durableIndex: 0,
  snapshotIndex: 0,
  quiescent: false,
  voters: 3,
  held: 0,
}
