/** What a folded state forgets and conditions ask for: who led when, how often something was told, what a stop was for. */
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState } from '../../timeline'
import type { Cast } from './cast'
import type { About } from './conditions'

type EventWish = About<'event'>

interface Count {
  sinceBegin: number
  sinceStep: number
}

export class Memory {
  readonly #cast: Cast
  readonly #leaders = new Map<number, Set<number>>()
  readonly #counts: ReadonlyMap<EventWish, Count>
  /** By node: the kind of the event at which it stood last. */
  readonly #stoodAt = new Map<number, string>()
  #stopKind = ''

  /** @param wishes of all conditions of the scenario: only those are counted */
  constructor(cast: Cast, wishes: readonly EventWish[]) {
    this.#cast = cast
    this.#counts = new Map(wishes.map((wish) => [wish, { sinceBegin: 0, sinceStep: 0 }]))
  }

  get stopKind(): string {
    return this.#stopKind
  }

  leadersIn(term: number): readonly number[] {
    return [...(this.#leaders.get(term) ?? [])]
  }

  counted(wish: EventWish): number {
    const count = this.#counts.get(wish)
    return (wish.since === 'begin' ? count?.sinceBegin : count?.sinceStep) ?? 0
  }

  stepBegins(): void {
    for (const count of this.#counts.values()) count.sinceStep = 0
  }

  /** @param state with the event folded into it */
  take(event: TimelineEvent, state: ClusterState): void {
    if (event.kind === 'role' && event.role === 'leader') {
      const leaders = this.#leaders.get(event.term) ?? new Set()
      this.#leaders.set(event.term, leaders.add(event.node))
    }
    if (event.kind === 'breakpoint') this.#stoodAt.set(event.node, event.by)
    if (event.kind === 'stop') {
      this.#stopKind = event.action === 'continued' ? '' : (this.#stoodAt.get(event.subject) ?? '')
    }
    for (const [wish, count] of this.#counts) {
      if (!isAsWished(event, wish, this.#cast, state)) continue
      count.sinceBegin++
      count.sinceStep++
    }
  }
}

function isAsWished(event: TimelineEvent, { kind, node, where = {} }: EventWish, cast: Cast, state: ClusterState) {
  if (event.kind !== kind) return false
  if (node !== undefined && cast.find(node, state) !== event.node) return false
  const fields: Readonly<Record<string, unknown>> = { ...event }
  return Object.entries(where).every(([name, value]) => fields[name] === value)
}
