/** What being committed promises: it is on a majority of disks, in the log of every later leader, and the same everywhere. */
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState, NodeState } from '../../timeline'
import type { Invariant, Violation } from './invariant'
import { Late } from './late'
import { termAt } from './logs'
import { Told } from './told'

/** What is committed, as the first one said who knew it. */
class Committed {
  /** Terms by index, and the event that said so. */
  readonly #terms: (number | undefined)[] = []
  readonly #seqs: number[] = []
  /** Up to where each node's log was taken in its present life. */
  readonly #taken = new Map<number, number>()

  term(index: number): number | undefined {
    return this.#terms[index]
  }

  seq(index: number): number {
    return this.#seqs[index] ?? -1
  }

  /** @returns the first index at which this node has something else */
  take(event: TimelineEvent, state: ClusterState): number | undefined {
    if (event.kind === 'started') this.#taken.delete(event.node)
    const node = event.kind === 'committed' ? state.nodes.get(event.node) : undefined
    if (event.kind !== 'committed' || node === undefined) return undefined
    const from = Math.max(this.#taken.get(node.id) ?? 0, node.firstIndex - 1) + 1
    this.#taken.set(node.id, event.commitIndex)
    for (let index = from; index <= event.commitIndex; index++) {
      const term = termAt(node, index)
      if (term === undefined) continue
      const known = this.#terms[index]
      if (known !== undefined && known !== term) return index
      if (known !== undefined) continue
      this.#terms[index] = term
      this.#seqs[index] = event.seq
    }
    return undefined
  }
}

/**
 * Figure 3: if a server has applied an entry at an index, no other server will ever apply a different one there. Watched where an
 * entry becomes known as committed, which comes before it is applied.
 */
export const stateMachineSafety: Invariant = {
  id: 'state-machine-safety',
  section: '5.4.3',
  watch() {
    const committed = new Committed()
    return {
      after(event, state) {
        const index = committed.take(event, state)
        const node = state.nodes.get(event.node)
        if (index === undefined || node === undefined) return undefined
        const details = { index, node: node.id, term: termAt(node, index) ?? 0, first: committed.term(index) ?? 0 }
        return { invariant: 'state-machine-safety', events: [committed.seq(index), event.seq], details }
      },
    }
  },
}

/** The last entry that a leader of this term found committed. */
interface Reached {
  readonly index: number
  readonly term: number
  readonly seq: number
}

/**
 * Figure 3: an entry that is committed in a term is in the logs of the leaders of all later terms. By log matching it is enough to look
 * at the last one.
 */
export const leaderCompleteness: Invariant = {
  id: 'leader-completeness',
  section: '5.4',
  watch() {
    const reached = new Map<number, Reached>()
    return {
      after(event, state) {
        const node = state.nodes.get(event.node)
        if (node === undefined) return undefined
        if (event.kind === 'committed' && event.by === 'counted') {
          const term = termAt(node, event.commitIndex)
          if (term !== undefined) reached.set(node.currentTerm, { index: event.commitIndex, term, seq: event.seq })
        }
        if (event.kind !== 'role' || event.role !== 'leader') return undefined
        for (const [term, { index, term: entryTerm, seq }] of reached) {
          if (term >= event.term || node.firstIndex > index + 1 || termAt(node, index) === entryTerm) continue
          const details = { node: node.id, term: event.term, index, entryTerm, committedIn: term }
          return { invariant: 'leader-completeness', events: [seq, event.seq], details }
        }
        return undefined
      },
    }
  },
}

/** §5.3, §5.4.2; D 4.3: what a leader counts as committed is on the disks of a majority, in a joint configuration of both. */
export const committedOnMajority: Invariant = {
  id: 'committed-on-a-majority',
  section: '5.3',
  watch() {
    const late = new Late()
    const told = new Told()
    return {
      after(event, state) {
        told.take(event)
        if (event.kind !== 'committed' || event.by !== 'counted') return late.take(event, state)
        const { node: id, seq, commitIndex: index, t } = event
        let lack: Lack | undefined
        return late.ask(event, state, {
          violation(now) {
            const leader = now.nodes.get(id)
            lack = leader === undefined ? undefined : lacking(now, leader, index)
            if (leader === undefined || lack === undefined) return undefined
            const of = lack.half.join(', ')
            const details = { node: id, index, term: termAt(leader, index) ?? 0, of, on: lack.having.join(', ') }
            return { invariant: 'committed-on-a-majority', events: [seq], details }
          },
          isUntold() {
            if (lack === undefined) return true
            const { half, having } = lack
            const untold = half.filter((voter) => !having.includes(voter) && told.mayHaveMore(voter, t))
            return (having.length + untold.length) * 2 > half.length
          },
        })
      },
      end: () => late.end(),
    }
  },
}

/** A half of the configuration, and who of it has an entry on disk: no majority. */
interface Lack {
  readonly half: readonly number[]
  readonly having: readonly number[]
}

/** The half of the configuration in which no majority has this entry of the leader on disk; undefined: both have. */
function lacking(state: ClusterState, leader: NodeState, index: number): Lack | undefined {
  const term = termAt(leader, index)
  if (leader.configuration === undefined || term === undefined) return undefined
  const { voters, outgoing } = leader.configuration
  for (const half of [voters, outgoing]) {
    const having = half.filter((id) => {
      const node = state.nodes.get(id)
      if (node === undefined || node.durableIndex < index) return false
      return node.firstIndex > index || termAt(node, index) === term
    })
    if (half.length > 0 && having.length * 2 <= half.length) return { half, having }
  }
  return undefined
}

/** §5.3: `commitIndex` increases monotonically (Figure 2), within one life of a process. */
export const commitNeverGoesBack: Invariant = {
  id: 'commit-never-goes-back',
  section: '5.3',
  watch: () => ({
    before(event, state) {
      if (event.kind !== 'committed') return undefined
      const before = state.nodes.get(event.node)?.commitIndex ?? 0
      if (event.commitIndex >= before) return undefined
      const details = { node: event.node, before, index: event.commitIndex }
      return { invariant: 'commit-never-goes-back', events: [event.seq], details }
    },
  }),
}

/** §8: what a client was told is done is committed, and stays so. */
export const answeredIsCommitted: Invariant = {
  id: 'answered-is-committed',
  section: '8',
  watch() {
    const committed = new Committed()
    const late = new Late()
    const told = new Told()
    /** Calls that write, and are not answered yet. */
    const writes = new Map<number, number>()
    return {
      after(event, state) {
        told.take(event)
        committed.take(event, state)
        if (event.kind === 'invoke' && event.op !== 'get') writes.set(event.call, event.seq)
        const asked = event.kind === 'answer' ? writes.get(event.call) : undefined
        if (event.kind !== 'answer' || asked === undefined) return late.take(event, state)
        writes.delete(event.call)
        const { seq, outcome, index, term, from: node } = event
        if (outcome !== 'ok' || index === 0) return late.take(event, state)
        const violation = (): Violation | undefined => {
          const found = committed.term(index) ?? 0
          if (found === term) return undefined
          return { invariant: 'answered-is-committed', events: [asked, seq], details: { index, term, node, found } }
        }
        return late.ask(event, state, {
          violation,
          isUntold: () => told.mayHaveMore(node, event.t),
          contradiction: () => (committed.term(index) === undefined ? undefined : violation()),
        })
      },
      end: () => late.end(),
    }
  },
}
