/** The three functions that change a server's role (Figure 4). Nothing else does. */
import type { Core } from './core'
import { invariant } from './invariant'
import { Progress } from './progress'
import type { NodeId, RoleReason, Term } from './types'
import { NONE } from './types'

/**
 * Follow, in `term`; `leader` is NONE when that term's leader is not known yet. A vote given in this term is kept: to
 * forget it on stepping down within the term would allow a second one (§5.2).
 */
export function becomeFollower(core: Core, term: Term, leader: NodeId, reason: RoleReason): void {
  invariant(term >= core.currentTerm, `node ${core.id} cannot go back to term ${term}`)
  const before = core.role
  const knownLeader = core.leader
  if (term > core.currentTerm) core.setHardState(term, NONE)
  core.role = 'follower'
  core.leader = leader
  core.votes.clear()
  core.progress.clear()
  if (before !== 'follower') core.observe({ kind: 'role', role: 'follower', term, leader, reason })
  else if (leader !== knownLeader) core.observe({ kind: 'leader', leader, term })
  // A leader has no election timer. A candidate's runs on: a higher term alone must not put off the next election.
  if (before === 'leader') core.resetElectionTimer()
}

/** Stand for election in the next term, with one's own vote (§5.2). It counts once it is on disk. */
export function becomeCandidate(core: Core): void {
  invariant(core.role !== 'leader', 'a leader does not stand for election')
  core.setHardState(core.currentTerm + 1, core.id)
  core.role = 'candidate'
  core.leader = NONE
  core.votes.clear()
  core.observe({
    kind: 'role',
    role: 'candidate',
    term: core.currentTerm,
    leader: NONE,
    reason: 'election-timeout',
  })
  core.resetElectionTimer()
}

/**
 * Lead: suppose that every peer's log is as long as this one (Figure 2), and append an entry of the new term at once,
 * because only that lets the entries of earlier terms commit (§5.4.2, §8).
 */
export function becomeLeader(core: Core): void {
  invariant(core.role === 'candidate', 'only a candidate becomes leader')
  core.role = 'leader'
  core.leader = core.id
  core.votes.clear()
  core.waitingIndex = 0
  const nextIndex = core.log.lastIndex + 1
  for (const peer of core.peers) core.progress.set(peer, new Progress(peer, nextIndex))
  core.observe({ kind: 'role', role: 'leader', term: core.currentTerm, leader: core.id, reason: 'won-election' })
  core.append([{ index: nextIndex, term: core.currentTerm, type: 'noop', data: new Uint8Array() }])
}
