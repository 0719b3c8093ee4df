/** What is on disk: never more than what was written, and never less than before. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import type { SpecNode } from '../state'

export function judgePersisted(node: SpecNode, event: TimelineEvent<'persisted'>): Finding | undefined {
  const { lastIndex: index, currentTerm: term, votedFor } = event
  if (index > node.log.last) return { condition: 'persist-in-log', details: { index, last: node.log.last } }
  const isOwn = term < node.currentTerm || (term === node.currentTerm && (votedFor === 0 || votedFor === node.votedFor))
  if (isOwn && term >= node.disk.term) return undefined
  const details = { term, votedFor, currentTerm: node.currentTerm, before: node.disk.term }
  return { condition: 'persist-hard-state', details }
}
