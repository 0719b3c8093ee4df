/** Whom a scenario speaks of: numbers, `leader`, and the names that it gave. */
import { Problem } from '../../node/contract/problem'
import type { ClusterState } from '../../timeline'
import type { Who, Whom } from '../language/values'
import { isPresent, isRunning, leaderOf, type SeenNode } from './seen'

const LEADER = { en: 'there is a leader', zh: '有领导人' } as const
const NO_LEADER = { en: 'nobody leads', zh: '没有领导人' } as const

export class Cast {
  readonly #names = new Map<string, number>()

  /** From now on `$name` is this node. */
  name(name: string, node: number): void {
    this.#names.set(name, node)
  }

  /** Undefined: nobody is that now, or nobody was named so yet. */
  find(who: Who, state: ClusterState): number | undefined {
    if (typeof who === 'number') return who
    if (who === 'leader') return leaderOf(state)?.id
    return this.#names.get(who.slice(1))
  }

  /** @throws {Problem} 'scenario-unmet' when nobody leads; 'scenario-name' */
  get(who: Who, state: ClusterState): number {
    const node = this.find(who, state)
    if (node !== undefined) return node
    if (who === 'leader') throw new Problem('scenario-unmet', { what: 'leader', words: LEADER, found: NO_LEADER })
    throw new Problem('scenario-name', { name: String(who) })
  }

  /**
   * Ascending for groups, else as they are named. `all` is whoever is not removed and as `fits` says.
   * @throws {Problem} as {@link get}
   */
  all(whom: Whom, state: ClusterState, fits: (node: SeenNode) => boolean = isPresent): readonly number[] {
    if (Array.isArray(whom)) return [...new Set(whom.map((who) => this.get(who, state)))]
    if (whom !== 'all' && whom !== 'followers') return [this.get(whom as Who, state)]
    return groupOf(whom, state, fits)
  }

  /** The same, or undefined when one of them is nobody now. */
  allOrNone(whom: Whom, state: ClusterState): readonly number[] | undefined {
    if (whom === 'all' || whom === 'followers') return groupOf(whom, state, isPresent)
    const found = (Array.isArray(whom) ? whom : [whom]).map((who) => this.find(who as Who, state))
    return found.every((node) => node !== undefined) ? [...new Set(found)] : undefined
  }
}

function groupOf(
  group: 'all' | 'followers',
  state: ClusterState,
  fits: (node: SeenNode) => boolean,
): readonly number[] {
  const leader = leaderOf(state)?.id
  const isOf =
    group === 'all'
      ? (node: SeenNode) => isPresent(node) && fits(node)
      : (node: SeenNode) => isRunning(node) && node.id !== leader
  return [...state.nodes.values()].filter(isOf).map(({ id }) => id)
}
