/** Leader election (§5.2) with the restriction of §5.4.1, PreVote and the lease of a heard leader (dissertation §9.6, §4.2.3). */
import type { Core } from './core'
import { resetElectionTimer, standBefore, stopElectionTimer } from './election-timer'
import { isStillJoining, mayStand } from './eligibility'
import { tally } from './quorum'
import { beginRound } from './reads'
import { becomeCandidate, becomeFollower, becomeLeader, becomePreCandidate } from './roles'
import { replicate } from './sending'
import type {
  NodeId,
  RemarkName,
  RequestPreVote,
  RequestPreVoteReply,
  RequestVote,
  RequestVoteReply,
  RoleReason,
  TimeoutNow,
} from './types'
import { NONE } from './types'

/** The election timer ran out: stand for election in the next term, or first ask whether that makes sense. */
export function handleElectionTimeout(core: Core): void {
  if (!mayStand(core)) {
    core.remark('election-not-allowed', NONE)
    stopElectionTimer(core)
    if (core.leader !== NONE) becomeFollower(core, core.currentTerm, NONE, 'election-timeout')
    return
  }
  // The requests of the last attempt still wait for a slow disk. A new term would make them void and wait longer still.
  if (core.role === 'candidate' && !core.isHardStateDurable) {
    resetElectionTimer(core)
    return
  }
  core.remark('election-timeout', NONE, core.log.lastIndex)
  if (core.config.preVote) ask(core)
  else stand(core, 'election-timeout')
}

/**
 * The connection to the leader broke, as it does when a process dies. Nothing is certain, so PreVote still asks the others,
 * who will say yes only if they have lost it as well; a little chance keeps them from asking all at once.
 */
export function heedDisconnect(core: Core): void {
  const { disconnectHint, leaseReads, heartbeatInterval, random } = core.config
  if (!disconnectHint || leaseReads) return
  core.remark('leader-disconnected', core.leader)
  core.lastContact = Number.NEGATIVE_INFINITY
  standBefore(core, core.now + random() * heartbeatInterval)
}

/** The leader hands over (dissertation §3.10): stand at once, whatever lease others still see. */
export function handleTimeoutNow(core: Core, { from }: TimeoutNow): void {
  if (core.isLeader || core.role === 'candidate' || !mayStand(core)) {
    core.remark('timeout-now-ignored', from)
    return
  }
  stand(core, 'told-by-leader')
}

function ask(core: Core): void {
  becomePreCandidate(core)
  core.votes.set(core.id, true)
  for (const peer of core.otherVoters) requestPreVote(core, peer)
  if (tally(core.configuration, core.votes) === 'won') stand(core, 'pre-vote-won')
}

function stand(core: Core, reason: RoleReason): void {
  becomeCandidate(core, reason)
  for (const peer of core.otherVoters) requestVote(core, peer, reason === 'told-by-leader')
}

/**
 * A connection to a peer opened: a request that it has not answered was lost on the way, and is sent again (§5.5: it is
 * idempotent). Without this, servers that start one after the other would wait for another election timeout.
 */
export function askAgain(core: Core, peer: NodeId): void {
  if (core.votes.has(peer) || !core.otherVoters.includes(peer)) return
  if (core.role === 'pre-candidate') requestPreVote(core, peer)
  else if (core.role === 'candidate') requestVote(core, peer, false)
}

function requestPreVote(core: Core, peer: NodeId): void {
  core.send(
    {
      type: 'RequestPreVote',
      from: core.id,
      to: peer,
      term: core.currentTerm + 1,
      lastLogIndex: core.log.lastIndex,
      lastLogTerm: core.log.lastTerm,
    },
    'now',
  )
}

function requestVote(core: Core, peer: NodeId, transfer: boolean): void {
  core.send(
    {
      type: 'RequestVote',
      from: core.id,
      to: peer,
      term: core.currentTerm,
      lastLogIndex: core.log.lastIndex,
      lastLogTerm: core.log.lastTerm,
      transfer,
    },
    'durable',
  )
}

/**
 * Would this server vote for the asker? Nothing changes by answering. A refusal carries the term of the one who refuses, so
 * that an asker with an older term catches up instead of being ignored for ever.
 */
export function handleRequestPreVote(core: Core, request: RequestPreVote): void {
  const refusal = reasonToRefusePreVote(core, request)
  core.remark(refusal ?? 'pre-vote-granted', request.from, request.lastLogIndex)
  core.send(
    {
      type: 'RequestPreVoteReply',
      from: core.id,
      to: request.from,
      term: refusal ? core.currentTerm : request.term,
      voteGranted: !refusal,
    },
    'now',
  )
}

function reasonToRefusePreVote(core: Core, request: RequestPreVote): RemarkName | undefined {
  if (request.term <= core.currentTerm) return 'pre-vote-refused-term'
  if (isStillJoining(core)) return 'vote-refused-still-joining'
  if (core.isLeader || hearsLeader(core)) return 'pre-vote-refused-lease'
  return core.log.isUpToDate(request.lastLogIndex, request.lastLogTerm) ? undefined : 'pre-vote-refused-log-behind'
}

/** A peer said whether it would vote for this server in the next term. */
export function handleRequestPreVoteReply(core: Core, reply: RequestPreVoteReply): void {
  const isCurrent = !reply.voteGranted || reply.term === core.currentTerm + 1
  if (core.role !== 'pre-candidate' || !isCurrent) {
    core.remark('stale-reply-ignored', reply.from)
    return
  }
  core.votes.set(reply.from, reply.voteGranted)
  core.remark(reply.voteGranted ? 'pre-vote-received' : 'pre-vote-denied', reply.from)
  if (tally(core.configuration, core.votes) === 'won') stand(core, 'pre-vote-won')
}

/**
 * Must this request for a vote be disregarded because a leader is alive (dissertation §4.2.3, §6.4.1)? Then not even its
 * term is taken up: a server that was removed or cut off must not depose the leader.
 */
export function isHeldUpByLease(core: Core, request: RequestVote): boolean {
  if (!core.config.checkQuorum || request.transfer || request.term <= core.currentTerm) return false
  if (!core.isLeader && !hearsLeader(core)) return false
  core.remark('vote-refused-lease', request.from, request.lastLogIndex)
  return true
}

/** Was a leader heard within the shortest election timeout? After a restart with leases in use: perhaps. */
function hearsLeader(core: Core): boolean {
  return core.isQuiescent || core.now - core.lastContact < core.config.electionTimeout
}

/** A candidate of the present term asks for this node's vote. */
export function handleRequestVote(core: Core, request: RequestVote): void {
  const refusal = reasonToRefuse(core, request)
  core.remark(refusal ?? 'vote-granted', request.from, request.lastLogIndex)
  if (!refusal) {
    core.setHardState(core.currentTerm, request.from)
    resetElectionTimer(core)
  }
  answer(core, request, !refusal)
}

/** RequestVote of a term that is over: its sender learns so from the reply (§5.1). */
export function refuseStaleVote(core: Core, request: RequestVote): void {
  core.remark('vote-refused-stale-term', request.from, request.lastLogIndex)
  answer(core, request, false)
}

/** A peer answered this node's request for its vote in the present term. */
export function handleRequestVoteReply(core: Core, reply: RequestVoteReply): void {
  if (core.role === 'candidate') count(core, reply.from, reply.voteGranted)
  else core.remark('stale-reply-ignored', reply.from)
}

/** The disk has new writes: a candidate's own vote counts once it is among them. */
export function countOwnVote(core: Core): void {
  if (core.isHardStateDurable && !core.votes.has(core.id)) count(core, core.id, true)
}

function count(core: Core, voter: NodeId, granted: boolean): void {
  core.votes.set(voter, granted)
  core.remark(granted ? 'vote-received' : 'vote-denied', voter)
  if (tally(core.configuration, core.votes) !== 'won') return
  becomeLeader(core)
  core.heartbeatDeadline = core.now + core.config.heartbeatInterval
  beginRound(core)
  replicate(core)
}

function reasonToRefuse(core: Core, { from, lastLogIndex, lastLogTerm }: RequestVote): RemarkName | undefined {
  if (isStillJoining(core)) return 'vote-refused-still-joining'
  if (core.votedFor !== NONE && core.votedFor !== from) return 'vote-refused-already-voted'
  return core.log.isUpToDate(lastLogIndex, lastLogTerm) ? undefined : 'vote-refused-log-behind'
}

function answer(core: Core, request: RequestVote, voteGranted: boolean): void {
  core.send(
    { type: 'RequestVoteReply', from: core.id, to: request.from, term: core.currentTerm, voteGranted },
    'durable',
  )
}
