/** Messages: solid request, dashed reply, grey heartbeat; what became of them is drawn at the receiving end. */
import { MILLI, xOf } from '../camera'
import type { Edge } from '../edges'
import { edgeLine, HELD_SIGN, type Line, WAITS_AFTER, waitingOf } from '../geometry'
import { shapeOf } from '../messages'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Painted } from '../shown'
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
/** Above this number of messages that rules colour, the rules' numbers give way. */
const TAGGED = 60
/** Pixels outside of the picture up to which lines are drawn. */
const FAR = 4_000
const FUTURE_DASH = [1.5, 3] as const
/** A message that is under way for less than this (ns) is probably only waiting for its events to arrive. */
const SETTLE = 40 * MILLI

interface Seen {
  readonly edge: Edge
  readonly line: Line
  readonly stand: Stand
  readonly painted: Painted | undefined
}

/** How a message stands to what is asked: as always, lit up as past or future of an event, or stepping back. */
const STANDS = ['plain', 'past', 'future', 'back'] as const
type Stand = (typeof STANDS)[number]

export function drawEdges(context: Surface, scene: DrawScene, palette: Palette): void {
  const seen = collect(scene)
  const many = seen.length > MANY
  // Where lines would run together to a block, each steps back a little so that their crossing still shows.
  const width = scene.layout.plot.right - scene.layout.plot.left
  const crowd = Math.max(0.4, Math.min(1, (1.2 * width) / Math.max(1, seen.length)))
  const strokes = new Strokes()
  const ends: Ends = { dropped: [], faint: [], walls: [], lost: [] }
  /** What was held: few, and each with a sign of its own. */
  const held: Seen[] = []
  const flying: Seen[] = []
  for (const one of seen) {
    const { edge, line, stand, painted } = one
    const key = [
      edge.heartbeat ? 'h' : edge.term % 8,
      edge.reply ? 'r' : 'q',
      edge.fate === 'flying' ? 'f' : '',
      stand,
      painted?.colour ?? '',
    ].join()
    const look = (): Look => lookOf(one, palette, many, crowd)
    if (edge.heldAt > 0) {
      drawWaiting({ strokes, scene, edge, line, key, look, ends })
      held.push(one)
      continue
    }
    switch (edge.fate) {
      case 'received':
        strokes.line(key, look, line.x1, line.y1, line.x2, line.y2)
        if (seen.length < VERY_MANY) {
          strokes.head(key, look, line.x2, line.y2, Math.atan2(line.y2 - line.y1, line.x2 - line.x1))
        }
        continue
      case 'dropped':
      case 'unreachable':
      case 'lost': {
        const short = shortened(line, 5)
        strokes.line(key, look, short.x1, short.y1, short.x2, short.y2)
        if (stand === 'back') continue
        if (edge.fate === 'dropped') (edge.heartbeat ? ends.faint : ends.dropped).push(short.x2, short.y2)
        else (edge.fate === 'lost' ? ends.lost : ends.walls).push(short.x2, short.y2)
        continue
      }
      case 'flying':
        if (drawFlying(strokes, scene, one, key, look, many)) flying.push(one)
    }
  }
  strokes.paint(context)
  if (seen.length <= SIGNED) {
    drawSigns(context, seen, palette)
    drawTips(context, flying, palette)
  }
  drawEnds(context, ends, palette)
  for (const { edge, line, stand } of held) drawHeldSign(context, edge, line, palette, stand === 'back')
  drawTags(
    context,
    seen.filter(({ painted }) => painted !== undefined),
    palette,
  )
}

/** Under way: to where now is; after a while it waits at its receiver's door, dotted. Returns whether it has a tip. */
function drawFlying(
  strokes: Strokes,
  scene: DrawScene,
  { edge, line }: Seen,
  key: string,
  look: () => Look,
  many: boolean,
): boolean {
  const known = Math.min(scene.model.known, scene.now)
  if (known - edge.sentAt < SETTLE && scene.live) return false
  if (known - edge.sentAt < WAITS_AFTER) {
    strokes.line(key, look, line.x1, line.y1, line.x2, line.y2)
    return true
  }
  // It waits at its receiver's door until now: one dotted line for all that wait there.
  strokes.line(
    `${key},going`,
    () => ({ ...look(), dash: edge.reply && !many ? REPLY_DASH : SOLID }),
    line.x1,
    line.y1,
    line.x2,
    line.y2,
  )
  strokes.line(key, look, line.x2, line.y2, Math.max(line.x2, xOf(scene.camera, scene.layout.plot, known)), line.y2)
  return true
}

/** Points (x, y, x, y…) at which messages ended, by how. */
interface Ends {
  readonly dropped: number[]
  readonly faint: number[]
  readonly walls: number[]
  readonly lost: number[]
}

/** × dropped · a wall before a dead node · an open ring for what was never heard of again. */
function drawEnds(context: Surface, { dropped, faint, walls, lost }: Ends, palette: Palette): void {
  drawCrosses(context, faint, palette.danger, 0.6)
  drawCrosses(context, dropped, palette.danger, 1)
  context.strokeStyle = palette.danger
  context.lineWidth = 2.25
  context.beginPath()
  for (let i = 0; i < walls.length; i += 2) {
    const [x = 0, y = 0] = [walls[i], walls[i + 1]]
    context.moveTo(x - 4.5, y)
    context.lineTo(x + 4.5, y)
  }
  context.stroke()
  context.lineWidth = 1.25
  context.strokeStyle = palette.text3
  context.fillStyle = palette.canvas
  for (let i = 0; i < lost.length; i += 2) {
    context.beginPath()
    context.arc(lost[i] ?? 0, lost[i + 1] ?? 0, 2.75, 0, Math.PI * 2)
    context.fill()
    context.stroke()
  }
}

interface Waits {
  readonly strokes: Strokes
  readonly scene: DrawScene
  readonly edge: Edge
  readonly line: Line
  readonly key: string
  readonly look: () => Look
  readonly ends: Ends
}

/** To the sign of what was held, dotted while it waits, and from there to its receiver or to its end. */
function drawWaiting({ strokes, scene, edge, line, key, look, ends }: Waits): void {
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
  } else if (edge.fate !== 'flying') (edge.fate === 'dropped' ? ends.dropped : ends.walls).push(until + 3, y)
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
    const stand = standOf(scene, edge)
    const painted = scene.painted(edge)
    const kind = (edge.reply ? 4 : 0) + (edge.heartbeat ? 2 : 0) + (edge.fate === 'received' ? 1 : 0)
    const lanes = (edge.sender * 65_536 + edge.receiver) * 8 + kind
    // Only what looks alike can stand for another.
    const alike = (lanes * STANDS.length + STANDS.indexOf(stand)) * 64 + (painted?.rule ?? 0)
    const pixels = Math.round(line.x1) * 65_536 + Math.round(line.x2)
    if (last.get(alike) === pixels) return
    last.set(alike, pixels)
    seen.push({ edge, line: within(line, layout.width), stand, painted })
  })
  // What is lit up lies over what steps back.
  return scene.causal === null ? seen : seen.sort((a, b) => Number(a.stand !== 'back') - Number(b.stand !== 'back'))
}

/** Without its far ends: a line across hours, looked at by the microsecond, would be too long to be drawn well. */
function within(line: Line, width: number): Line {
  const [least, most] = [-FAR, width + FAR]
  const { x1, y1, x2, y2 } = line
  if (Math.min(x1, x2) >= least && Math.max(x1, x2) <= most) return line
  const yAt = (x: number) => y1 + ((x - x1) / (x2 - x1)) * (y2 - y1)
  const clipped = (x: number, y: number) => {
    const to = Math.min(most, Math.max(least, x))
    return to === x ? { x, y } : { x: to, y: yAt(to) }
  }
  const [a, b] = [clipped(x1, y1), clipped(x2, y2)]
  return { x1: a.x, y1: a.y, x2: b.x, y2: b.y }
}

function standOf({ causal, dims }: DrawScene, edge: Edge): Stand {
  if (causal !== null) {
    const { origin, past, future } = causal
    const both = (of: ReadonlySet<number>) =>
      (of.has(edge.sentSeq) || edge.sentSeq === origin) && (of.has(edge.endSeq) || edge.endSeq === origin)
    if (both(past)) return 'past'
    if (both(future)) return 'future'
    return 'back'
  }
  return dims(edge) ? 'back' : 'plain'
}

function lookOf({ edge, stand, painted }: Seen, palette: Palette, many: boolean, crowd: number): Look {
  const flying = edge.fate === 'flying'
  const dash = flying ? FLYING_DASH : edge.reply && !many ? REPLY_DASH : SOLID
  if (stand === 'past') return { colour: palette.accent, width: 1.75, alpha: 1, dash }
  if (stand === 'future') return { colour: palette.ink, width: 1.75, alpha: 1, dash: FUTURE_DASH }
  if (painted !== undefined) {
    return { colour: palette.rule(painted.colour), width: 2, alpha: stand === 'back' ? 0.2 : 1, dash }
  }
  const alpha = stand === 'back' ? 0.12 : edge.heartbeat ? 0.5 * crowd : crowd
  return { colour: edge.heartbeat ? palette.text3 : palette.term(edge.term).solid, width: 1.25, alpha, dash }
}

const colourOf = ({ edge, painted }: Seen, palette: Palette): string =>
  painted !== undefined ? palette.rule(painted.colour) : edge.heartbeat ? palette.text3 : palette.term(edge.term).solid

/** The tip of what is under way: its shape from the ring, filled for a request, in outline for a reply. */
function drawTips(context: Surface, flying: readonly Seen[], palette: Palette): void {
  context.lineWidth = 1.25
  for (const one of flying) {
    const { edge, line, stand } = one
    context.globalAlpha = stand === 'back' ? 0.2 : 1
    context.beginPath()
    const shape = shapeOf(edge.message, edge.heartbeat)
    if (shape === 'append') context.roundRect(line.x2 - 4.5, line.y2 - 3, 9, 6, 2)
    else if (shape === 'beat') context.arc(line.x2, line.y2, 2.5, 0, Math.PI * 2)
    else signPath(context, shape, line.x2, line.y2)
    context.strokeStyle = colourOf(one, palette)
    context.fillStyle = edge.reply ? palette.canvas : colourOf(one, palette)
    context.fill()
    context.stroke()
  }
  context.globalAlpha = 1
}

/** Which rule coloured a message, as a number on it: as long as there are few. */
function drawTags(context: Surface, painted: readonly Seen[], palette: Palette): void {
  if (painted.length > TAGGED) return
  context.font = `600 11px ${palette.fontUi}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { line, painted: by, stand } of painted) {
    if (by === undefined || stand === 'back') continue
    const x = line.x1 + (line.x2 - line.x1) * 0.35
    const y = line.y1 + (line.y2 - line.y1) * 0.35
    context.beginPath()
    context.roundRect(x - 6, y - 6, 12, 12, 3)
    context.fillStyle = palette.canvas
    context.fill()
    context.strokeStyle = palette.rule(by.colour)
    context.lineWidth = 1.25
    context.stroke()
    context.fillStyle = palette.text
    context.fillText(String(by.rule), x, y + 0.5)
  }
}

/**
 * Where a request begins that is no AppendEntries, its sign from the ring: votes, snapshots, TimeoutNow, ReadIndex. On a
 * line, two of them would look alike.
 */
function drawSigns(context: Surface, seen: readonly Seen[], palette: Palette): void {
  context.lineWidth = 1.25
  for (const one of seen) {
    const { edge, line, stand } = one
    const shape = shapeOf(edge.message, edge.heartbeat)
    if (stand === 'back') continue
    if (edge.copyOf !== 0) {
      drawBranch(context, line, colourOf(one, palette), palette.canvas)
      continue
    }
    if (edge.refused && edge.fate === 'received') drawRefusal(context, line, colourOf(one, palette), palette.canvas)
    if (edge.reply || shape === 'append' || shape === 'beat') continue
    const { x1: x, y1 } = line
    const y = y1 + Math.sign(line.y2 - line.y1) * 3
    const colour = colourOf(one, palette)
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

/** A reply that says no: an outline with a slash, where it begins. */
function drawRefusal(context: Surface, line: Line, colour: string, ground: string): void {
  const x = line.x1
  const y = line.y1 + Math.sign(line.y2 - line.y1) * 3
  context.setLineDash([])
  context.beginPath()
  context.arc(x, y, 3.25, 0, Math.PI * 2)
  context.fillStyle = ground
  context.strokeStyle = colour
  context.fill()
  context.moveTo(x - 2.25, y + 2.25)
  context.lineTo(x + 2.25, y - 2.25)
  context.stroke()
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
