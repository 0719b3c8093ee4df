/**
 * Linearizable reads without an entry, and what they rest on: rounds of heartbeats that a majority answered (paper §8;
 * dissertation §6.4). The same rounds tell a leader that it has lost its majority (§6.2) and how long its lease lasts.
 */
import type { Core } from './core'
import { agreed } from './quorum'
import type { WaitingRead } from './read-state'
import { heartbeat } from './sending'
import type { NodeId, ReadIndex, ReadIndexReply } from './types'
import { NONE } from './types'

/**
 * A lease ends before the earliest vote that could be given, which is an election timeout after a majority heard the
 * leader, by this much, so that clocks may run apart: one a third faster than another is still safe.
 */
export const LEASE_FRACTION = 0.75

/** Begins a round: whatever is sent from now on belongs to it. A majority's answers prove that this server led then. */
export function beginRound(core: Core): void {
  const { reads } = core
  reads.round += 1
  reads.starts.push({ round: reads.round, at: core.now })
  for (const read of reads.waiting) if (read.index !== undefined) read.round ??= reads.round
}

/** A round with a heartbeat to everybody. */
export function startRound(core: Core): void {
  beginRound(core)
  heartbeat(core)
}

/** A caller's read. */
export function read(core: Core, id: number, by: 'index' | 'lease'): void {
  if (core.isLeader) {
    lead(core, NONE, id, by)
    return
  }
  if (core.leader === NONE) {
    core.answerRead({ id, ok: false, reason: 'no-leader', leader: NONE })
    return
  }
  const context = nextContext(core)
  core.reads.forwarded.set(context, { id, sentAt: core.now })
  core.observe({ kind: 'read', stage: 'asked', by: 'index', index: 0, peer: NONE })
  forward(core, context)
}

/** A follower asks for an index to read at. Asking again, because an answer may be lost, changes nothing. */
export function handleReadIndex(core: Core, { from, context }: ReadIndex): void {
  if (!core.isLeader) return
  if (core.reads.waiting.some((read) => read.peer === from && read.id === context)) return
  lead(core, from, context, 'index')
}

/** The leader confirmed an index. A context that is not waited for belongs to another time (etcd#20418). */
export function handleReadIndexReply(core: Core, { context, index }: ReadIndexReply): void {
  const read = core.reads.forwarded.get(context)
  if (read === undefined) return
  core.reads.forwarded.delete(context)
  core.observe({ kind: 'read', stage: 'confirmed', by: 'index', index, peer: NONE })
  core.answerRead({ id: read.id, ok: true, index })
}

/** The leader was heard: ask again what it may not have heard. */
export function forwardAgain(core: Core): void {
  for (const [context, read] of core.reads.forwarded) {
    if (core.now - read.sentAt < core.config.heartbeatInterval) continue
    read.sentAt = core.now
    forward(core, context)
  }
}

/** Leader: a peer answered, or something was committed: reads may be confirmed now. */
export function confirmReads(core: Core): void {
  const { reads } = core
  if (!core.isLeader) return
  const answered = agreedRound(core)
  while (reads.starts[1] !== undefined && reads.starts[1].round <= answered) reads.starts.shift()
  if (reads.waiting.length === 0) return
  if (core.hasCommittedInTerm) for (const read of reads.waiting) read.index ??= core.commitIndex
  const waiting = reads.waiting
  reads.waiting = []
  for (const read of waiting) {
    if (read.round !== undefined && read.round <= answered) confirm(core, read, 'index')
    else reads.waiting.push(read)
  }
  // One round at a time: what is asked meanwhile shares the next.
  const isUnderWay = reads.waiting.some(({ round }) => round !== undefined)
  if (!isUnderWay && reads.waiting.some(({ index }) => index !== undefined)) {
    startRound(core)
    if (agreedRound(core) >= reads.round) confirmReads(core)
  }
}

/** Leader: did an election timeout pass without an answer from a majority (dissertation §6.2)? */
export function hasLostQuorum(core: Core): boolean {
  const heard = (voter: NodeId) => (voter === core.id ? core.now : (core.progress.get(voter)?.lastHeard ?? 0))
  return core.now - agreed(core.configuration, heard) >= core.config.electionTimeout
}

/** Is it certain, by the clock, that nobody else leads (dissertation §6.4.1)? */
function holdsLease(core: Core): boolean {
  const { leaseReads, checkQuorum, electionTimeout } = core.config
  if (!leaseReads || !checkQuorum || core.reads.leaseIsVoid) return false
  const answered = agreedRound(core)
  const start = core.reads.starts.findLast(({ round }) => round <= answered)
  return start !== undefined && core.now - start.at < electionTimeout * LEASE_FRACTION
}

function lead(core: Core, peer: NodeId, id: number, by: 'index' | 'lease'): void {
  const isKnown = core.hasCommittedInTerm
  const read: WaitingRead = { peer, id, by, index: isKnown ? core.commitIndex : undefined, round: undefined }
  core.observe({ kind: 'read', stage: 'asked', by, index: read.index ?? 0, peer })
  if (!isKnown) core.remark('read-waits-for-own-term', peer)
  if (isKnown && by === 'lease' && holdsLease(core)) {
    confirm(core, read, 'lease')
    return
  }
  core.reads.waiting.push(read)
  confirmReads(core)
}

function confirm(core: Core, { peer, id, index = 0 }: WaitingRead, by: 'index' | 'lease'): void {
  core.observe({ kind: 'read', stage: 'confirmed', by, index, peer })
  if (peer === NONE) {
    core.answerRead({ id, ok: true, index })
    return
  }
  core.send({ type: 'ReadIndexReply', from: core.id, to: peer, term: core.currentTerm, context: id, index }, 'now')
}

/** The latest round that a majority answered; the leader answers each at once, as far as it has a vote. */
function agreedRound(core: Core): number {
  const { round } = core.reads
  return agreed(core.configuration, (voter) =>
    voter === core.id ? round : (core.progress.get(voter)?.ackedRound ?? 0),
  )
}

/** Drawn at random in each life of the server, then counted: an answer to an earlier life's question matches nothing. */
function nextContext(core: Core): number {
  const { reads } = core
  if (reads.context === 0) reads.context = Math.floor(core.config.random() * 2 ** 32) * 2 ** 20
  reads.context += 1
  return reads.context
}

function forward(core: Core, context: number): void {
  core.send({ type: 'ReadIndex', from: core.id, to: core.leader, term: core.currentTerm, context }, 'now')
}
