/** The follower's side of log replication (Figure 2, AppendEntries RPC, "Receiver implementation"; §5.3). */
import type { Core } from './core'
import { renewElectionTimer } from './election-timer'
import { invariant } from './invariant'
import { heedQuiesce } from './quiescence'
import { forwardAgain } from './reads'
import { becomeFollower, reconsiderRole } from './roles'
import type { AppendEntries, Index, NodeId, RemarkName, Term } from './types'

/** The leader of the present term was heard: everybody else follows it. */
export function follow(core: Core, leader: NodeId, term: Term): void {
  invariant(!core.isLeader, `node ${leader} leads in term ${term} as well (§5.2)`)
  if (core.isQuiescent) core.remark('woken', leader)
  becomeFollower(core, term, leader, 'leader-found')
  core.lastContact = core.now
  renewElectionTimer(core)
}

/** AppendEntries of the present term. */
export function handleAppendEntries(core: Core, request: AppendEntries): void {
  follow(core, request.from, request.term)
  forwardAgain(core)

  // What a snapshot replaced here is committed, so it equals the leader's: the request counts from there on.
  const { base, lastIndex } = core.log
  const isCovered = request.prevLogIndex < base.index
  if (request.prevLogIndex > lastIndex) {
    refuse(core, request, 'append-refused-gap', lastIndex + 1, 0)
    return
  }
  if (!isCovered && !core.log.matches(request.prevLogIndex, request.prevLogTerm)) {
    const conflictTerm = core.log.termAt(request.prevLogIndex) ?? 0
    const conflictIndex = core.log.firstIndexOfTerm(conflictTerm)
    if (core.config.fastBacktracking) refuse(core, request, 'append-refused-mismatch', conflictIndex, conflictTerm)
    else refuse(core, request, 'append-refused-mismatch', request.prevLogIndex, 0)
    return
  }
  store(core, request)

  // Only up to here is it known that this log equals the leader's; what stands behind may be another leader's.
  const verified = request.prevLogIndex + request.entries.length
  core.commitTo(Math.min(request.leaderCommit, Math.max(verified, base.index)), 'learned')
  heedQuiesce(core, request)
  accept(core, request, verified)
}

/** AppendEntries of a term that is over: its sender learns so from the reply (§5.1). */
export function refuseStaleAppend(core: Core, request: AppendEntries): void {
  refuse(core, request, 'append-refused-stale-term', 0, 0)
}

/**
 * Appends what is new. Entries behind a match are removed only where one conflicts: a delayed, shorter message must
 * not cut off what a later one brought.
 */
function store(core: Core, { from, entries }: AppendEntries): void {
  const { base } = core.log
  const first = entries.findIndex((entry) => entry.index > base.index && !core.log.matches(entry.index, entry.term))
  if (first < 0) {
    if (entries.length > 0) core.remark('append-duplicate', from, entries.at(-1)?.index)
    return
  }
  const fresh = entries.slice(first)
  const start = fresh[0]?.index ?? 0
  const before = core.configurations.latest
  if (start <= core.log.lastIndex) core.truncate(start)
  core.append(fresh)
  if (core.configurations.latest !== before) reconsiderRole(core)
}

/**
 * A heartbeat is answered at once, with what the disk has, so that a slow disk does not look like a dead node; entries when
 * the disk has them.
 */
function accept(core: Core, request: AppendEntries, verified: Index): void {
  const isPrompt = request.entries.length === 0 && core.isHardStateDurable
  core.send(
    {
      type: 'AppendEntriesReply',
      from: core.id,
      to: request.from,
      term: core.currentTerm,
      success: true,
      matchIndex: isPrompt ? Math.min(verified, core.disk.durableIndex) : verified,
      conflictIndex: 0,
      conflictTerm: 0,
      round: request.round,
    },
    isPrompt ? 'now' : 'durable',
  )
}

function refuse(core: Core, request: AppendEntries, why: RemarkName, conflictIndex: Index, conflictTerm: Term): void {
  core.remark(why, request.from, request.prevLogIndex)
  core.send(
    {
      type: 'AppendEntriesReply',
      from: core.id,
      to: request.from,
      term: core.currentTerm,
      success: false,
      matchIndex: 0,
      conflictIndex,
      conflictTerm,
      round: request.round,
    },
    'durable',
  )
}
