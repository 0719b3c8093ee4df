/** Messages: solid request, dashed reply, grey heartbeat; what became of them is drawn at the receiving end. */
import { MILLI, xOf } from '../camera'
import type { Edge } from '../edges'
import { edgeLine, HELD_SIGN, type Line, WAITS_AFTER, waitingOf } from '../geometry'
import { shapeOf } from '../messages'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'
import { cross, type Look, Strokes } from './strokes'

/** Above these numbers of visible edges, dashes and arrowheads give way: they would be noise, and slow. */
const MANY = 1_500
const VERY_MANY = 4_000
const REPLY_DASH = [4, 2.5] as const
const FLYING_DASH = [1, 3] as const
const SOLID = [] as const
const PREVOTE_DASH = [2, 1.5]
/** Above this number of visible edges, the signs at their beginnings give way. */
const SIGNED = 400
/** A message that is under way for less than this (ns) is probably only waiting for its events to arrive. */
const SETTLE = 40 * MILLI

interface Seen {
  readonly edge: Edge
  readonly line: Line
}

export function drawEdges(context: Surface, scene: DrawScene, palette: Palette): void {
  const seen = collect(scene)
  const many = seen.length > MANY
  // Where lines would run together to a block, each steps back a little so that their crossing still shows.
  const width = scene.layout.plot.right - scene.layout.plot.left
  const crowd = Math.max(0.4, Math.min(1, (1.2 * width) / Math.max(1, seen.length)))
  const strokes = new Strokes()
  const crosses: number[] = []
  const faintCrosses: number[] = []
  /** What was held, and copies: few, and each with a sign of its own. */
  const signs: Seen[] = []
  for (const { edge, line } of seen) {
    const dim = scene.dims(edge)
    const key = `${edge.heartbeat ? 'h' : edge.term % 8}${edge.reply ? 'r' : 'q'}${edge.fate === 'flying' ? 'f' : ''}${dim ? 'd' : ''}`
    const look = (): Look => lookOf(edge, palette, dim, many, crowd)
    if (edge.heldAt > 0) {
      drawWaiting({ strokes, scene, edge, line, key, look, crosses })
      signs.push({ edge, line })
      continue
    }
    if (edge.fate === 'received') {
      strokes.line(key, look, line.x1, line.y1, line.x2, line.y2)
      if (seen.length < VERY_MANY) {
        strokes.head(key, look, line.x2, line.y2, Math.atan2(line.y2 - line.y1, line.x2 - line.x1))
      }
      continue
    }
    if (edge.fate === 'dropped' || edge.fate === 'lost') {
      const short = shortened(line, 5)
      strokes.line(key, look, short.x1, short.y1, short.x2, short.y2)
      if (!dim) (edge.heartbeat ? faintCrosses : crosses).push(short.x2, short.y2)
      continue
    }
    const known = Math.min(scene.model.known, scene.now)
    if (known - edge.sentAt < SETTLE && scene.live) continue
    if (known - edge.sentAt < WAITS_AFTER) {
      strokes.line(key, look, line.x1, line.y1, line.x2, line.y2)
      continue
    }
    // It waits at its receiver's door until now: one dotted line for all that wait there.
    const going = key.replace('f', '')
    strokes.line(
      going,
      () => ({ ...look(), dash: edge.reply && !many ? REPLY_DASH : SOLID }),
      line.x1,
      line.y1,
      line.x2,
      line.y2,
    )
    strokes.line(key, look, line.x2, line.y2, Math.max(line.x2, xOf(scene.camera, scene.layout.plot, known)), line.y2)
  }
  strokes.paint(context)
  if (seen.length <= SIGNED) drawSigns(context, scene, seen, palette)
  drawCrosses(context, faintCrosses, palette.danger, 0.6)
  drawCrosses(context, crosses, palette.danger, 1)
  for (const { edge, line } of signs) drawHeldSign(context, edge, line, palette, scene.dims(edge))
}

interface Waits {
  readonly strokes: Strokes
  readonly scene: DrawScene
  readonly edge: Edge
  readonly line: Line
  readonly key: string
  readonly look: () => Look
  readonly crosses: number[]
}

/** To the sign of what was held, dotted while it waits, and from there to its receiver or to its end. */
function drawWaiting({ strokes, scene, edge, line, key, look, crosses }: Waits): void {
  const { camera, layout, laneOf, model, now } = scene
  // It waits on while nothing happens: until now, not only until the last event.
  const waiting = waitingOf(layout, camera, laneOf, edge, line, scene.live ? now : model.known)
  if (waiting === undefined) return
  const { x, y, until, landing } = waiting
  strokes.line(
    `${key}w`,
    () => ({ ...look(), dash: edge.reply ? REPLY_DASH : SOLID }),
    line.x1,
    line.y1,
    line.x2,
    line.y2,
  )
  strokes.line(`${key}f`, () => ({ ...look(), dash: FLYING_DASH }), x, y, until, y)
  if (edge.fate === 'received') {
    strokes.line(`${key}w`, look, until, y, until, landing)
    strokes.head(`${key}w`, look, until, landing, Math.atan2(landing - y, 0))
  } else if (edge.fate !== 'flying') crosses.push(until + 3, y)
}

/** ‖ where a message waits; once it was released or dropped, only its outline stays. */
function drawHeldSign(context: Surface, edge: Edge, { x2: x, y2: y }: Line, palette: Palette, dim: boolean): void {
  const waits = edge.fate === 'flying'
  context.globalAlpha = dim ? 0.25 : 1
  context.beginPath()
  context.roundRect(x - HELD_SIGN, y - HELD_SIGN, HELD_SIGN * 2, HELD_SIGN * 2, 3)
  context.fillStyle = waits ? palette.ink : palette.canvas
  context.fill()
  context.lineWidth = 1
  context.strokeStyle = waits ? palette.ink : palette.text3
  context.stroke()
  context.strokeStyle = waits ? palette.inkInverse : palette.text3
  context.lineWidth = 1.5
  context.beginPath()
  for (const at of [x - 1.75, x + 1.75]) {
    context.moveTo(at, y - 3)
    context.lineTo(at, y + 3)
  }
  context.stroke()
  context.globalAlpha = 1
}

/** Visible edges, without those that would cover another one pixel by pixel. */
function collect(scene: DrawScene): readonly Seen[] {
  const { camera, model, layout, laneOf } = scene
  const seen: Seen[] = []
  const last = new Map<number, number>()
  const top = layout.lanes.top
  const bottom = top + layout.lanes.height
  model.edges.visit(camera.from, camera.to, (edge) => {
    if (!scene.shows(edge)) return
    const line = edgeLine(layout, camera, laneOf, edge, Math.min(model.known, scene.now))
    if (line === undefined) return
    if (Math.max(line.y1, line.y2) < top || Math.min(line.y1, line.y2) > bottom) return
    const lanes = ((edge.sender * 64 + edge.receiver) * 2 + (edge.reply ? 1 : 0)) * 2 + (edge.heartbeat ? 1 : 0)
    const pixels = Math.round(line.x1) * 65_536 + Math.round(line.x2)
    if (last.get(lanes) === pixels && !scene.dims(edge)) return
    last.set(lanes, pixels)
    seen.push({ edge, line })
  })
  return seen
}

function lookOf(edge: Edge, palette: Palette, dim: boolean, many: boolean, crowd: number): Look {
  const alpha = dim ? 0.12 : edge.heartbeat ? 0.5 * crowd : crowd
  const dash = edge.fate === 'flying' ? FLYING_DASH : edge.reply && !many ? REPLY_DASH : SOLID
  return { colour: edge.heartbeat ? palette.text3 : palette.term(edge.term).solid, width: 1.25, alpha, dash }
}

/**
 * Where a request begins that is no AppendEntries, its sign from the ring: votes, snapshots, TimeoutNow, ReadIndex. On a
 * line, two of them would look alike.
 */
function drawSigns(context: Surface, scene: DrawScene, seen: readonly Seen[], palette: Palette): void {
  context.lineWidth = 1.25
  for (const { edge, line } of seen) {
    const shape = shapeOf(edge.message, edge.heartbeat)
    if (edge.copyOf !== 0) {
      drawBranch(context, line, edge.heartbeat ? palette.text3 : palette.term(edge.term).solid, palette.canvas)
      continue
    }
    if (edge.reply || shape === 'append' || shape === 'beat' || scene.dims(edge)) continue
    const { x1: x, y1 } = line
    const y = y1 + Math.sign(line.y2 - line.y1) * 3
    const colour = palette.term(edge.term).solid
    context.beginPath()
    signPath(context, shape, x, y)
    context.fillStyle = shape === 'prevote' || shape === 'read' ? palette.canvas : colour
    context.strokeStyle = colour
    context.setLineDash(shape === 'prevote' ? PREVOTE_DASH : [])
    context.fill()
    context.stroke()
  }
  context.setLineDash([])
}

/** Where a copy leaves its original: ⊕. */
function drawBranch(context: Surface, { x1: x, y1: y }: Line, colour: string, ground: string): void {
  context.beginPath()
  context.setLineDash([])
  context.arc(x, y, 3.5, 0, Math.PI * 2)
  context.fillStyle = ground
  context.strokeStyle = colour
  context.fill()
  context.moveTo(x - 2, y)
  context.lineTo(x + 2, y)
  context.moveTo(x, y - 2)
  context.lineTo(x, y + 2)
  context.stroke()
}

function signPath(
  context: Surface,
  shape: 'vote' | 'prevote' | 'snapshot' | 'timeout' | 'read',
  x: number,
  y: number,
): void {
  switch (shape) {
    case 'vote':
    case 'prevote':
      context.moveTo(x, y - 4)
      context.lineTo(x + 4, y)
      context.lineTo(x, y + 4)
      context.lineTo(x - 4, y)
      context.closePath()
      return
    case 'snapshot':
      context.rect(x - 3.5, y - 3.5, 7, 7)
      return
    case 'timeout':
      context.moveTo(x, y - 4)
      context.lineTo(x + 4, y + 3)
      context.lineTo(x - 4, y + 3)
      context.closePath()
      return
    case 'read':
      context.arc(x, y, 3.5, 0, Math.PI * 2)
  }
}

/** The line up to `by` pixels (of height) before its end, where a × finds room. */
export function shortened(line: Line, by: number): Line {
  const height = Math.abs(line.y2 - line.y1)
  const share = height < by * 2 ? 0.5 : 1 - by / height
  return { ...line, x2: line.x1 + (line.x2 - line.x1) * share, y2: line.y1 + (line.y2 - line.y1) * share }
}

function drawCrosses(context: Surface, points: readonly number[], colour: string, alpha: number): void {
  if (points.length === 0) return
  context.globalAlpha = alpha
  context.strokeStyle = colour
  context.lineWidth = 1.75
  context.beginPath()
  for (let i = 0; i < points.length; i += 2) cross(context, points[i] ?? 0, points[i + 1] ?? 0)
  context.stroke()
  context.globalAlpha = 1
}
