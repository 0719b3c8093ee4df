/** What happened before an event because of which it could happen, and what could happen because of it. */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'
import { type Links, linksOf } from './links'
import type { Cone, Direction } from './types'
import { type Reach, windows } from './window'

/** Beyond those that are wanted: mostly, nearly everything near an event is among its causes. */
const FIRST = 2_048

/** Places that are reached from `origin`, itself left out, in ascending order. */
export function reachable(links: Links, size: number, origin: number, direction: Direction): readonly number[] {
  const next = direction === 'past' ? links.causes : links.effects
  const seen = new Uint8Array(size)
  seen[origin] = 1
  const open = [origin]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const other of next.of(place)) {
      if (seen[other] === 1) continue
      seen[other] = 1
      open.push(other)
    }
  }
  const found: number[] = []
  for (let place = 0; place < size; place++) if (seen[place] === 1 && place !== origin) found.push(place)
  return found
}

export const placeOf = (events: readonly TimelineEvent[], seq: number): number =>
  events.findIndex((event) => event.seq === seq)

/**
 * The causal past or future of an event by happens-before, at most `limit` events of it: the nearest. Reads only as much of the
 * timeline as that takes.
 */
export async function coneOf(
  source: TimelineSource,
  seq: number,
  direction: Direction,
  { limit, ...reach }: Reach & { readonly limit: number },
): Promise<Cone> {
  let cone: Cone = { seqs: [], more: false }
  for await (const { events, isWhole } of windows(source, seq, direction, { first: FIRST + limit, ...reach })) {
    const origin = placeOf(events, seq)
    if (origin < 0) return cone
    const places = reachable(linksOf(events), events.length, origin, direction)
    const nearest = direction === 'past' ? places.slice(-limit) : places.slice(0, limit)
    const isCut = nearest.length < places.length
    cone = { seqs: nearest.map((place) => events[place]?.seq ?? -1), more: isCut || !isWhole }
    if (isCut) return cone
  }
  return cone
}
