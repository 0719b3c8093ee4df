/** What a leader sends to its peers: entries, heartbeats (§5.2, §5.3), and snapshots where its log does not reach (§7). */
import { isWitness } from './configuration'
import type { Core } from './core'
import { mayLead } from './eligibility'
import { invariant } from './invariant'
import { ENTRY_OVERHEAD_BYTES } from './log'
import type { Progress } from './progress'
import { mayQuiesce, quiesce } from './quiescence'
import type { Entry, Index, NodeId, SnapshotMeta } from './types'

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
  const isLast = mayQuiesce(core)
  for (const progress of core.progress.values()) {
    // Compacted away while a message to this peer was lost.
    if (progress.state !== 'snapshot' && progress.nextIndex < core.log.firstIndex) sendSnapshot(core, progress)
    else if (progress.state === 'snapshot') sendChunk(core, progress)
    sendAppend(core, progress, [], isLast)
  }
  replicateToPassive(core)
  if (isLast) quiesce(core)
}

/** Those that may not lead wait for others: what they may get now may be more than before. */
export function replicateToPassive(core: Core): void {
  if (core.configuration.witnesses.length === 0 && core.config.priorities.size === 0) return
  for (const progress of core.progress.values()) if (!mayLead(core, progress.peer)) sendEntries(core, progress)
}

/** Sends what the peer lacks and its window allows; a snapshot when the log does not reach back to it. */
export function sendEntries(core: Core, progress: Progress): void {
  const { maxInFlight, maxInFlightBytes, maxBatchBytes } = core.config
  const last = lastFor(core, progress.peer)
  while (progress.nextIndex <= last && progress.maySend(maxInFlight, maxInFlightBytes)) {
    if (progress.nextIndex < core.log.firstIndex) {
      sendSnapshot(core, progress)
      return
    }
    const batch = core.log.batch(progress.nextIndex, maxBatchBytes)
    const entries = last === core.log.lastIndex ? batch : batch.filter(({ index }) => index <= last)
    sendAppend(core, progress, entries, false)
    progress.sent(progress.nextIndex + entries.length - 1, bytesOf(entries))
  }
}

/** Leader: what the peer needs is not in the log any more. */
function sendSnapshot(core: Core, progress: Progress): void {
  const { snapshot } = core
  invariant(snapshot !== undefined, `the log begins at ${core.log.firstIndex} without a snapshot`)
  progress.needsSnapshot(forPeer(core, progress.peer, snapshot))
  sendChunk(core, progress)
}

/**
 * Sends the next chunk, unless one is under way that is not given up yet. After that long a silence a newer snapshot may
 * as well be sent instead.
 */
export function sendChunk(core: Core, progress: Progress): void {
  const { transfer } = progress
  if (transfer === undefined) return
  if (transfer.sentAt !== undefined) {
    if (core.now - transfer.sentAt < core.config.electionTimeout) return
    const latest = core.snapshot
    if (latest !== undefined && latest.index > transfer.snapshot.index) {
      progress.needsSnapshot(forPeer(core, progress.peer, latest))
      sendChunk(core, progress)
      return
    }
  }
  transfer.sentAt = core.now
  const { snapshot, offset } = transfer
  core.observe({
    kind: 'snapshot',
    stage: 'sending',
    index: snapshot.index,
    term: snapshot.term,
    bytes: snapshot.bytes,
    offset,
    peer: progress.peer,
  })
  core.send(
    {
      type: 'InstallSnapshot',
      from: core.id,
      to: progress.peer,
      term: core.currentTerm,
      snapshot,
      offset,
      data: new Uint8Array(),
      done: false,
      round: core.reads.round,
    },
    'now',
  )
}

function sendAppend(core: Core, progress: Progress, entries: readonly Entry[], isLast: boolean): void {
  // While the log does not reach back to the peer, what is known to match serves for heartbeats; position 0 always does.
  const wanted = progress.state === 'snapshot' ? progress.matchIndex : progress.nextIndex - 1
  const known = core.log.termAt(wanted)
  const prevLogIndex = known === undefined ? 0 : wanted
  core.send(
    {
      type: 'AppendEntries',
      from: core.id,
      to: progress.peer,
      term: core.currentTerm,
      prevLogIndex,
      prevLogTerm: known ?? 0,
      entries: isWitness(core.configuration, progress.peer) ? entries.map(withoutData) : entries,
      leaderCommit: core.commitIndex,
      round: core.reads.round,
      quiesce: isLast,
    },
    departureFor(core, progress.peer),
  )
}

/**
 * In parallel with the leader's own disk (dissertation §10.2.1), except to those who may not lead: one of them must not be
 * the only server that has an entry, because then nobody could be elected any more.
 */
function departureFor(core: Core, peer: NodeId): 'now' | 'durable' {
  return core.config.parallelWrite && mayLead(core, peer) ? 'now' : 'durable'
}

/**
 * Up to where a peer may get the log. One that may not lead (a witness) must not be the only one, besides this leader, that
 * has an entry: without the leader nobody could be elected any more. So it gets what another server that could lead has on
 * disk; or, when none is heard, what this one has, unless it has no vote itself because it is being removed.
 */
function lastFor(core: Core, peer: NodeId): Index {
  if (mayLead(core, peer)) return core.log.lastIndex
  const canLead = (node: NodeId) => core.configuration.voters.includes(node) && mayLead(core, node)
  const others = [...core.progress.values()].filter((other) => canLead(other.peer))
  const heard = others.filter(({ lastHeard }) => core.now - lastHeard < core.config.electionTimeout)
  if (heard.length === 0 && canLead(core.id)) return core.log.lastIndex
  return Math.max(0, ...(heard.length > 0 ? heard : others).map(({ matchIndex }) => matchIndex))
}

/** A witness votes and counts, and keeps no client's data. */
function withoutData(entry: Entry): Entry {
  if (entry.type !== 'command') return entry
  return { index: entry.index, term: entry.term, type: 'metadata', data: new Uint8Array() }
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { data }) => sum + data.length + ENTRY_OVERHEAD_BYTES, 0)
}
/** A witness gets the fact, not the data. */
function forPeer(core: Core, peer: NodeId, snapshot: SnapshotMeta): SnapshotMeta {
  return isWitness(core.configuration, peer) ? { ...snapshot, bytes: 0, checksum: 0 } : snapshot
}
