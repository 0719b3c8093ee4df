/** Where held messages stand on the ring: near their receiver, on the side of the messages of their link. Pure. */
import type { HeldView } from '../../../preload/contract'
import { along, distance, type Point, type Ring } from './ring-geometry'

/** Pixels beside the link, as the messages that move; a little more, so that both can be told apart. */
const SIDE = 9
/** Pixels between the receiver's edge and the first, and from one to the next. */
const FIRST = 24
const NEXT = 16
/** So many of a link are drawn one by one; the last then counts the others. */
const MOST = 3

export interface HeldPlace {
  readonly held: HeldView
  readonly at: Point
  /** Towards the receiver, degrees. */
  readonly angle: number
  /** Where the pause sign of its link stands, from `at`: behind the last that is drawn. */
  readonly sign: Point | undefined
  /** How many more wait behind it, undrawn. */
  readonly more: number
}

export function heldPlaces(ring: Ring, held: readonly HeldView[]): readonly HeldPlace[] {
  const byLink = new Map<string, HeldView[]>()
  for (const message of held) {
    const key = `${message.from}>${message.to}`
    const link = byLink.get(key)
    if (link === undefined) byLink.set(key, [message])
    else link.push(message)
  }
  const places: HeldPlace[] = []
  for (const link of byLink.values()) {
    const [{ from: sender, to: receiver } = { from: 0, to: 0 }] = link
    const from = ring.at.get(sender)
    const to = ring.at.get(receiver)
    if (from === undefined || to === undefined) continue
    const length = Math.max(1, distance(from, to))
    const room = length - 2 * ring.radius - FIRST - 12
    const most = Math.max(1, Math.min(MOST, Math.floor(room / NEXT) + 1))
    const side = ring.dense ? SIDE * 0.6 : SIDE
    const back = { x: ((from.x - to.x) / length) * 15, y: ((from.y - to.y) / length) * 15 }
    link.slice(0, most).forEach((message, i) => {
      const share = 1 - (ring.radius + FIRST + i * NEXT) / length
      places.push({
        held: message,
        at: along(from, to, Math.max(0.3, share), side),
        angle: (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI,
        sign: i === Math.min(most, link.length) - 1 ? back : undefined,
        more: i === most - 1 ? link.length - most : 0,
      })
    })
  }
  return places
}
