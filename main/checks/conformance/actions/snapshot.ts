/** Snapshots (§7, Figure 13): taken of what is committed, installed where they are news, and what goes from the log for them. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import type { Spec, SpecNode } from '../state'

export function judgeSnapshot(spec: Spec, node: SpecNode, event: TimelineEvent<'snapshot'>): Finding | undefined {
  switch (event.stage) {
    case 'saved':
      return judgeSaved(node, event)
    case 'installed':
      return judgeInstalled(spec, node, event)
    case 'sending':
    case 'receiving':
      return undefined
  }
}

function judgeSaved({ log, commitIndex }: SpecNode, { index, term }: TimelineEvent<'snapshot'>): Finding | undefined {
  if (index > commitIndex) return { condition: 'snapshot-committed', details: { index, commitIndex } }
  const found = log.termAt(index)
  if (found === undefined || found === term) return undefined
  return { condition: 'snapshot-term', details: { index, term, found } }
}

function judgeInstalled(spec: Spec, node: SpecNode, event: TimelineEvent<'snapshot'>): Finding | undefined {
  const { index, term, keepsLog } = event
  if (node.role === 'leader') return { condition: 'install-not-leader', details: { index, term: node.currentTerm } }
  if (index <= node.commitIndex)
    return { condition: 'install-newer', details: { index, commitIndex: node.commitIndex } }
  const found = node.log.termAt(index)
  if (keepsLog !== (found === term)) {
    return { condition: 'install-keeps-log', details: { index, term, found: found ?? 0, kept: keepsLog ? 1 : 0 } }
  }
  if (!spec.tellsMessages || node.hasUnknownOffer) return undefined
  const offered = node.offered.get(index)
  return offered === term ? undefined : { condition: 'install-sent', details: { index, term, found: offered ?? 0 } }
}

export function judgeCompacted(node: SpecNode, event: TimelineEvent<'compacted'>): Finding | undefined {
  const index = event.firstIndex - 1
  if (index > node.snapshot.index) {
    return { condition: 'compact-covered', details: { index, snapshot: node.snapshot.index } }
  }
  const found = node.log.termAt(index)
  if (found === undefined || found === event.baseTerm) return undefined
  return { condition: 'snapshot-term', details: { index, term: event.baseTerm, found } }
}
