/** AdvanceCommitIndex by a leader, learning it by others, and applying what it covers. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { configurationOf, handlingOf, hasMajority, type Spec, type SpecNode } from '../state'

export function judgeCommitted(spec: Spec, node: SpecNode, event: TimelineEvent<'committed'>): Finding | undefined {
  const { commitIndex: index, by } = event
  if (index < node.commitIndex) return { condition: 'commit-grows', details: { before: node.commitIndex, index } }
  if (index > node.log.last) return { condition: 'commit-in-log', details: { index, last: node.log.last } }
  switch (by) {
    case 'counted':
      return judgeCounted(spec, node, index)
    case 'learned':
      return judgeLearned(spec, node, event)
    case 'snapshot':
      return undefined
  }
}

/** An entry of the leader's own term that a majority has told to have, itself as far as its own disk has it. */
function judgeCounted(spec: Spec, node: SpecNode, index: number): Finding | undefined {
  const { currentTerm, log } = node
  if (node.role !== 'leader') return { condition: 'commit-by-leader', details: { index, role: node.role } }
  const term = log.termAt(index) ?? 0
  if (term !== currentTerm)
    return { condition: 'commit-own-term', details: { index, entryTerm: term, term: currentTerm } }
  const configuration = configurationOf(node)
  if (configuration === undefined) return undefined
  // Where no messages are told, the others may have said anything.
  const said = (voter: number) => (spec.tellsMessages ? (node.match.get(voter) ?? 0) : Number.POSITIVE_INFINITY)
  const has = (voter: number) => (voter === node.id ? node.disk.index : said(voter)) >= index
  if (hasMajority(configuration, has)) return undefined
  const { voters, outgoing } = configuration
  const half = voters.filter(has).length * 2 > voters.length ? outgoing : voters
  const details = { index, term, of: half.join(', '), by: half.filter(has).join(', ') }
  return { condition: 'commit-majority', details }
}

/** A leader's matchIndex is what the peer said that it has, and never goes back; it begins anew with a peer that was away. */
export function judgeProgress(spec: Spec, node: SpecNode, event: TimelineEvent<'progress'>): Finding | undefined {
  const { peer, matchIndex: index } = event
  if (node.role !== 'leader' || index === 0) return undefined
  const before = node.progress.get(peer) ?? 0
  if (index < before) return { condition: 'match-index-grows', details: { peer, before, index } }
  const said = node.match.get(peer) ?? 0
  if (!spec.tellsMessages || index <= said) return undefined
  return { condition: 'match-index-said', details: { peer, index, said } }
}

function judgeLearned(spec: Spec, node: SpecNode, event: TimelineEvent<'committed'>): Finding | undefined {
  if (!spec.tellsMessages) return undefined
  const index = event.commitIndex
  const handling = handlingOf(node, event)
  if (handling?.message !== 'AppendEntries' || node.role === 'leader') {
    return { condition: 'append-asked-for', details: { index } }
  }
  const { said, seq } = handling
  if (said === undefined) return undefined
  const proof = [said.seq, seq]
  if (index > said.commit)
    return { condition: 'learn-leader-commit', details: { index, leaderCommit: said.commit }, proof }
  const verified = Math.max(said.index + said.count, node.log.base.index)
  return index <= verified ? undefined : { condition: 'learn-verified', details: { index, verified }, proof }
}

export function judgeApplied(node: SpecNode, { lastApplied: index }: TimelineEvent<'applied'>): Finding | undefined {
  if (index < node.lastApplied) return { condition: 'apply-grows', details: { before: node.lastApplied, index } }
  if (index <= node.commitIndex) return undefined
  return { condition: 'apply-committed', details: { index, commitIndex: node.commitIndex } }
}
