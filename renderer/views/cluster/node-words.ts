/** A node's whole state in words, for those who don't see the ring. */
import type { NodeView } from '../../../preload/contract'

type Translate = (key: string, named: Record<string, unknown>) => string

export function nodeWords(t: Translate, node: NodeView): string {
  const name = `n${node.id}`
  const { standing } = node.process
  const role = t(`roles.${node.role}`, {})
  const parts = [name]
  if (standing === 'running') parts.push(role)
  else parts.push(t(`standings.${standing}`, {}))
  parts.push(t('diagrams.ring.inTerm', { term: node.currentTerm }))
  if (node.role !== 'leader' && node.leader > 0 && standing === 'running') {
    parts.push(t('diagrams.ring.follows', { leader: `n${node.leader}` }))
  }
  parts.push(
    t('diagrams.ring.logWords', { commit: node.commitIndex, last: node.log.lastIndex, applied: node.lastApplied }),
  )
  return parts.join(', ')
}

/** No process: nothing arrives, nothing is answered. */
export const isDown = (node: NodeView): boolean =>
  node.process.standing === 'stopped' ||
  node.process.standing === 'killed' ||
  node.process.standing === 'crashed' ||
  node.process.standing === 'removed'
