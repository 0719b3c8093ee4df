/** How a log entry reads, and how far it has come on one node. Pure. */
import type { EntryView, NodeView } from '../../preload/contract'
import { namesOf } from './membership'

/** Values are cut to this many characters on their way into the window; `bytes` tells the true size. */
const VALUE_CUT = 64

/** An entry in its parts, as the paper writes a command: `x ← 5`. */
export interface EntryParts {
  readonly head: string
  readonly arrow: boolean
  readonly tail: string
}

const plain = (head: string): EntryParts => ({ head, arrow: false, tail: '' })

export function entryParts(entry: EntryView): EntryParts {
  switch (entry.type) {
    case 'noop':
      return plain('no-op')
    case 'metadata':
      // A witness keeps the place of an entry, not what it says.
      return plain('meta')
    case 'config': {
      const { configuration } = entry
      if (configuration === undefined) return plain('config')
      const { outgoing, voters } = configuration
      return plain(outgoing.length > 0 ? `C ${namesOf(outgoing)} + ${namesOf(voters)}` : `C ${namesOf(voters)}`)
    }
    case 'command':
      break
  }
  switch (entry.op) {
    case 'put':
      return { head: entry.key, arrow: true, tail: `${entry.value}${isCut(entry) ? '…' : ''}` }
    case 'cas':
      return { head: `cas ${entry.key}`, arrow: true, tail: `${entry.value}${isCut(entry) ? '…' : ''}` }
    case 'append':
      return plain(`${entry.key}+${entry.value}${isCut(entry) ? '…' : ''}`)
    case 'delete':
      return plain(`del ${entry.key}`)
    case 'get':
      return plain(`get ${entry.key}`)
    case 'open-session':
      return plain('session')
    case 'close-session':
      return plain('end session')
    case '':
      return plain(entry.bytes > 0 ? `${entry.bytes} B` : '?')
  }
}

/** The same in one line. */
export function entryText(entry: EntryView): string {
  const { head, arrow, tail } = entryParts(entry)
  return arrow ? `${head}←${tail}` : head
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
