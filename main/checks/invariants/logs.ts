/** What logs promise: leaders only append, and logs that agree somewhere agree everywhere before. */
import type { TimelineEvent } from '../../node/contract/events'
import { entryOf, type NodeState } from '../../timeline'
import type { Invariant } from './invariant'

/** The term of an entry of this node, of the one before its log included; undefined when it is not known. */
export function termAt(node: NodeState, index: number): number | undefined {
  if (index === node.firstIndex - 1) return node.baseTerm === 0 && index > 0 ? undefined : node.baseTerm
  return entryOf(node, index)?.term
}

/** Figure 3: a leader never overwrites or deletes entries in its log. */
export const leaderAppendOnly: Invariant = {
  id: 'leader-append-only',
  section: '5.3',
  watch: () => ({
    before(event, state) {
      const node = state.nodes.get(event.node)
      if (node?.role !== 'leader') return undefined
      const from = goneFrom(event)
      if (from === undefined || from > node.lastIndex) return undefined
      const details = { node: node.id, term: node.currentTerm, index: from, last: node.lastIndex }
      return { invariant: 'leader-append-only', events: [event.seq], details }
    },
  }),
}

/** From where on this event takes entries away, or puts others in their place. */
function goneFrom(event: TimelineEvent): number | undefined {
  switch (event.kind) {
    case 'truncated':
      return event.fromIndex
    case 'appended':
      return event.firstIndex
    case 'snapshot':
      return event.stage === 'installed' && !event.keepsLog ? event.index + 1 : undefined
    default:
      return undefined
  }
}

/** What came before an entry, and who said so first. */
interface Known {
  readonly before: number
  readonly node: number
  readonly seq: number
}

/**
 * Figure 3: if two logs contain an entry with the same index and term, they are identical up to it. That holds for whole logs when
 * each entry, known by index and term, has the same one before it wherever it stands.
 */
export const logMatching: Invariant = {
  id: 'log-matching',
  section: '5.3',
  watch() {
    /** By index, then term: mostly there is one. */
    const entries: (Map<number, Known> | undefined)[] = []
    return {
      after(event, state) {
        if (event.kind !== 'appended') return undefined
        const node = state.nodes.get(event.node)
        if (node === undefined) return undefined
        const end = event.firstIndex + Math.max(event.count, event.entries.length)
        for (let index = event.firstIndex; index < end; index++) {
          const term = termAt(node, index)
          const before = termAt(node, index - 1)
          if (term === undefined || before === undefined) continue
          let known = entries[index]
          if (known === undefined) {
            known = new Map()
            entries[index] = known
          }
          const first = known.get(term)
          if (first === undefined) known.set(term, { before, node: node.id, seq: event.seq })
          else if (first.before !== before) {
            const details = { index, term, node: node.id, before, first: first.node, firstBefore: first.before }
            return { invariant: 'log-matching', events: [first.seq, event.seq], details }
          }
        }
        return undefined
      },
    }
  },
}
