/** How a log entry reads, and how far it has come on one node. Pure. */
import type { EntryView, NodeView } from '../../preload/contract'

/** Values are cut to this many characters on their way into the window; `bytes` tells the true size. */
export const VALUE_CUT = 64

/** "x ← 3", "x", "delete x", "no-op": the command as the paper writes it. */
export function entryText(entry: EntryView): string {
  if (entry.type !== 'command') return entry.type === 'noop' ? 'no-op' : 'config'
  switch (entry.op) {
    case 'put':
      return `${entry.key}←${entry.value}${isCut(entry) ? '…' : ''}`
    case 'delete':
      return `delete ${entry.key}`
    case 'get':
      return `get ${entry.key}`
    case '':
      return `${entry.bytes} B`
  }
}

export function isCut(entry: EntryView): boolean {
  return entry.value.length >= VALUE_CUT && entry.bytes > VALUE_CUT
}

/** In this order: unwritten → replicated → committed (known to this node) → applied. */
export type EntryStanding = 'unwritten' | 'replicated' | 'committed' | 'applied'

export function standingOf(
  node: Pick<NodeView, 'commitIndex' | 'lastApplied'> & { readonly log: Pick<NodeView['log'], 'durableIndex'> },
  index: number,
): EntryStanding {
  if (index <= node.lastApplied) return 'applied'
  if (index <= node.commitIndex) return 'committed'
  return index <= node.log.durableIndex ? 'replicated' : 'unwritten'
}

export const STANDING_GLYPHS: Readonly<Record<EntryStanding, string>> = {
  unwritten: '◌',
  replicated: '○',
  committed: '◐',
  applied: '●',
}
