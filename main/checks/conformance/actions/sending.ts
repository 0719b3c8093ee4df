/**
 * What a message may say when it leaves. One that waited for the disk may be of an earlier term than its sender is by then: of that only
 * what still stands is judged.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { isUpToDate, type Request, requestKey, type Spec, type SpecNode } from '../state'

export function judgeSent(spec: Spec, node: SpecNode, event: TimelineEvent<'sent'>): Finding | undefined {
  const { message, term } = event
  // Asking or promising a vote in the next term changes nobody's term.
  const ahead = message === 'RequestPreVote' || (message === 'RequestPreVoteReply' && event.ok)
  if (!ahead && term > node.currentTerm && message !== 'Foreign') {
    return { condition: 'send-term', details: { message, term, currentTerm: node.currentTerm } }
  }
  switch (message) {
    case 'RequestVote':
      return judgeRequestVote(node, event)
    case 'RequestPreVote':
      return term === node.currentTerm + 1 ? judgeOwnLog(node, event) : undefined
    case 'RequestVoteReply':
      return event.ok ? judgeVote(node, event) : undefined
    case 'RequestPreVoteReply':
      return event.ok ? judgePromise(spec, node, event) : undefined
    case 'AppendEntries':
      return judgeAppend(node, event)
    case 'AppendEntriesReply':
      return judgeAppendReply(node, event)
    case 'InstallSnapshot':
      if (!node.led.has(term)) return asNoLeader(event)
      if (event.index <= node.commitIndex) return undefined
      return { condition: 'install-committed', details: { index: event.index, commitIndex: node.commitIndex } }
    case 'InstallSnapshotReply':
      if (!event.ok || term !== node.currentTerm || event.index <= node.disk.index) return undefined
      return { condition: 'install-reply-durable', details: { index: event.index, durable: node.disk.index } }
    case 'TimeoutNow':
    case 'ReadIndexReply':
      return node.led.has(term) ? undefined : asNoLeader(event)
    case 'ReadIndex':
    case 'Foreign':
      return undefined
  }
}

function asNoLeader({ message, term }: TimelineEvent<'sent'>): Finding {
  return { condition: 'send-as-leader', details: { message, term } }
}

function judgeRequestVote(node: SpecNode, event: TimelineEvent<'sent'>): Finding | undefined {
  const { term } = event
  const votedFor = node.votes.get(term) ?? 0
  if (votedFor !== node.id) return { condition: 'request-vote-as-candidate', details: { term, votedFor } }
  const { disk } = node
  if (disk.term < term || (disk.term === term && disk.vote !== node.id)) {
    return { condition: 'request-vote-durable', details: { term, durable: node.disk.term } }
  }
  if (term !== node.currentTerm || node.role !== 'candidate') return undefined
  const { stoodAt } = node
  return event.index === stoodAt.index && event.logTerm === stoodAt.term ? undefined : judgeOwnLog(node, event)
}

/** The end of the sender's own log. */
function judgeOwnLog({ log }: SpecNode, { index, logTerm }: TimelineEvent<'sent'>): Finding | undefined {
  if (index === log.last && logTerm === log.lastTerm) return undefined
  return { condition: 'request-vote-own-log', details: { index, logTerm, last: log.last, lastTerm: log.lastTerm } }
}

/** A vote that was given, and that the disk has. */
function judgeVote(node: SpecNode, { term, peer }: TimelineEvent<'sent'>): Finding | undefined {
  const votedFor = node.votes.get(term) ?? 0
  if (votedFor !== peer) return { condition: 'vote-reply-given', details: { term, peer, votedFor } }
  const { disk } = node
  if (disk.term > term || (disk.term === term && disk.vote === peer)) return undefined
  return { condition: 'vote-reply-durable', details: { term, peer, durable: disk.term } }
}

function judgePromise(spec: Spec, node: SpecNode, event: TimelineEvent<'sent'>): Finding | undefined {
  const asked = node.handling?.said
  if (asked?.message !== 'RequestPreVote' || node.handling?.peer !== event.peer) return undefined
  if (isUpToDate(node, asked.index, asked.logTerm) || !spec.tellsMessages) return undefined
  const { last, lastTerm } = node.log
  const details = { peer: event.peer, index: asked.index, logTerm: asked.logTerm, last, lastTerm }
  return { condition: 'pre-vote-log-up-to-date', details, proof: [asked.seq] }
}

function judgeAppend(node: SpecNode, event: TimelineEvent<'sent'>): Finding | undefined {
  const { term, index, logTerm, commit, count } = event
  const { log } = node
  if (!node.led.has(term)) return asNoLeader(event)
  if (term !== node.currentTerm) return undefined
  const found = index === 0 ? 0 : log.termAt(index)
  // What went for a snapshot since is not known any more.
  if ((found === undefined && index > log.last) || (found !== undefined && found !== logTerm)) {
    return { condition: 'append-prev-in-log', details: { index, logTerm, found: found ?? 0, last: log.last } }
  }
  if (index + count > log.last) {
    return { condition: 'append-entries-in-log', details: { to: index + count, last: log.last } }
  }
  if (commit <= node.commitIndex) return undefined
  return { condition: 'append-leader-commit', details: { leaderCommit: commit, commitIndex: node.commitIndex } }
}

function requestOf(node: SpecNode, sender: number, id: number): Request | undefined {
  const key = requestKey(sender, id)
  return node.requests.get(key) ?? node.olderRequests.get(key)
}

function judgeAppendReply(node: SpecNode, event: TimelineEvent<'sent'>): Finding | undefined {
  const { ok, index, term } = event
  if (term !== node.currentTerm) return undefined
  if (ok && index > node.disk.index) {
    return { condition: 'append-reply-durable', details: { index, durable: node.disk.index } }
  }
  const asked = requestOf(node, event.peer, event.inReplyTo)
  if (asked === undefined) return undefined
  const proof = [asked.seq]
  if (asked.holds !== undefined && asked.holds !== ok) {
    return { condition: 'append-answer', details: { holds: asked.holds ? 1 : 0, term: asked.term }, proof }
  }
  if (!ok || index <= asked.verified) return undefined
  return { condition: 'append-reply-verified', details: { index, verified: asked.verified }, proof }
}
