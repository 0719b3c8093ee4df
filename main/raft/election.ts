/** Leader election (§5.2) with the restriction of §5.4.1. */
import type { Core } from './core'
import { tally } from './quorum'
import { replicate } from './replication'
import { becomeCandidate, becomeLeader } from './roles'
import type { NodeId, RemarkName, RequestVote, RequestVoteReply } from './types'
import { NONE } from './types'

/** The election timer ran out: stand for election in the next term. */
export function handleElectionTimeout(core: Core): void {
  // The requests of the last attempt still wait for a slow disk. A new term would make them void and wait longer still.
  if (core.role === 'candidate' && !core.isHardStateDurable) {
    core.resetElectionTimer()
    return
  }
  core.remark('election-timeout', NONE, core.log.lastIndex)
  becomeCandidate(core)
  for (const peer of core.peers) {
    core.send({
      type: 'RequestVote',
      from: core.id,
      to: peer,
      term: core.currentTerm,
      lastLogIndex: core.log.lastIndex,
      lastLogTerm: core.log.lastTerm,
    })
  }
}

/** A candidate of the present term asks for this node's vote. */
export function handleRequestVote(core: Core, request: RequestVote): void {
  const refusal = reasonToRefuse(core, request)
  core.remark(refusal ?? 'vote-granted', request.from, request.lastLogIndex)
  if (!refusal) {
    core.setHardState(core.currentTerm, request.from)
    core.resetElectionTimer()
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
  if (tally(core.config.voters, core.votes) !== 'won') return
  becomeLeader(core)
  core.heartbeatDeadline = core.now + core.config.heartbeatInterval
  replicate(core)
}

function reasonToRefuse(core: Core, { from, lastLogIndex, lastLogTerm }: RequestVote): RemarkName | undefined {
  if (core.votedFor !== NONE && core.votedFor !== from) return 'vote-refused-already-voted'
  return core.log.isUpToDate(lastLogIndex, lastLogTerm) ? undefined : 'vote-refused-log-behind'
}

function answer(core: Core, request: RequestVote, voteGranted: boolean): void {
  core.send({ type: 'RequestVoteReply', from: core.id, to: request.from, term: core.currentTerm, voteGranted })
}
