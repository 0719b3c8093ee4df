/** A shortest meaningful chain from one event to another: as few messages and acts as can be, then as few steps. */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'
import { placeOf } from './cone'
import { type Links, linksOf } from './links'
import { type Reach, windows } from './window'

/** One thing leading to another at the same node costs next to nothing beside a message. */
const HOP = 1
const CROSSING = 1 << 20
/** A call and its answer, an act and its end: true, and no explanation where there is another. */
const BRACKET = 64 * CROSSING

/** Places from cause to effect; undefined when the one did not happen because of the other. */
export function shortest(
  events: readonly TimelineEvent[],
  links: Links,
  from: number,
  to: number,
): readonly number[] | undefined {
  if (from === to) return [from]
  const best = new Float64Array(events.length).fill(Number.POSITIVE_INFINITY)
  const by = new Int32Array(events.length).fill(-1)
  const queue = new Queue()
  best[to] = 0
  queue.add(to, 0)
  for (let place = queue.take(); place !== undefined; place = queue.take()) {
    if (place === from) break
    const cost = best[place] as number
    for (const cause of links.causes.of(place)) {
      const next = cost + costOf(events[cause], events[place])
      if (next >= (best[cause] as number)) continue
      best[cause] = next
      by[cause] = place
      queue.add(cause, next)
    }
  }
  if (by[from] === -1) return undefined
  const path: number[] = [from]
  for (let place = by[from] as number; place !== -1; place = by[place] as number) path.push(place)
  return path
}

function costOf(cause: TimelineEvent | undefined, effect: TimelineEvent | undefined): number {
  if (cause?.kind === 'invoke' && effect?.kind === 'answer') return BRACKET
  if (cause?.kind === 'fault' && effect?.kind === 'fault') return BRACKET
  return cause !== undefined && cause.node > 0 && cause.node === effect?.node ? HOP : CROSSING
}

/** Of a run at one node only what it came in with, what it left with, and what says what happened to the node stays. */
function essential(events: readonly TimelineEvent[], path: readonly number[]): readonly number[] {
  return path.filter((place, at) => {
    const event = events[place]
    const before = events[path[at - 1] ?? -1]
    const after = events[path[at + 1] ?? -1]
    if (event === undefined || before === undefined || after === undefined) return true
    return before.node !== event.node || after.node !== event.node || isTelling(event)
  })
}

function isTelling({ kind }: TimelineEvent): boolean {
  return kind === 'role' || kind === 'committed' || kind === 'truncated' || kind === 'started'
}

/** Events of the chain, cause first; undefined when there is none as far as was looked. */
export async function pathOf(
  source: TimelineSource,
  from: number,
  to: number,
  reach: Reach,
): Promise<readonly TimelineEvent[] | undefined> {
  for await (const { events, isWhole } of windows(source, to, 'past', reach)) {
    const start = placeOf(events, from)
    const end = placeOf(events, to)
    if (start < 0 || end < 0) {
      if (isWhole) return undefined
      continue
    }
    const path = shortest(events, linksOf(events), start, end)
    // A larger window holds no further link between what is in this one.
    return path && essential(events, path).flatMap((place) => events[place] ?? [])
  }
  return undefined
}

/** The cheapest first: a binary heap. */
class Queue {
  readonly #places: number[] = []
  readonly #costs: number[] = []

  add(place: number, cost: number): void {
    let at = this.#places.length
    this.#places.push(place)
    this.#costs.push(cost)
    for (let up = (at - 1) >> 1; at > 0 && this.#cost(up) > this.#cost(at); at = up, up = (at - 1) >> 1)
      this.#swap(at, up)
  }

  take(): number | undefined {
    const first = this.#places[0]
    if (first === undefined) return undefined
    this.#swap(0, this.#places.length - 1)
    this.#places.pop()
    this.#costs.pop()
    let at = 0
    for (;;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#places.length && this.#cost(child) < this.#cost(least)) least = child
      }
      if (least === at) return first
      this.#swap(at, least)
      at = least
    }
  }

  #cost(at: number): number {
    return this.#costs[at] as number
  }

  #swap(a: number, b: number): void {
    const [place, cost] = [this.#places[a] as number, this.#cost(a)]
    this.#places[a] = this.#places[b] as number
    this.#costs[a] = this.#cost(b)
    this.#places[b] = place
    this.#costs[b] = cost
  }
}
