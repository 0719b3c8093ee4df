/** What a node's reports say about who belongs to the cluster, and who shall lead it. */
import type { TimelineEvent } from '../../node/contract/events'
import type { MutableNode } from './cluster'

export function foldConfiguration(node: MutableNode, event: TimelineEvent<'configuration'>): void {
  // The one before was committed late: the node goes by the newer one that its log holds.
  if (event.standing === 'committed' && event.index < node.configurationIndex) return
  node.configuration = {
    voters: idsOf(event.voters),
    outgoing: idsOf(event.outgoing),
    learners: idsOf(event.learners),
    learnersNext: idsOf(event.learnersNext),
    witnesses: idsOf(event.witnesses),
  }
  node.configurationIndex = event.index
  node.configurationCommitted = event.standing === 'committed' || event.index <= node.commitIndex
  // A leader replicates to members and to nobody else.
  const { voters, outgoing, learners, learnersNext } = node.configuration
  const members = new Set([...voters, ...outgoing, ...learners, ...learnersNext])
  node.progress = node.progress.filter(({ peer }) => members.has(peer))
  node.sending = node.sending.filter(({ peer }) => members.has(peer))
}

/** `1,2,3`; empty = none. */
export function idsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(',').map(Number)
}

export function foldCommitted(node: MutableNode, event: TimelineEvent<'committed'>): void {
  node.commitIndex = event.commitIndex
  if (node.configuration !== undefined && node.configurationIndex <= event.commitIndex) {
    node.configurationCommitted = true
  }
}

export function foldTransfer(node: MutableNode, event: TimelineEvent<'transfer'>): void {
  node.transferTarget = event.stage === 'started' || event.stage === 'told' ? event.target : 0
}
