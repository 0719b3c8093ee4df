/** A node's whole state in words, for those who don't see the ring. */
import type { NodeView } from '../../../preload/contract'
import type { Belonging, Side } from '../../components/membership'
import type { Passage } from '../../components/operations'

type Translate = (key: string, named: Record<string, unknown>) => string

/** What a node is in the cluster, beyond its role. */
export interface Standing {
  readonly belongs: Belonging
  /** During joint consensus: in which configuration it votes. */
  readonly side: Side | undefined
  readonly passage: Passage | undefined
}

/** How much of a snapshot has arrived, in percent. */
export function receivedShare({ receiving }: Pick<NodeView, 'receiving'>): number {
  if (receiving === null || receiving.bytes === 0) return 0
  return Math.min(100, Math.floor((receiving.offset / receiving.bytes) * 100))
}

/** The word beside a node that is not simply a voter; empty for one that is. */
export function tagOf(t: Translate, { belongs, side, passage }: Standing): string {
  if (passage !== undefined) return t(`membership.${passage}`, {})
  if (belongs !== 'voter') return t(`membership.roles.${belongs}`, {})
  return side === undefined ? '' : t(`membership.votes.${side}`, {})
}

export function nodeWords(t: Translate, node: NodeView, of: Standing): string {
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
  if (of.passage !== undefined) parts.push(t(`membership.${of.passage}`, {}))
  if (of.belongs !== 'voter') parts.push(t(`membership.roles.${of.belongs}`, {}))
  if (of.side !== undefined) {
    parts.push(t('diagrams.ring.votesIn', { side: t(`membership.votes.${of.side}`, {}) }))
  }
  if (node.clock.mode === 'manual') parts.push(t('control.node.manual', {}))
  else if (node.clock.rate !== 1) parts.push(t('control.node.rate', { rate: node.clock.rate }))
  if (node.heldCount > 0) parts.push(t('control.node.held', { n: node.heldCount }))
  if (node.isQuiescent) parts.push(t('diagrams.ring.quiescent', {}))
  if (node.transferTarget > 0) parts.push(t('diagrams.ring.handsOver', { target: `n${node.transferTarget}` }))
  if (node.receiving !== null) parts.push(t('diagrams.ring.getsSnapshot', { share: receivedShare(node) }))
  return parts.join(', ')
}

/** No process: nothing arrives, nothing is answered. */
export const isDown = (node: NodeView): boolean =>
  node.process.standing === 'stopped' ||
  node.process.standing === 'killed' ||
  node.process.standing === 'crashed' ||
  node.process.standing === 'removed'
