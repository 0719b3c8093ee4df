/** A change of the membership, and what else is asked of a cluster, as a step. */
import type { TimelineEvent } from '../../node/contract/events'
import { type Detail, detailIn, listOf, numberOf, textOf } from './details'
import { type Fields, RecordedNode } from './recorded'

/** `detail` of the event with which it began. */
export function changeStep(type: TimelineEvent<'operation'>['type'], detail: Detail): Fields | undefined {
  const node = numberOf(detail.node) ?? 0
  switch (type) {
    case 'add-node':
      return { add: { role: textOf(detail.role) } }
    case 'remove-node':
      return { remove: new RecordedNode(node) }
    case 'rebuild':
      return { rebuild: new RecordedNode(node) }
    case 'snapshot':
      return { snapshot: new RecordedNode(node) }
    case 'transfer':
      return { transfer: detail.target === undefined ? 'best' : new RecordedNode(numberOf(detail.target) ?? 0) }
    case 'change': {
      const changes = listOf(detail.changes).map((change) => {
        const { node: whom, role } = detailIn(change)
        const who = new RecordedNode(numberOf(whom) ?? 0)
        return role === 'removed' ? { remove: who } : { add: who, role: textOf(role) }
      })
      return { change: { changes, mode: textOf(detail.mode) } }
    }
    default:
      return type satisfies never
  }
}
