/** The follower's side of log replication (Figure 2, AppendEntries RPC, "Receiver implementation"; §5.3). */
import type { Core } from './core'
import { invariant } from './invariant'
import { becomeFollower } from './roles'
import type { AppendEntries, Index, RemarkName, Term } from './types'

/** AppendEntries of the present term: from this term's leader, whom everybody else follows. */
export function handleAppendEntries(core: Core, request: AppendEntries): void {
  invariant(core.role !== 'leader', `node ${request.from} leads in term ${request.term} as well (§5.2)`)
  becomeFollower(core, request.term, request.from, 'leader-found')
  core.resetElectionTimer()

  const { prevLogIndex } = request
  if (prevLogIndex > core.log.lastIndex) {
    refuse(core, request, 'append-refused-gap', core.log.lastIndex + 1, 0)
    return
  }
  if (!core.log.matches(prevLogIndex, request.prevLogTerm)) {
    const conflictTerm = core.log.termAt(prevLogIndex) ?? 0
    refuse(core, request, 'append-refused-mismatch', core.log.firstIndexOfTerm(conflictTerm), conflictTerm)
    return
  }
  store(core, request)

  // Only up to here is it known that this log equals the leader's; what stands behind may be another leader's.
  const verified = prevLogIndex + request.entries.length
  core.send({
    type: 'AppendEntriesReply',
    from: core.id,
    to: request.from,
    term: core.currentTerm,
    success: true,
    matchIndex: verified,
    conflictIndex: 0,
    conflictTerm: 0,
  })
  core.commitTo(Math.min(request.leaderCommit, verified), 'learned')
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
  const first = entries.findIndex((entry) => !core.log.matches(entry.index, entry.term))
  if (first < 0) {
    if (entries.length > 0) core.remark('append-duplicate', from, entries.at(-1)?.index)
    return
  }
  const fresh = entries.slice(first)
  const start = fresh[0]?.index ?? 0
  if (start <= core.log.lastIndex) core.truncate(start)
  core.append(fresh)
}

function refuse(core: Core, request: AppendEntries, why: RemarkName, conflictIndex: Index, conflictTerm: Term): void {
  core.remark(why, request.from, request.prevLogIndex)
  core.send({
    type: 'AppendEntriesReply',
    from: core.id,
    to: request.from,
    term: core.currentTerm,
    success: false,
    matchIndex: 0,
    conflictIndex,
    conflictTerm,
  })
}
