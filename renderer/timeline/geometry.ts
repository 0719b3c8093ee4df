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
/** Pixels from the sending to the door of the receiver of a message that waits there. */
const DOOR = 14

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
  const y1 = laneY(layout, from) + direction * OFFSET
  const y2 = laneY(layout, to) - direction * OFFSET
  const x1 = xOf(camera, layout.plot, edge.sentAt)
  if (edge.fate !== 'flying') return { x1, y1, x2: xOf(camera, layout.plot, edge.endAt), y2 }
  const end = xOf(camera, layout.plot, Math.max(edge.sentAt, known))
  if (known - edge.sentAt < WAITS_AFTER) return { x1, y1, x2: end, y2 }
  return { x1, y1, x2: Math.min(end, x1 + DOOR), y2: y2 - direction * 4 }
}

/** Shortest distance of a point to a line's stretch. */
export function distanceTo(line: Line, x: number, y: number): number {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - line.x1) * dx + (y - line.y1) * dy) / length))
  return Math.hypot(x - line.x1 - share * dx, y - line.y1 - share * dy)
}
