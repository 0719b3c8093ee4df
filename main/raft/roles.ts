/** The functions that change a server's role (Figure 4). Nothing else does. */
import type { Core } from './core'
import { resetElectionTimer } from './election-timer'
import { mayStand } from './eligibility'
import { invariant } from './invariant'
import { abandonChange, abandonReads, endTransfer } from './relinquish'
import type { NodeId, Role, RoleReason, Term } from './types'
import { NONE } from './types'

/**
 * Follow, in `term`; `leader` is NONE when that term's leader is not known yet. A vote given in this term is kept: to
 * forget it on stepping down within the term would allow a second one (§5.2).
 */
export function becomeFollower(core: Core, term: Term, leader: NodeId, reason: RoleReason): void {
  invariant(term >= core.currentTerm, `node ${core.id} cannot go back to term ${term}`)
  const before = core.role
  const knownLeader = core.leader
  const isNewTerm = term > core.currentTerm
  if (before === 'leader') {
    endTransfer(core, isNewTerm)
    abandonChange(core, leader)
  }
  if (isNewTerm) core.setHardState(term, NONE)
  core.role = passiveRole(core)
  core.leader = leader
  core.isQuiescent = false
  core.votes.clear()
  core.progress.clear()
  if (before === 'leader' || leader !== knownLeader) abandonReads(core)
  if (before !== core.role) core.observe({ kind: 'role', role: core.role, term, leader, reason })
  else if (leader !== knownLeader) core.observe({ kind: 'leader', leader, term })
  // A leader has no election timer. A candidate's runs on: a higher term alone must not put off the next election.
  if (before === 'leader') resetElectionTimer(core)
}

/** What this server is when it neither leads nor stands: without a vote it learns. */
function passiveRole(core: Core): Role {
  return core.isVoter ? 'follower' : 'learner'
}

/** After a follower's configuration changed: a vote was given to this server or taken from it. */
export function reconsiderRole(core: Core): void {
  const role = passiveRole(core)
  const isStanding = core.role === 'candidate' || core.role === 'pre-candidate'
  if (core.role === role || (isStanding && core.isVoter)) return
  core.role = role
  core.votes.clear()
  core.observe({ kind: 'role', role, term: core.currentTerm, leader: core.leader, reason: 'configuration' })
  if (mayStand(core)) resetElectionTimer(core)
}

/** Ask whether an election could be won, without a new term (dissertation §9.6). */
export function becomePreCandidate(core: Core): void {
  invariant(!core.isLeader, 'a leader does not stand for election')
  const before = core.role
  core.role = 'pre-candidate'
  core.leader = NONE
  core.votes.clear()
  abandonReads(core)
  if (before !== 'pre-candidate') {
    core.observe({
      kind: 'role',
      role: 'pre-candidate',
      term: core.currentTerm,
      leader: NONE,
      reason: 'election-timeout',
    })
  }
  resetElectionTimer(core)
}

/** Stand for election in the next term, with one's own vote (§5.2). It counts once it is on disk. */
export function becomeCandidate(core: Core, reason: RoleReason): void {
  invariant(!core.isLeader, 'a leader does not stand for election')
  core.setHardState(core.currentTerm + 1, core.id)
  core.role = 'candidate'
  core.leader = NONE
  core.isQuiescent = false
  core.votes.clear()
  abandonReads(core)
  core.observe({ kind: 'role', role: 'candidate', term: core.currentTerm, leader: NONE, reason })
  resetElectionTimer(core)
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
  core.idleRounds = 0
  core.uncommittedBytes = 0
  for (const { data } of core.log.slice(core.commitIndex + 1, core.log.lastIndex)) {
    core.uncommittedBytes += data.length
  }
  core.progress.clear()
  core.followMembers(core.log.lastIndex + 1)
  core.reads.leaseIsVoid = false
  core.observe({ kind: 'role', role: 'leader', term: core.currentTerm, leader: core.id, reason: 'won-election' })
  core.appendNew('noop', new Uint8Array())
}
