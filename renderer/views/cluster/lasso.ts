/** Drawing around nodes. Pure. */
import type { Point } from './ring-geometry'

/** A stroke shorter than this (pixels) is a click that slipped. */
export const LASSO_LEAST = 24

/** Adds a point when it is far enough from the last one; the stroke stays a few hundred points long. */
export function extend(stroke: readonly Point[], point: Point): readonly Point[] {
  const last = stroke.at(-1)
  if (last !== undefined && Math.hypot(point.x - last.x, point.y - last.y) < 3) return stroke
  return [...stroke, point]
}

export function lengthOf(stroke: readonly Point[]): number {
  return stroke.reduce((sum, point, i) => {
    const before = stroke[i - 1]
    return before === undefined ? 0 : sum + Math.hypot(point.x - before.x, point.y - before.y)
  }, 0)
}

/** Whether a point lies inside the stroke, closed from its end to its beginning (even–odd rule). */
export function encloses(stroke: readonly Point[], point: Point): boolean {
  let inside = false
  stroke.forEach((a, i) => {
    const b = stroke[(i + 1) % stroke.length] ?? a
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside
  })
  return inside
}

/** The nodes inside a stroke. */
export function caught(stroke: readonly Point[], at: ReadonlyMap<number, Point>): ReadonlySet<number> {
  if (stroke.length < 3) return new Set()
  return new Set([...at].filter(([, point]) => encloses(stroke, point)).map(([id]) => id))
}
