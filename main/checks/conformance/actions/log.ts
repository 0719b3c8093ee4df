/** ClientRequest, and what an AppendEntries does to a log (Figure 2, AppendEntries, "Receiver implementation"). */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { termIn } from '../log'
import { type Handling, handlingOf, type Spec, type SpecNode } from '../state'

export function judgeAppended(spec: Spec, node: SpecNode, event: TimelineEvent<'appended'>): Finding | undefined {
  const { firstIndex, term } = event
  const last = firstIndex + Math.max(event.count, event.entries.length) - 1
  if (node.role === 'leader') {
    if (firstIndex <= node.log.last) {
      return {
        condition: 'leader-append-only',
        details: { term: node.currentTerm, index: firstIndex, last: node.log.last },
      }
    }
    if (term !== node.currentTerm) {
      return {
        condition: 'leader-appends-own-term',
        details: { index: firstIndex, entryTerm: term, term: node.currentTerm },
      }
    }
  }
  if (firstIndex !== node.log.last + 1) {
    return { condition: 'append-no-hole', details: { index: firstIndex, last: node.log.last } }
  }
  if (term > node.currentTerm || term < node.log.lastTerm) {
    const details = { index: firstIndex, entryTerm: term, term: node.currentTerm, before: node.log.lastTerm }
    return { condition: 'append-current-term', details }
  }
  if (node.role === 'leader' || !spec.tellsMessages) return undefined
  const handling = handlingOf(node, event)
  if (handling?.message !== 'AppendEntries') return { condition: 'append-asked-for', details: { index: firstIndex } }
  return judgeHandling(node, handling) ?? judgeEntries(handling, firstIndex, last, term)
}

export function judgeTruncated(spec: Spec, node: SpecNode, event: TimelineEvent<'truncated'>): Finding | undefined {
  const { fromIndex: index } = event
  if (node.role === 'leader') {
    return { condition: 'leader-append-only', details: { term: node.currentTerm, index, last: node.log.last } }
  }
  if (index <= node.commitIndex) {
    return { condition: 'truncate-committed', details: { index, commitIndex: node.commitIndex } }
  }
  if (!spec.tellsMessages) return undefined
  const handling = handlingOf(node, event)
  if (handling?.message !== 'AppendEntries') return { condition: 'append-asked-for', details: { index } }
  return judgeHandling(node, handling) ?? judgeConflict(node, handling, index)
}

/** The message is of this term, and follows what is in the log. */
function judgeHandling(node: SpecNode, handling: Handling): Finding | undefined {
  const { term, said, seq } = handling
  if (term !== node.currentTerm) {
    const details = { index: said?.index ?? 0, entryTerm: term, term: node.currentTerm, before: node.log.lastTerm }
    return { condition: 'append-current-term', details, proof: [seq] }
  }
  if (said === undefined || isConsistent(node, said.index, said.logTerm)) return undefined
  const details = { index: said.index, logTerm: said.logTerm, found: node.log.termAt(said.index) ?? 0 }
  return { condition: 'append-consistency', details, proof: [said.seq, seq] }
}

/** The consistency check (§5.3). What a snapshot replaced is committed, so it equals the leader's. */
export function isConsistent({ log }: SpecNode, prevLogIndex: number, prevLogTerm: number): boolean {
  if (prevLogIndex < log.base.index || (prevLogIndex === log.base.index && !log.isBaseKnown)) return true
  return log.termAt(prevLogIndex) === prevLogTerm
}

function judgeEntries({ said, seq }: Handling, first: number, last: number, term: number): Finding | undefined {
  if (said?.entries === undefined) return undefined
  // Terms never fall: equal ones at both ends are equal ones between.
  const isSaid = first > said.index && termIn(said.entries, first) === term && termIn(said.entries, last) === term
  if (isSaid) return undefined
  const details = { first, last, term, from: said.index + 1, to: said.index + said.count }
  return { condition: 'append-entries-of-message', details, proof: [said.seq, seq] }
}

/** Entries are removed where the message has another one, and nothing before it differs. */
function judgeConflict({ log }: SpecNode, { said, seq }: Handling, index: number): Finding | undefined {
  if (said?.entries === undefined) return undefined
  const theirs = index > said.index ? termIn(said.entries, index) : undefined
  const own = log.termAt(index)
  if (theirs !== undefined && theirs !== own) return undefined
  const details = { index, own: own ?? 0, from: said.index + 1, to: said.index + said.count }
  return { condition: 'truncate-on-conflict', details, proof: [said.seq, seq] }
}
