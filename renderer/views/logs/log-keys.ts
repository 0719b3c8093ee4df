/** Moving among the cells of the logs by keyboard. Pure. */
import type { NodeView } from '../../../preload/contract'

export interface CellAt {
  readonly node: number
  readonly index: number
}

/** Where a key leads from a cell, within the log of its node; undefined for a key that means nothing here. */
export function moved(key: string, nodes: readonly NodeView[], at: CellAt): CellAt | undefined {
  const row = nodes.findIndex((node) => node.id === at.node)
  const node = nodes[row]
  if (node === undefined) return undefined
  const to = (next: NodeView, index: number): CellAt => ({
    node: next.id,
    index: Math.max(next.log.firstIndex, Math.min(next.log.lastIndex, index)),
  })
  switch (key) {
    case 'ArrowLeft':
      return to(node, at.index - 1)
    case 'ArrowRight':
      return to(node, at.index + 1)
    case 'ArrowUp':
      return to(nodes[row - 1] ?? node, at.index)
    case 'ArrowDown':
      return to(nodes[row + 1] ?? node, at.index)
    case 'Home':
      return to(node, node.log.firstIndex)
    case 'End':
      return to(node, node.log.lastIndex)
    case 'Enter':
    case ' ':
      return to(node, at.index)
    default:
      return undefined
  }
}
