/** The line of a message from its sender's lane to its receiver's; shared by drawing and hit testing. */
import { type Camera, xOf } from './camera'
import type { Edge } from './edges'
import { type Layout, laneY } from './layout'

export interface Line {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** A message under way for longer (nanoseconds) than this waits: it is drawn at its receiver's door. */
export const WAITS_AFTER = 60e6
/** Pixels from the left edge at which what has waited for long stands. */
const EDGE = 10
/** Pixels above its landing at which a copy leaves its original. */
const COPY_OUT = 12
/** The share of the way at which a message ends of which nothing was heard again. */
const LOST_AFTER = 0.4
/** Pixels from the sending to the door of the receiver of a message that waits there. */
const DOOR = 14

/** Pixels from a lane at which what waits there stands: further out for what comes from further away. */
const HELD_OUT = 9
const HELD_STEP = 3
const HELD_MOST = 4

/** Distance of an edge's ends from the middle of their lanes. */
const OFFSET = 5

/**
 * @param known until when anything is known: a message under way is drawn that far
 * @returns undefined when one of its nodes has no lane
 */
export function edgeLine(
  layout: Layout,
  camera: Camera,
  laneOf: ReadonlyMap<number, number>,
  edge: Edge,
  known: number,
): Line | undefined {
  const from = laneOf.get(edge.sender)
  const to = laneOf.get(edge.receiver)
  if (from === undefined || to === undefined || from === to) return undefined
  const direction = to > from ? 1 : -1
  const x1 = xOf(camera, layout.plot, edge.sentAt)
  const y2 = laneY(layout, to) - direction * OFFSET
  const y1 = edge.copyOf === 0 ? laneY(layout, from) + direction * OFFSET : y2 - direction * COPY_OUT
  if (edge.heldAt > 0) {
    const since = Math.max(xOf(camera, layout.plot, edge.heldAt), x1 + (edge.copyOf === 0 ? DOOR : 0))
    // What waits still stays in sight, at the edge, when its beginning has left the window.
    const at = edge.fate === 'flying' ? Math.max(since, layout.plot.left + EDGE) : since
    return { x1, y1, x2: at, y2: laneY(layout, to) - direction * heldOut(Math.abs(from - to)) }
  }
  // Nobody knows how far it came.
  if (edge.fate === 'lost') return { x1, y1, x2: x1 + DOOR, y2: y1 + (y2 - y1) * LOST_AFTER }
  if (edge.fate !== 'flying') return { x1, y1, x2: xOf(camera, layout.plot, edge.endAt), y2 }
  const end = xOf(camera, layout.plot, Math.max(edge.sentAt, known))
  if (known - edge.sentAt < WAITS_AFTER) return { x1, y1, x2: end, y2 }
  return { x1, y1, x2: Math.min(end, x1 + DOOR), y2: y2 - direction * 4 }
}

const heldOut = (lanes: number) => HELD_OUT + HELD_STEP * Math.min(HELD_MOST, lanes - 1)

/** From where a held message waits to where it was released or dropped, and on to its receiver; or until now. */
export interface Waiting {
  readonly x: number
  readonly y: number
  readonly until: number
  /** On the receiver's side of the lane. */
  readonly landing: number
}

/** @param line what {@link edgeLine} gave for it; undefined when the message was never held */
export function waitingOf(
  layout: Layout,
  camera: Camera,
  laneOf: ReadonlyMap<number, number>,
  edge: Edge,
  line: Line,
  known: number,
): Waiting | undefined {
  const to = laneOf.get(edge.receiver)
  if (edge.heldAt === 0 || to === undefined) return undefined
  const end = edge.fate === 'flying' ? Math.max(edge.heldAt, known) : edge.endAt
  const lane = laneY(layout, to)
  return {
    x: line.x2,
    y: line.y2,
    until: Math.max(line.x2, xOf(camera, layout.plot, end)),
    landing: lane + Math.sign(line.y2 - lane) * OFFSET,
  }
}

/** Half the side of the sign of a held message. */
export const HELD_SIGN = 6

/** Distance to a held message: 0 on its sign, a little more along its waiting. */
export function distanceToWaiting({ x: from, y: at, until }: Waiting, x: number, y: number): number {
  if (Math.abs(x - from) <= HELD_SIGN && Math.abs(y - at) <= HELD_SIGN) return 0
  return 1 + Math.hypot(x - Math.min(until, Math.max(from, x)), y - at)
}

/** Shortest distance of a point to a line's stretch. */
export function distanceTo(line: Line, x: number, y: number): number {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - line.x1) * dx + (y - line.y1) * dy) / length))
  return Math.hypot(x - line.x1 - share * dx, y - line.y1 - share * dy)
}
