/** Restart: what was on disk is there again (Figure 2, persistent state); all else is forgotten. */
import type { Finding } from '../conditions'
import type { SpecNode } from '../state'

/**
 * Of a server that has read its disk. What it did last it may not have told before it was killed, so that its disk may hold more: a later
 * term, a vote, other entries behind what was committed.
 */
export function judgeRestart(node: SpecNode): Finding | undefined {
  const { before } = node
  if (before === undefined || before.isDamaged) return undefined
  const { term, vote, index, seq } = before.disk
  const proof = [seq]
  if (node.currentTerm < term) {
    return { condition: 'restart-term-kept', details: { before: term, term: node.currentTerm }, proof }
  }
  if (node.currentTerm === term && vote !== 0 && node.votedFor !== vote) {
    return { condition: 'restart-vote-kept', details: { term, first: vote, votedFor: node.votedFor }, proof }
  }
  const from = Math.max(before.log.base.index, node.log.base.index) + 1
  const lost = before.log.difference(node.log, from, Math.min(before.commitIndex, index))
  if (lost === undefined) return undefined
  const details = { index: lost, before: before.log.termAt(lost) ?? 0, term: node.log.termAt(lost) ?? 0 }
  return { condition: 'restart-log-kept', details, proof }
}
