/** The leader's side of log replication (§5.3) and its commit rule (§5.4.2). */
import type { Core } from './core'
import type { RaftLog } from './log'
import type { Progress } from './progress'
import { quorumIndex } from './quorum'
import type { AppendEntriesReply, Entry, Index } from './types'

/** A client's command: into the leader's log and on its way to every peer; anybody else names the leader. */
export function propose(core: Core, id: number, data: Uint8Array): void {
  if (core.role !== 'leader') {
    core.answerProposal({ id, accepted: false, reason: 'not-leader', leader: core.leader })
    return
  }
  const entry: Entry = { index: core.log.lastIndex + 1, term: core.currentTerm, type: 'command', data }
  core.append([entry])
  core.answerProposal({ id, accepted: true, index: entry.index, term: entry.term })
  replicate(core)
}

/** Sends to every peer what it lacks, as far as its window allows. */
export function replicate(core: Core): void {
  for (const progress of core.progress.values()) sendEntries(core, progress)
}

/**
 * An empty AppendEntries to every peer (§5.2). It keeps their election timers from running out, tells them the commit
 * index, and finds out what was lost: see {@link Progress}.
 */
export function heartbeat(core: Core): void {
  core.heartbeatDeadline = core.now + core.config.heartbeatInterval
  for (const progress of core.progress.values()) sendAppend(core, progress, [])
}

/** A peer answered AppendEntries in the present term. */
export function handleAppendEntriesReply(core: Core, reply: AppendEntriesReply): void {
  const progress = core.progress.get(reply.from)
  if (core.role !== 'leader' || !progress || reply.matchIndex > core.log.lastIndex) {
    core.remark('stale-reply-ignored', reply.from, reply.matchIndex)
    return
  }
  const news = reply.success
    ? progress.accepted(reply.matchIndex)
    : reply.conflictIndex < progress.nextIndex && progress.refused(retryIndex(core.log, progress, reply))
  if (!news) {
    core.remark('stale-reply-ignored', reply.from, reply.success ? reply.matchIndex : reply.conflictIndex)
    return
  }
  if (reply.success) advanceCommit(core)
  sendEntries(core, progress)
}

/**
 * Commits what a majority has on disk, if the last such entry is of the leader's own term: counting copies of an older
 * entry proves nothing (§5.4.2, Figure 8); it commits along with the first entry of the own term. The leader counts
 * itself as far as its own disk has come.
 */
export function advanceCommit(core: Core): void {
  const matched = [core.disk.durableIndex]
  for (const progress of core.progress.values()) matched.push(progress.matchIndex)
  const index = quorumIndex(matched)
  if (index <= core.commitIndex) return
  if (core.log.termAt(index) === core.currentTerm) {
    core.commitTo(index, 'counted')
  } else if (index > core.waitingIndex) {
    core.waitingIndex = index
    core.remark('commit-waits-for-own-term', core.id, index)
  }
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

function sendEntries(core: Core, progress: Progress): void {
  const { maxInFlight, maxBatchBytes } = core.config
  while (progress.nextIndex <= core.log.lastIndex && progress.maySend(maxInFlight)) {
    const entries = core.log.batch(progress.nextIndex, maxBatchBytes)
    sendAppend(core, progress, entries)
    progress.sent(progress.nextIndex + entries.length - 1)
  }
}

function sendAppend(core: Core, progress: Progress, entries: readonly Entry[]): void {
  const prevLogIndex = progress.nextIndex - 1
  core.send({
    type: 'AppendEntries',
    from: core.id,
    to: progress.peer,
    term: core.currentTerm,
    prevLogIndex,
    prevLogTerm: core.log.termAt(prevLogIndex) ?? 0,
    entries,
    leaderCommit: core.commitIndex,
  })
}
