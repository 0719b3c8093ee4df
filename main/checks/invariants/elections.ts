/** What elections promise: one leader in a term, one vote, and terms that only grow. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Invariant } from './invariant'

/** Figure 3: at most one leader can be elected in a given term. */
export const electionSafety: Invariant = {
  id: 'election-safety',
  section: '5.2',
  watch() {
    const leaders = new Map<number, { readonly node: number; readonly seq: number }>()
    return {
      after(event) {
        if (event.kind !== 'role' || event.role !== 'leader') return undefined
        const { node, seq, term } = event
        const known = leaders.get(term)
        if (known === undefined) leaders.set(term, { node, seq })
        if (known === undefined || known.node === node) return undefined
        return { invariant: 'election-safety', events: [known.seq, seq], details: { term, first: known.node, node } }
      },
    }
  },
}

/**
 * Nodes that are being rebuilt: first they are taken out of the membership, then their disk is emptied, and with it go term and
 * votes. They come back behind the place where they were removed (dissertation §4), so nothing that they promised is missed.
 */
class Rebuilding {
  /** By the number of the operation. */
  readonly #nodes = new Map<number, number>()

  /** @returns whom this event tells to begin with an empty disk; 0 = nobody */
  emptied(event: TimelineEvent): number {
    if (event.kind === 'process' && event.state === 'removed') return event.subject
    if (event.kind === 'operation' && event.type === 'rebuild') {
      if (event.action === 'begin') this.#nodes.set(event.id, subjectOf(event.detail))
      else this.#nodes.delete(event.id)
    }
    if (event.kind !== 'started' || event.currentTerm > 0 || event.lastIndex > 0) return 0
    return [...this.#nodes.values()].includes(event.node) ? event.node : 0
  }
}

/** The node that an operation is about; 0 where its detail does not say. */
function subjectOf(detail: string): number {
  return Number(/"node":(\d+)/.exec(detail)?.[1] ?? 0)
}

interface Vote {
  readonly term: number
  readonly votedFor: number
  readonly seq: number
}

/**
 * §5.2: each server votes for at most one candidate in a given term, also over restarts: a vote that was on the disk is there
 * when the process starts again.
 */
export const oneVotePerTerm: Invariant = {
  id: 'one-vote-per-term',
  section: '5.2',
  watch() {
    /** In memory, of this life; and the last that was durable. */
    const votes = new Map<number, Vote>()
    const durable = new Map<number, Vote>()
    const rebuilding = new Rebuilding()
    return {
      after(event) {
        const { node, seq } = event
        const emptied = rebuilding.emptied(event)
        votes.delete(emptied)
        durable.delete(emptied)
        if (event.kind !== 'hardState' && event.kind !== 'persisted' && event.kind !== 'started') return undefined
        const { votedFor, currentTerm: term } = event
        const vote = { term, votedFor, seq }
        const known = event.kind === 'started' ? durable.get(node) : votes.get(node)
        if (event.kind !== 'persisted') votes.set(node, vote)
        if (event.kind !== 'hardState') durable.set(node, vote)
        if (event.kind === 'persisted' || known === undefined || known.votedFor === 0) return undefined
        if (known.term !== term || known.votedFor === votedFor) return undefined
        const details = { node, term, first: known.votedFor, votedFor }
        return { invariant: 'one-vote-per-term', events: [known.seq, seq], details }
      },
    }
  },
}

/** Figure 2: `currentTerm` increases monotonically, also over restarts. */
export const termsNeverGoBack: Invariant = {
  id: 'terms-never-go-back',
  section: '5.1',
  watch() {
    const durable = new Map<number, Vote>()
    const rebuilding = new Rebuilding()
    return {
      before(event, state) {
        const { node, seq } = event
        durable.delete(rebuilding.emptied(event))
        if (event.kind !== 'hardState' && event.kind !== 'persisted' && event.kind !== 'started') return undefined
        const known = durable.get(node)
        const lived = event.kind === 'hardState' ? (state.nodes.get(node)?.currentTerm ?? 0) : 0
        const before = Math.max(known?.term ?? 0, lived)
        const { currentTerm: term, votedFor } = event
        if (event.kind !== 'hardState') durable.set(node, { term, votedFor, seq })
        if (term >= before) return undefined
        const events = known === undefined || known.term < before ? [seq] : [known.seq, seq]
        return { invariant: 'terms-never-go-back', events, details: { node, before, term } }
      },
    }
  },
}
