/** What a node's own reports change. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Entry, ProgressView, Role } from '../../raft/types'
import { sameEntry } from '../recording/columns'
import type { MutableCluster, MutableNode } from './cluster'

/** A new life: what was only in memory is gone, what follows comes from the disk. `appended` with the log follows. */
export function foldStarted(node: MutableNode, event: TimelineEvent<'started'>): void {
  endVolatile(node, event.t)
  node.process.pid = event.pid
  node.process.incarnation = event.incarnation
  node.process.tornBytes = event.tornBytes
  node.process.trouble = ''
  if (node.process.startedAt === 0) node.process.startedAt = event.t
  node.currentTerm = node.durableTerm = event.currentTerm
  node.votedFor = node.durableVote = event.votedFor
  node.log = []
  node.firstIndex = event.firstIndex
  node.lastIndex = event.firstIndex - 1
  node.durableIndex = event.lastIndex
  node.commitIndex = event.firstIndex - 1
  node.lastApplied = event.firstIndex - 1
}

/** A process that is gone holds no office, runs no timer and follows nobody. Its log and terms stay as last known. */
export function endVolatile(node: MutableNode, t: number): void {
  becomeRole(node, 'follower', t)
  node.leader = 0
  node.deadline = 0
  node.timerDuration = 0
}

export function foldRole(node: MutableNode, event: TimelineEvent<'role'>): void {
  becomeRole(node, event.role, event.t)
  node.leader = event.leader
}

function becomeRole(node: MutableNode, role: Role, t: number): void {
  if (node.role !== role) node.roleSince = t
  node.role = role
  node.progress = []
  if (role === 'leader') node.deadline = node.timerDuration = 0
}

export function foldAppended(state: MutableCluster, node: MutableNode, event: TimelineEvent<'appended'>): void {
  if (event.entries.length === 0) return
  const place = event.firstIndex - node.firstIndex
  if (place < 0 || place > node.log.length) {
    // Only in a window of a recording that begins later than the log: what came before is not known.
    node.log = []
    node.firstIndex = event.firstIndex
  } else if (place < node.log.length) {
    node.log.length = place
    node.durableIndex = Math.min(node.durableIndex, event.firstIndex - 1)
  }
  const leader = state.nodes.get(node.leader)
  for (const entry of event.entries) node.log.push(shared(entry, leader))
  node.lastIndex = node.firstIndex + node.log.length - 1
}

/** All nodes hold the same entries: when the leader has an equal one, keep that, so that memory holds it once. */
function shared(entry: Entry, leader: MutableNode | undefined): Entry {
  const other = leader?.log[entry.index - leader.firstIndex]
  return other !== undefined && sameEntry(other, entry) ? other : entry
}

export function foldTruncated(node: MutableNode, event: TimelineEvent<'truncated'>): void {
  const length = Math.max(0, event.fromIndex - node.firstIndex)
  if (length < node.log.length) node.log.length = length
  node.lastIndex = node.firstIndex + node.log.length - 1
  node.durableIndex = Math.min(node.durableIndex, node.lastIndex)
}

export function foldPersisted(node: MutableNode, event: TimelineEvent<'persisted'>): void {
  // The write may have been under way while the log was truncated: what is gone is not durable.
  node.durableIndex = Math.min(event.lastIndex, node.lastIndex)
  node.durableTerm = event.currentTerm
  node.durableVote = event.votedFor
  node.process.fsyncMicros = event.micros
}

export function foldProgress(node: MutableNode, event: TimelineEvent<'progress'>): void {
  if (node.role !== 'leader') return
  const view: ProgressView = {
    peer: event.peer,
    matchIndex: event.matchIndex,
    nextIndex: event.nextIndex,
    state: event.state,
    inFlight: event.inFlight,
  }
  const place = node.progress.findIndex((other) => other.peer >= event.peer)
  if (place === -1) node.progress.push(view)
  else node.progress.splice(place, node.progress[place]?.peer === event.peer ? 1 : 0, view)
}
