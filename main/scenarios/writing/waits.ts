/** What there was before the user's next act, as far as a scenario can wait for it. */
import type { ClusterState } from '../../timeline'
import { isRunning, leaderOf } from '../run/seen'
import type { Roster } from './roster'

type Condition = Readonly<Record<string, unknown>>

export interface Awaited {
  readonly conditions: readonly Condition[]
  /** The leader that it waits for has a name from here on. */
  readonly name: string | undefined
}

export class Waits {
  readonly #roster: Roster
  /** A cluster that begins anew has the same indexes; one that was there before has not. */
  readonly #isNew: boolean
  #leader = 0
  #leaders = 0
  #term = 0
  /** The leader is who he was in the recording for sure. */
  #isExact = true
  #commit = 1
  readonly #down = new Set<number>()
  /** Who the user handed leadership to. */
  #heir = 0

  constructor(roster: Roster, isNew: boolean) {
    this.#roster = roster
    this.#isNew = isNew
  }

  /** The scenario makes this node lead first. */
  first(leader: number, term: number): void {
    this.#leader = leader
    this.#term = term
    this.#leaders = 1
  }

  /** The user ended it, so nobody waits for its end. */
  ended(node: number): void {
    this.#down.add(node)
  }

  runs(node: number): void {
    this.#down.delete(node)
  }

  /** Much happened that no step says: whoever leads now is somebody new. */
  unsettled(): void {
    this.#leader = 0
    this.#heir = 0
    this.#isExact = false
  }

  handedTo(node: number): void {
    this.#heir = node
  }

  /** What is new since the last time. */
  next(state: ClusterState): Awaited {
    const conditions: Condition[] = []
    for (const { id, process } of state.nodes.values()) {
      const who = this.#roster.who(id)
      const hasEnded = process.standing === 'killed' || process.standing === 'crashed'
      if (who === undefined || !hasEnded || this.#down.has(id)) continue
      this.#down.add(id)
      conditions.push({ node: { is: who, standing: process.standing } })
    }
    const name = this.#leadership(state, conditions)
    if (this.#isExact && this.#isNew) this.#commitment(state, conditions)
    return { conditions, name }
  }

  #leadership(state: ClusterState, conditions: Condition[]): string | undefined {
    const leader = leaderOf(state)
    const who = leader === undefined ? undefined : this.#roster.who(leader.id)
    // That nobody leads lasts for moments only: when the scenario plays, they may be over before they could be waited for.
    if (leader === undefined || who === undefined) return undefined
    const isOther = leader.id !== this.#leader
    if (!isOther && leader.currentTerm === this.#term) return undefined
    const before = isOther ? this.#roster.who(this.#leader) : undefined
    const others = [...state.nodes.values()].filter((node) => isRunning(node) && node.id !== leader.id)
    const followed = others.length > 0 && others.every((node) => node.leader === leader.id) ? { followed: 'all' } : {}
    this.#leader = leader.id
    this.#term = leader.currentTerm
    if (leader.id === this.#heir) {
      conditions.push({ leader: { is: who, ...followed } })
      return undefined
    }
    conditions.push({ leader: { ...(before === undefined ? {} : { isNot: before }), ...followed } })
    this.#isExact = false
    this.#leaders++
    const name = `leader-${this.#leaders}`
    this.#roster.rename(leader.id, name)
    return name
  }

  #commitment(state: ClusterState, conditions: Condition[]): void {
    const running = [...state.nodes.values()].filter(isRunning)
    const commit = Math.max(0, ...running.map(({ commitIndex }) => commitIndex))
    if (commit <= this.#commit) return
    this.#commit = commit
    const by = running.flatMap(({ id, commitIndex }) => {
      const who = commitIndex >= commit ? this.#roster.who(id) : undefined
      return who === undefined ? [] : [who]
    })
    if (by.length > 0) conditions.push({ committed: { index: commit, by } })
  }
}
