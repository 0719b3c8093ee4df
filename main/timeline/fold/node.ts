/** What a node's own reports change, besides its log, its snapshots and its membership. */
import type { TimelineEvent } from '../../node/contract/events'
import type { ProgressView, Role } from '../../raft/types'
import type { MutableNode } from './cluster'
import { trueClock } from './conditions'
import { emptyLog, isPosition } from './log'
import { endSending } from './snapshot'

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
  emptyLog(node, isPosition(event.firstIndex) ? event.firstIndex : 1, event.baseTerm)
  node.durableIndex = event.lastIndex
  // The state machine begins with the snapshot, which covers what was committed then.
  node.commitIndex = node.lastApplied = Math.max(event.firstIndex - 1, event.snapshotIndex)
  node.snapshot = snapshotOf(node, event)
  node.configuration = undefined
  node.configurationIndex = 0
  node.configurationCommitted = false
  node.sessions = 0
}

/** `started` does not say how large it is; when it is the one that was known before, that is known. */
function snapshotOf(node: MutableNode, event: TimelineEvent<'started'>): MutableNode['snapshot'] {
  const { snapshotIndex: index, snapshotTerm: term } = event
  if (index === 0) return undefined
  return node.snapshot?.index === index && node.snapshot.term === term ? node.snapshot : { index, term, bytes: 0 }
}

/** A process that is gone holds no office, runs no timer and follows nobody. Its log and terms stay as last known. */
export function endVolatile(node: MutableNode, t: number): void {
  becomeRole(node, 'follower', t)
  node.leader = 0
  node.deadline = 0
  node.timerDuration = 0
  node.receiving = undefined
  node.isQuiescent = false
  node.held = []
  // A life begins in true time; one that does not says so.
  node.clock = trueClock(t)
}

/** Its directory was deleted: there is nothing left of it but its name. */
export function voidDisk(node: MutableNode): void {
  node.currentTerm = node.durableTerm = 0
  node.votedFor = node.durableVote = 0
  emptyLog(node, 1, 0)
  node.durableIndex = node.commitIndex = node.lastApplied = 0
  node.snapshot = undefined
  node.configuration = undefined
  node.configurationIndex = 0
  node.configurationCommitted = false
  node.sessions = 0
}

export function foldRole(node: MutableNode, event: TimelineEvent<'role'>): void {
  becomeRole(node, event.role, event.t)
  node.leader = event.leader
}

function becomeRole(node: MutableNode, role: Role, t: number): void {
  if (node.role !== role) {
    node.roleSince = t
    // Nobody changes its role asleep.
    node.isQuiescent = false
  }
  node.role = role
  node.progress = []
  node.sending = []
  node.transferTarget = 0
  // Neither stands for election.
  if (role === 'leader' || role === 'learner') node.deadline = node.timerDuration = 0
  if (role === 'leader') node.receiving = undefined
}

export function foldTimer(node: MutableNode, event: TimelineEvent<'timer'>): void {
  if (node.role === 'leader') return
  node.deadline = event.deadline
  node.timerDuration = event.duration
}

/** Of all remarks only those about quiescence change something. */
export function foldRemark(node: MutableNode, event: TimelineEvent<'remark'>): void {
  if (event.name === 'quiesced') {
    node.isQuiescent = true
    node.deadline = node.timerDuration = 0
  } else if (event.name === 'woken') {
    node.isQuiescent = false
  }
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
  if (view.state !== 'snapshot' && node.sending.length > 0) endSending(node, view.peer)
  const { progress } = node
  let place = 0
  while (place < progress.length && (progress[place] as ProgressView).peer < view.peer) place++
  // Nearly always it is known, and takes the place of what was known.
  if (progress[place]?.peer === view.peer) progress[place] = view
  else progress.splice(place, 0, view)
}
