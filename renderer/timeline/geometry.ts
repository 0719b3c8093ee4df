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
  const x2 = xOf(camera, layout.plot, edge.fate === 'flying' ? Math.max(edge.sentAt, known) : edge.endAt)
  return { x1, y1, x2, y2 }
}

/** Shortest distance of a point to a line's stretch. */
export function distanceTo(line: Line, x: number, y: number): number {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - line.x1) * dx + (y - line.y1) * dy) / length))
  return Math.hypot(x - line.x1 - share * dx, y - line.y1 - share * dy)
}
