/** What an event changes in the specification's state, whether it was allowed or not: what comes next is judged by what is. */
import type { TimelineEvent } from '../../node/contract/events'
import { isConsistent } from './actions/log'
import { saidIn } from './messages'
import { idsOf, type Placed, requestKey, type Spec, type SpecNode, startedNode } from './state'

/** AppendEntries that wait for their replies; twice as many at most. */
const KEPT_REQUESTS = 1_024
/** Votes and terms led that are remembered: older ones cannot be spoken of any more. */
const KEPT_TERMS = 256

/** Goes on from one recorded event to the next: the variables of Figure 2 as they are behind it. */
export function step(spec: Spec, node: SpecNode, event: TimelineEvent): void {
  switch (event.kind) {
    case 'hardState':
      takeHardState(node, event)
      return
    case 'role':
      takeRole(node, event)
      return
    case 'leader':
      node.leader = event.leader
      return
    case 'appended':
      node.log.append(event.firstIndex, Math.max(event.count, event.entries.length), event.term)
      return
    case 'truncated':
      node.log.truncate(event.fromIndex)
      node.disk.index = Math.min(node.disk.index, node.log.last)
      return
    case 'persisted':
      node.disk = { term: event.currentTerm, vote: event.votedFor, index: event.lastIndex, seq: event.seq }
      node.handling = undefined
      return
    case 'committed':
      node.commitIndex = event.commitIndex
      return
    case 'applied':
      node.lastApplied = event.lastApplied
      node.handling = undefined
      return
    case 'snapshot':
      takeSnapshot(node, event)
      return
    case 'compacted':
      node.log.compact(event.firstIndex - 1, event.baseTerm)
      node.disk.index = Math.max(node.disk.index, event.firstIndex - 1)
      return
    case 'configuration':
      takeConfiguration(node, event)
      return
    case 'sent':
      takeSent(spec, node, event)
      return
    case 'received':
      takeReceived(spec, node, event)
      return
    case 'held':
      // Its sender may have ended before it could tell.
      if (spec.messages.get(event.peer, node.id, event.id) === undefined) know(spec, node, event)
      return
    case 'released':
      if (event.how === 'edited') know(spec, node, event)
      return
    case 'copied': {
      const said = spec.messages.get(event.peer, node.id, event.id)
      if (said !== undefined) spec.messages.set(event.peer, node.id, event.copy, said)
      return
    }
    case 'progress':
      node.progress.set(event.peer, event.matchIndex)
      return
    case 'breakpoint':
      if (node.handling !== undefined) node.handling.wasStopped = true
      return
    default:
  }
}

/** A process began: from here on this server is what its disk was. */
export function start(spec: Spec, event: TimelineEvent<'started'>): SpecNode {
  const node = startedNode(event, spec.nodes.get(event.node))
  spec.nodes.set(event.node, node)
  return node
}

function know(spec: Spec, node: SpecNode, { peer, id, bytes, seq }: TimelineEvent<'held' | 'released'>): void {
  const said = saidIn(bytes, seq)
  if (said !== undefined) spec.messages.set(peer, node.id, id, said)
}

function takeHardState(node: SpecNode, { currentTerm, votedFor }: TimelineEvent<'hardState'>): void {
  node.currentTerm = currentTerm
  node.votedFor = votedFor
  if (votedFor !== 0) remember(node.votes, currentTerm, votedFor)
}

function remember(votes: Map<number, number>, term: number, vote: number): void {
  if (votes.size >= KEPT_TERMS) votes.delete(votes.keys().next().value ?? 0)
  votes.set(term, vote)
}

function takeRole(node: SpecNode, { role, leader, term }: TimelineEvent<'role'>): void {
  node.isFresh = false
  node.role = role
  node.leader = leader
  node.granted.clear()
  node.match.clear()
  node.progress.clear()
  if (role === 'candidate') node.stoodAt = { index: node.log.last, term: node.log.lastTerm }
  if (role !== 'leader') return
  if (node.led.size >= KEPT_TERMS) node.led.delete(node.led.values().next().value ?? 0)
  node.led.add(term)
}

function takeSnapshot(node: SpecNode, { stage, index, term, keepsLog }: TimelineEvent<'snapshot'>): void {
  if (stage === 'saved') node.snapshot = { index, term }
  if (stage !== 'installed') return
  node.snapshot = { index, term }
  for (const offered of node.offered.keys()) if (offered <= index) node.offered.delete(offered)
  if (keepsLog) node.log.compact(index, term)
  else {
    // Until the next write the disk holds the old log, of which only that counts which was committed.
    node.disk.index = Math.min(node.disk.index, node.commitIndex)
    node.log.reset(index, term)
  }
  node.lastApplied = Math.max(node.lastApplied, index)
}

function takeConfiguration(node: SpecNode, event: TimelineEvent<'configuration'>): void {
  const { index, standing, seq } = event
  const placed: Placed = {
    index,
    seq,
    voters: idsOf(event.voters),
    outgoing: idsOf(event.outgoing),
    witnesses: idsOf(event.witnesses),
  }
  switch (standing) {
    case 'appended':
      node.configurations = [...node.configurations.filter((known) => known.index < index), placed]
      return
    case 'rolled-back':
      // The one before counts again.
      node.configurations = [...node.configurations.filter((known) => known.index < index), placed]
      return
    case 'committed':
      node.configurations = [placed, ...node.configurations.filter((known) => known.index > index)]
      return
    case 'restored':
      node.configurations = [placed]
      return
  }
}

function takeSent(spec: Spec, node: SpecNode, event: TimelineEvent<'sent'>): void {
  const { seq, message, term, index, logTerm, commit, count, ok } = event
  // A leader's own log holds them as long as it is one.
  const isOwn = message === 'AppendEntries' && node.led.has(term) && term === node.currentTerm
  const isThere = index >= node.log.base.index && index + count <= node.log.last
  const entries = isOwn && isThere ? node.log.slice(index + 1, index + count) : undefined
  spec.messages.set(node.id, event.peer, event.id, { seq, message, term, index, logTerm, commit, count, ok, entries })
  node.handling = undefined
}

function takeReceived(spec: Spec, node: SpecNode, event: TimelineEvent<'received'>): void {
  const { peer, id, message, term, seq, t } = event
  const known = spec.messages.get(peer, node.id, id)
  const said = known?.message === message ? known : undefined
  node.handling = { peer, message, term, seq, t, said, wasStopped: false }
  const isUnknown = said === undefined
  switch (message) {
    case 'RequestVoteReply':
      if (node.role === 'candidate' && term === node.currentTerm && (isUnknown || said.ok)) node.granted.add(peer)
      return
    case 'RequestPreVoteReply':
      if (node.role !== 'pre-candidate') return
      if (isUnknown || (said.ok && term === node.currentTerm + 1)) node.granted.add(peer)
      return
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
      if (node.role !== 'leader' || term !== node.currentTerm) return
      // Who is not known to have less may have everything.
      if (isUnknown) node.match.set(peer, Number.POSITIVE_INFINITY)
      else if (said.ok) node.match.set(peer, Math.max(said.index, node.match.get(peer) ?? 0))
      return
    case 'AppendEntries':
      if (said !== undefined) takeRequest(node, event, said.index, said.logTerm, said.count)
      return
    case 'InstallSnapshot':
      if (isUnknown) node.hasUnknownOffer = true
      else node.offered.set(said.index, said.logTerm)
      return
    default:
  }
}

function takeRequest(
  node: SpecNode,
  { peer, id, term, seq }: TimelineEvent<'received'>,
  prevLogIndex: number,
  prevLogTerm: number,
  count: number,
): void {
  if (node.requests.size >= KEPT_REQUESTS) {
    node.olderRequests = node.requests
    node.requests = new Map()
  }
  const holds = term >= node.currentTerm && isConsistent(node, prevLogIndex, prevLogTerm)
  // A copy is answered as what it is a copy of.
  const key = requestKey(peer, id)
  const known = node.requests.get(key) ?? node.olderRequests.get(key)
  const isSame = known === undefined || known.holds === holds
  node.requests.set(key, { seq, term, verified: prevLogIndex + count, holds: isSame ? holds : undefined })
}
