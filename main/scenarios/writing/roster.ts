/** What the nodes of a recording are called in the scenario made of it. */
import type { ClusterState } from '../../timeline'
import type { Who } from '../language/values'
import { isPresent } from '../run/seen'

/**
 * A new cluster numbers its nodes from 1 on, witnesses last; so a recorded number may become another. A leader that nobody chose
 * may be another node when the scenario is played: from then on it goes by a name.
 */
export class Roster {
  readonly #words = new Map<number, Who>()
  readonly #nodes: number
  readonly witnesses: number
  #next: number

  constructor(state: ClusterState) {
    const present = [...state.nodes.values()].filter(isPresent)
    const told = new Set(present.flatMap(({ configuration }) => [...(configuration?.witnesses ?? [])]))
    // Somebody must be able to lead; a log of another system may say anything.
    const witnesses = present.every(({ id }) => told.has(id)) ? new Set<number>() : told
    const ordered = [
      ...present.filter(({ id }) => !witnesses.has(id)),
      ...present.filter(({ id }) => witnesses.has(id)),
    ]
    for (const [at, { id }] of ordered.entries()) this.#words.set(id, at + 1)
    this.#nodes = ordered.length
    this.witnesses = ordered.filter(({ id }) => witnesses.has(id)).length
    this.#next = ordered.length + 1
  }

  /** When the scenario begins. */
  get size(): number {
    return this.#nodes
  }

  /** Undefined: no step has spoken of it, and it was not there when the scenario begins. */
  who(node: number): Who | undefined {
    return this.#words.get(node)
  }

  /** A node that joins. @returns its number in the scenario */
  join(node: number): number {
    const number = this.#next++
    this.#words.set(node, number)
    return number
  }

  /** From now on it goes by this name. */
  rename(node: number, name: string): void {
    this.#words.set(node, `$${name}`)
  }

  /** Those numbers of the recording that became others, as `5 → 3`. */
  get renumbered(): readonly string[] {
    return [...this.#words].flatMap(([node, who]) =>
      typeof who === 'number' && who !== node ? [`${node} → ${who}`] : [],
    )
  }
}
