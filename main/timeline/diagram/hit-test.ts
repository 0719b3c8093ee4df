/** What the pointer is over. Pure: the same layout, camera and model that were drawn, and a point. */
import { type Camera, type Extent, tOf, xOf } from './camera'
import { flagsOf } from './draw/notes'
import type { Edge } from './edges'
import { distanceTo, distanceToWaiting, edgeLine, waitingOf } from './geometry'
import type { Mark, Segment } from './lanes'
import { type Layout, laneAt, laneY, minimapX, within } from './layout'
import type { TimelineModel } from './model'
import { firstWhere } from './search'
import type { CallSpan, CommitStep, FaultSpan, Flag, GapSpan, OperationSpan } from './tracks'

export type Hit =
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'lane'; readonly node: number; readonly segment: Segment | undefined }
  | { readonly kind: 'label'; readonly node: number }
  | { readonly kind: 'gap'; readonly gap: GapSpan }
  | { readonly kind: 'fault'; readonly fault: FaultSpan }
  | { readonly kind: 'call'; readonly call: CallSpan }
  | { readonly kind: 'operation'; readonly operation: OperationSpan }
  | { readonly kind: 'commit'; readonly step: CommitStep }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'axis' }
  /** `from` and `to` are the edges of its window: dragging one changes the span. */
  | { readonly kind: 'minimap'; readonly part: 'from' | 'to' | 'window' | 'outside' }
  | { readonly kind: 'nothing' }

/** A pointer this near to something is on it. */
export const REACH = 6

export interface Scene {
  readonly layout: Layout
  readonly camera: Camera
  readonly model: TimelineModel
  readonly nodes: readonly number[]
  readonly laneOf: ReadonlyMap<number, number>
  /** Edges that are not shown can't be hit. */
  readonly shows: (edge: Edge) => boolean
  readonly extent: Extent
  readonly bookmarks: readonly Flag[]
}

export function hitTest(scene: Scene, x: number, y: number): Hit {
  const { layout, camera, model, nodes } = scene
  if (within(layout.minimap, y)) return { kind: 'minimap', part: minimapPart(scene, x) }
  if (within(layout.notes, y) && within(layout.axis, y)) {
    const flag = flagsOf(scene).findLast((f) => Math.abs(xOf(camera, layout.plot, f.t) + 4 - x) <= REACH)
    if (flag !== undefined) return { kind: 'flag', flag }
  }
  if (within(layout.axis, y)) return { kind: 'axis' }
  const lane = laneAt(layout, y)
  const node = nodes[lane]
  if (x < layout.plot.left - REACH) return node === undefined ? { kind: 'nothing' } : { kind: 'label', node }
  const t = tOf(camera, layout.plot, x)
  if (!within(layout.lanes, y)) return trackHit(scene, t, y)
  const mark = node === undefined ? undefined : nearestMark(scene, node, lane, x, y)
  if (mark !== undefined) return { kind: 'mark', mark }
  const edge = nearestEdge(scene, x, y)
  if (edge !== undefined) return { kind: 'edge', edge }
  const gap = model.tracks.gaps.find((g) => g.from <= t && t <= g.to)
  if (gap !== undefined) return { kind: 'gap', gap }
  return node === undefined ? { kind: 'nothing' } : { kind: 'lane', node, segment: model.lanes.get(node)?.at(t) }
}

function minimapPart({ layout, extent, camera }: Scene, x: number): 'from' | 'to' | 'window' | 'outside' {
  const from = minimapX(layout, extent, camera.from)
  const to = minimapX(layout, extent, camera.to)
  // Of a window that is narrower than two edges, the outer half of each is its edge.
  const inner = Math.min(REACH, (to - from) / 4)
  if (x >= from - REACH && x <= from + inner) return 'from'
  if (x <= to + REACH && x >= to - inner) return 'to'
  return x > from && x < to ? 'window' : 'outside'
}

function nearestEdge({ layout, camera, model, laneOf, shows }: Scene, x: number, y: number): Edge | undefined {
  const from = tOf(camera, layout.plot, x - REACH)
  const to = tOf(camera, layout.plot, x + REACH)
  let best: Edge | undefined
  let least = REACH
  model.edges.visit(from, to, (edge) => {
    if (!shows(edge)) return
    const line = edgeLine(layout, camera, laneOf, edge, model.known)
    if (line === undefined) return
    // A heartbeat never hides a message that matters.
    const waiting = waitingOf(layout, camera, laneOf, edge, line, model.known)
    const held = waiting === undefined ? Number.POSITIVE_INFINITY : distanceToWaiting(waiting, x, y)
    const distance = Math.min(distanceTo(line, x, y) + (edge.heartbeat ? 1.5 : 0), held)
    if (distance <= least) {
      least = distance
      best = edge
    }
  })
  return best
}

function nearestMark(scene: Scene, node: number, lane: number, x: number, y: number): Mark | undefined {
  const { layout, camera, model } = scene
  if (Math.abs(y - laneY(layout, lane)) > REACH + 2) return undefined
  let best: Mark | undefined
  let least = REACH
  for (const mark of model.lanes.get(node)?.marks ?? []) {
    const distance = Math.abs(xOf(camera, layout.plot, mark.t) - x)
    if (distance <= least) {
      least = distance
      best = mark
    }
  }
  return best
}

function trackHit(scene: Scene, t: number, y: number): Hit {
  const { layout, model, camera } = scene
  const near = (REACH / Math.max(1, layout.plot.right - layout.plot.left)) * (camera.to - camera.from)
  const touches = (span: { from: number; to: number }) => span.from - near <= t && t <= span.to + near
  const rowAt = (band: { top: number; height: number }, rows: number) =>
    Math.min(rows - 1, Math.max(0, Math.floor(((y - band.top) / band.height) * rows)))
  if (within(layout.calls, y) && (!layout.folded || y >= layout.calls.top)) {
    const row = rowAt(layout.calls, layout.callRows)
    const calls = model.tracks.calls.filter(touches)
    const call = calls.findLast((c) => Math.min(c.row, layout.callRows - 1) === row) ?? calls.at(-1)
    if (call !== undefined) return { kind: 'call', call }
  }
  if (within(layout.faults, y)) {
    const row = rowAt(layout.faults, layout.faultRows)
    const faults = model.tracks.faults.filter(touches)
    const fault = faults.findLast((f) => Math.min(f.row, layout.faultRows - 1) === row) ?? faults.at(-1)
    if (fault !== undefined) return { kind: 'fault', fault }
  }
  if (within(layout.operations, y)) {
    const row = rowAt(layout.operations, Math.max(1, layout.operationRows))
    const operations = model.tracks.operations.filter(touches)
    const operation = operations.findLast((o) => Math.min(o.row, layout.operationRows - 1) === row) ?? operations.at(-1)
    if (operation !== undefined) return { kind: 'operation', operation }
  }
  if (within(layout.commits, y)) {
    const step = model.tracks.commits[firstWhere(model.tracks.commits, (s) => s.t > t) - 1]
    if (step !== undefined) return { kind: 'commit', step }
  }
  if (within(layout.notes, y)) {
    const flag = flagsOf(scene).findLast((f) => f.t <= t + near)
    if (flag !== undefined) return { kind: 'flag', flag }
  }
  return { kind: 'nothing' }
}

/** The event in memory nearest to `x`, when it is within reach: where a click snaps to. */
export function snapTo(
  { layout, camera, model }: Scene,
  x: number,
): { readonly seq: number; readonly t: number } | undefined {
  const near = model.range(tOf(camera, layout.plot, x - REACH), tOf(camera, layout.plot, x + REACH))
  let best: { seq: number; t: number } | undefined
  let least = Number.POSITIVE_INFINITY
  for (const event of near) {
    const distance = Math.abs(xOf(camera, layout.plot, event.t) - x)
    if (distance <= least) {
      least = distance
      best = { seq: event.seq, t: event.t }
    }
  }
  return best
}
