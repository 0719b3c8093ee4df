/** The leader's side of log replication (§5.3): proposals, and what the peers answer. */
import { advanceCommit } from './commitment'
import type { Core } from './core'
import type { RaftLog } from './log'
import type { Progress } from './progress'
import { confirmReads } from './reads'
import { replicate, replicateToPassive, sendChunk, sendEntries } from './sending'
import { advanceTransfer } from './transfer'
import type { AppendEntriesReply, Index, InstallSnapshotReply, Proposal, ProposalRefusal } from './types'

/** Clients' commands: into the leader's log and on their way to every peer; anybody else names the leader. */
export function propose(core: Core, proposals: readonly Proposal[]): void {
  let taken = false
  for (const { id, data } of proposals) {
    const reason = reasonToRefuse(core, data)
    if (reason !== undefined) {
      core.answerProposal({ id, accepted: false, reason, leader: core.leader })
      continue
    }
    const { index, term } = core.appendNew('command', data)
    core.answerProposal({ id, accepted: true, index, term })
    taken = true
  }
  if (taken) replicate(core)
}

/** A peer answered AppendEntries in the present term. */
export function handleAppendEntriesReply(core: Core, reply: AppendEntriesReply): void {
  const progress = core.progress.get(reply.from)
  if (!core.isLeader || !progress || reply.matchIndex > core.log.lastIndex) {
    core.remark('stale-reply-ignored', reply.from, reply.matchIndex)
    return
  }
  heard(core, progress, reply.round)
  const news = reply.success
    ? progress.accepted(reply.matchIndex)
    : reply.conflictIndex < progress.nextIndex && progress.refused(retryIndex(core.log, progress, reply))
  if (!news) {
    core.remark('stale-reply-ignored', reply.from, reply.success ? reply.matchIndex : reply.conflictIndex)
    return
  }
  if (reply.success) progressed(core)
  if (core.progress.get(reply.from) === progress) sendEntries(core, progress)
  if (core.isLeader && reply.success) replicateToPassive(core)
}

/** Leader: a peer stored a chunk, or all of it. */
export function handleInstallSnapshotReply(core: Core, reply: InstallSnapshotReply): void {
  const progress = core.progress.get(reply.from)
  if (!core.isLeader || !progress || reply.index > core.log.lastIndex) {
    core.remark('stale-reply-ignored', reply.from, reply.index)
    return
  }
  heard(core, progress, reply.round)
  if (reply.installed) {
    if (progress.accepted(reply.index)) progressed(core)
    if (core.progress.get(reply.from) === progress) sendEntries(core, progress)
    return
  }
  const { transfer } = progress
  if (transfer === undefined || transfer.snapshot.index !== reply.index) {
    core.remark('stale-reply-ignored', reply.from, reply.index)
    return
  }
  // A duplicate must not make another chunk: its answer would make the next, for ever. A follower that lost what it had is
  // heard with the chunk that is sent again.
  const isNews = reply.offset > transfer.offset
  const isRecent = core.now - (transfer.sentAt ?? Number.NEGATIVE_INFINITY) < core.config.heartbeatInterval
  transfer.offset = reply.offset
  if (!isNews && isRecent) return
  transfer.sentAt = undefined
  sendChunk(core, progress)
}

/** A peer follows this leader as of `round`. */
function heard(core: Core, progress: Progress, round: number): void {
  progress.lastHeard = core.now
  if (round <= progress.ackedRound || round > core.reads.round) return
  progress.ackedRound = round
  confirmReads(core)
}

/** A peer has more of the log than before. */
function progressed(core: Core): void {
  advanceCommit(core)
  advanceTransfer(core)
}

function reasonToRefuse(core: Core, { length }: Uint8Array): ProposalRefusal | undefined {
  if (!core.isLeader) return 'not-leader'
  if (core.transfer !== undefined) return 'transferring'
  const isTooMuch = core.uncommittedBytes > 0 && core.uncommittedBytes + length > core.config.maxUncommittedBytes
  return isTooMuch ? 'uncommitted-limit' : undefined
}

/**
 * Where to try next after a refusal, skipping a whole conflicting term at a time (§5.3). With entries of that term in
 * the leader's log before the refused position, the logs may agree up to the last of them; otherwise the follower's
 * whole term has to go.
 */
function retryIndex(log: RaftLog, progress: Progress, refusal: AppendEntriesReply): Index {
  const last = refusal.conflictTerm > 0 ? log.lastIndexOfTerm(refusal.conflictTerm) : 0
  return last > 0 && last < progress.nextIndex - 1 ? last + 1 : refusal.conflictIndex
}
