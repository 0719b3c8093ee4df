/** Lanes: thin line follower, outlined band candidate, filled band leader, hatched band down or paused. */
import { xOf } from '../camera'
import type { Lane, Mark, Segment } from '../lanes'
import { lanesSeen, laneY } from '../layout'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import { traceRole } from '../shapes'
import type { Painted } from '../shown'
import type { Surface } from '../surface'
import { nodeOf } from './causal'
import { firstFitting, fitText, hatch } from './strokes'

interface Placed {
  readonly segment: Segment
  readonly x: number
  readonly width: number
  readonly y: number
}

export function drawLanes(context: Surface, scene: DrawScene, palette: Palette): void {
  eachLane(scene, (lane, y) => {
    for (const placed of segmentsOf(scene, lane, y)) drawSegment(context, placed, palette)
  })
}

/** Over the edges: what is written on bands, and what struck a process. */
export function drawLaneMarks(context: Surface, scene: DrawScene, palette: Palette): void {
  eachLane(scene, (lane, y) => {
    context.font = `600 11px ${palette.fontUi}`
    context.textBaseline = 'middle'
    context.textAlign = 'left'
    const path = pathAlong(scene, lane)
    for (const placed of segmentsOf(scene, lane, y)) drawBandLabel(context, scene, placed, path, palette)
    let last = Number.NEGATIVE_INFINITY
    for (const mark of lane.marks) {
      if (mark.t < scene.camera.from || mark.t > scene.camera.to) continue
      const x = xOf(scene.camera, scene.layout.plot, mark.t)
      if (x - last < 3) continue
      last = x
      drawMark(context, mark, x, y, palette, scene.paintedEvent(mark.seq))
    }
  })
}

/** Left of the plot: role, name, and role in words with the term. */
export function drawLaneLabels(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  context.save()
  context.beginPath()
  context.rect(0, layout.lanes.top, layout.plot.left, layout.lanes.height)
  context.clip()
  eachLane(scene, (lane, y) => {
    const lit = lane.node === scene.selectedNode
    if (lit || lane.node === scene.hoverNode) {
      context.fillStyle = lit ? palette.accentSoft : palette.hatch
      context.globalAlpha = lit ? 1 : 0.35
      context.fillRect(0, y - layout.laneHeight / 2, layout.plot.left, layout.laneHeight)
      context.globalAlpha = 1
      if (lit) {
        context.fillStyle = palette.accent
        context.fillRect(0, y - layout.laneHeight / 2, 2, layout.laneHeight)
      }
    }
    const segment = lane.at(Math.min(scene.shown, Math.max(scene.model.known, lane.last?.from ?? 0))) ?? lane.last
    const state = segment?.state ?? 'down'
    const down = state === 'down' || state === 'starting'
    const role = state === 'down' || state === 'paused' || state === 'starting' ? 'follower' : state
    const colour = down ? palette.text3 : palette.term(segment?.term ?? 0).solid
    traceRole(context, role, 20, y, 5.5)
    context.lineWidth = down ? 1.5 : 2
    context.lineJoin = 'round'
    context.strokeStyle = colour
    context.setLineDash(down ? [2, 2] : [])
    if (state === 'leader') {
      context.fillStyle = colour
      context.fill()
    }
    context.stroke()
    context.setLineDash([])
    context.textBaseline = 'middle'
    context.textAlign = 'left'
    context.fillStyle = palette.text
    context.font = `600 12px ${palette.fontUi}`
    context.fillText(`n${lane.node}`, 36, y + 0.5)
    const right = layout.plot.left - 12
    context.textAlign = 'right'
    context.font = `400 11px ${palette.fontUi}`
    context.fillStyle = palette.text3
    const term = segment === undefined || segment.term === 0 ? '' : `T${segment.term}`
    const words =
      state === 'follower'
        ? [term]
        : state === 'leader' || state === 'candidate'
          ? [`${scene.labels.state(state)} ${term}`, scene.labels.state(state)]
          : [scene.labels.state(state)]
    const room = right - 62
    // The role whole, without its term, says more than a part of both.
    const fits = words.find((each) => context.measureText(each).width <= room) ?? words.at(-1) ?? ''
    context.fillText(fitText(context, fits.trim(), room), right, y + 0.5)
  })
  if (layout.maxScroll > 0) {
    const { top, height } = layout.lanes
    const whole = height + layout.maxScroll
    context.fillStyle = palette.borderStrong
    context.beginPath()
    context.roundRect(
      layout.plot.left - 6,
      top + (layout.scroll / whole) * height + 1,
      3,
      (height / whole) * height - 2,
      1.5,
    )
    context.fill()
  }
  context.restore()
}

function eachLane(scene: DrawScene, see: (lane: Lane, y: number) => void): void {
  const [from, to] = lanesSeen(scene.layout)
  for (let i = from; i < to; i++) {
    const lane = scene.model.lanes.get(scene.nodes[i] ?? 0)
    if (lane !== undefined) see(lane, laneY(scene.layout, i))
  }
}

function segmentsOf(scene: DrawScene, lane: Lane, y: number): readonly Placed[] {
  const { camera, layout, now } = scene
  const placed: Placed[] = []
  for (const segment of lane.within(camera.from, Math.min(camera.to, now))) {
    const from = Math.max(layout.plot.left, xOf(camera, layout.plot, segment.from))
    const to = Math.min(layout.width, xOf(camera, layout.plot, Math.min(segment.to, now)))
    if (to > from) placed.push({ segment, x: from, width: to - from, y })
  }
  return placed
}

function drawSegment(context: Surface, { segment, x, width, y }: Placed, palette: Palette): void {
  const colours = palette.term(segment.term)
  switch (segment.state) {
    case 'down':
    case 'paused':
    case 'starting':
      context.fillStyle = palette.canvas
      context.fillRect(x, y - 6, width, 12)
      hatch(context, x, y - 6, width, 12, palette.hatch)
      context.strokeStyle = palette.borderStrong
      context.lineWidth = 1
      context.setLineDash(segment.state === 'paused' ? [] : [3, 3])
      context.strokeRect(x + 0.5, y - 5.5, Math.max(0, width - 1), 11)
      context.setLineDash([])
      return
    case 'leader':
      context.fillStyle = colours.band
      context.fillRect(x, y - 7, width, 14)
      context.strokeStyle = colours.solid
      context.lineWidth = 1
      context.strokeRect(x + 0.5, y - 6.5, Math.max(0, width - 1), 13)
      context.fillStyle = colours.solid
      context.fillRect(x - 1, y - 8, 2, 16)
      if (segment.term > 8) context.fillRect(x + 2.5, y - 7, 1.5, 14)
      return
    case 'candidate':
    case 'pre-candidate':
      context.fillStyle = colours.soft
      context.fillRect(x, y - 6, width, 12)
      context.strokeStyle = colours.solid
      context.lineWidth = 1.5
      context.setLineDash(segment.state === 'pre-candidate' ? [3, 3] : [])
      context.strokeRect(x + 0.75, y - 5.25, Math.max(0, width - 1.5), 10.5)
      context.setLineDash([])
      context.fillStyle = colours.solid
      context.fillRect(x - 1, y - 8, 2, 16)
      return
    case 'follower':
    case 'learner':
      context.fillStyle = colours.line
      if (segment.state === 'learner') context.fillRect(x, y - 0.5, width, 1)
      else if (segment.term > 8) {
        context.fillRect(x, y - 2, width, 1.5)
        context.fillRect(x, y + 0.5, width, 1.5)
      } else context.fillRect(x, y - 1.5, width, 3)
  }
}

type Stretch = readonly [from: number, to: number]

/** Where a causal path goes along a lane, and so over what is written there; with the room of the numbers at its ends. */
function pathAlong({ camera, causal, layout, model }: DrawScene, lane: Lane): readonly Stretch[] {
  const events = (causal?.path ?? []).flatMap((seq) => model.event(seq) ?? [])
  return events.flatMap((event, at): Stretch[] => {
    const before = events[at - 1] ?? event
    if (nodeOf(event) !== lane.node) return []
    const from = nodeOf(before) === lane.node ? before.t : event.t
    return [[xOf(camera, layout.plot, from) - 9, xOf(camera, layout.plot, event.t) + 9]]
  })
}

function drawBandLabel(
  context: Surface,
  scene: DrawScene,
  placed: Placed,
  path: readonly Stretch[],
  palette: Palette,
): void {
  const { segment, x, width, y } = placed
  const { state } = segment
  if (state === 'follower' || state === 'learner') return
  const down = state === 'down' || state === 'starting'
  const indent = down || state === 'paused' ? 20 : segment.term > 8 ? 9 : 6
  const text = firstFitting(context, scene.labels.band(state, segment.term), width - indent - 4)
  if (text === '') return
  const end = x + indent + context.measureText(text).width
  // What a path would strike through is not written: the lane's head says it as well.
  if (path.some(([from, to]) => from < end && to > x + indent)) return
  context.fillStyle = state === 'down' ? palette.danger : palette.text
  if (down || state === 'paused') {
    context.strokeStyle = palette.canvas
    context.lineWidth = 4
    context.lineJoin = 'round'
    context.strokeText(text, x + indent, y + 0.5)
  }
  context.fillText(text, x + indent, y + 0.5)
}

function drawMark(
  context: Surface,
  mark: Mark,
  x: number,
  y: number,
  palette: Palette,
  painted: Painted | undefined,
): void {
  if (painted !== undefined) drawPainted(context, x, y, painted, palette)

  let colour = palette.text
  let width = 1.75
  context.beginPath()
  switch (mark.kind) {
    case 'killed':
    case 'crashed':
    case 'stopped':
    case 'removed':
      colour = mark.kind === 'stopped' ? palette.text : palette.danger
      context.moveTo(x + 6, y - 3)
      context.lineTo(x + 12, y + 3)
      context.moveTo(x + 12, y - 3)
      context.lineTo(x + 6, y + 3)
      break
    case 'paused':
      context.moveTo(x + 7, y - 3.5)
      context.lineTo(x + 7, y + 3.5)
      context.moveTo(x + 11, y - 3.5)
      context.lineTo(x + 11, y + 3.5)
      break
    case 'resumed':
    case 'ready':
      context.moveTo(x, y - 7)
      context.lineTo(x, y + 7)
      context.moveTo(x + 2.5, y - 3)
      context.lineTo(x + 6, y)
      context.lineTo(x + 2.5, y + 3)
      width = 1.5
      break
    case 'spawned':
      context.moveTo(x, y - 7)
      context.lineTo(x, y + 7)
      width = 1.5
      break
    case 'truncated':
      colour = palette.danger
      context.moveTo(x - 3, y - 9)
      context.lineTo(x, y - 5)
      context.lineTo(x + 3, y - 9)
      context.moveTo(x, y - 5)
      context.lineTo(x, y + 4)
      width = 1.5
      break
    case 'snapshot':
    case 'installed':
      // A square as on the ring; what came from the leader has an arrow into it.
      context.rect(x - 4, y - 4, 8, 8)
      if (mark.kind === 'installed') {
        context.moveTo(x, y - 10)
        context.lineTo(x, y - 1)
        context.moveTo(x - 2.5, y - 3.5)
        context.lineTo(x, y - 1)
        context.lineTo(x + 2.5, y - 3.5)
      }
      width = 1.5
      break
    case 'configuration':
      context.moveTo(x - 4, y - 4)
      context.lineTo(x + 4, y - 4)
      context.moveTo(x - 4, y)
      context.lineTo(x + 4, y)
      context.moveTo(x - 4, y + 4)
      context.lineTo(x + 4, y + 4)
      width = 1.5
      break
    case 'transfer':
      context.moveTo(x - 4, y + 3.5)
      context.lineTo(x, y - 4)
      context.lineTo(x + 4, y + 3.5)
      context.closePath()
      width = 1.5
      break
    case 'breakpoint':
      // A full stop: a filled ring that nothing else has.
      context.fillStyle = palette.accentFill
      context.beginPath()
      context.arc(x, y, 5.5, 0, Math.PI * 2)
      context.fill()
      context.fillStyle = palette.accentInk
      context.fillRect(x - 2.5, y - 2.5, 5, 5)
      return
    case 'struck':
      colour = palette.danger
      context.moveTo(x + 2, y - 8)
      context.lineTo(x - 3, y)
      context.lineTo(x + 3, y)
      context.lineTo(x - 2, y + 8)
      break
    case 'fired':
      // A hand on a dial.
      context.arc(x, y, 5, 0, Math.PI * 2)
      context.moveTo(x, y)
      context.lineTo(x, y - 3.5)
      context.moveTo(x, y)
      context.lineTo(x + 2.5, y)
      width = 1.5
      break
    case 'jumped':
      context.moveTo(x - 4, y - 4)
      context.lineTo(x, y)
      context.lineTo(x - 4, y + 4)
      context.moveTo(x + 1, y - 4)
      context.lineTo(x + 5, y)
      context.lineTo(x + 1, y + 4)
      width = 1.5
      break
    case 'foreign':
      context.arc(x, y, 3, 0, Math.PI * 2)
      width = 1.5
      break
    case 'quiesced':
      context.moveTo(x - 3, y - 3.5)
      context.lineTo(x + 3, y - 3.5)
      context.lineTo(x - 3, y + 3.5)
      context.lineTo(x + 3, y + 3.5)
      width = 1.5
      break
    case 'trouble': {
      context.fillStyle = palette.dangerFill
      context.beginPath()
      context.arc(x, y, 5.5, 0, Math.PI * 2)
      context.fill()
      context.fillStyle = palette.text
      context.textAlign = 'center'
      context.fillText('!', x, y + 0.5)
      context.textAlign = 'left'
      return
    }
  }
  context.lineCap = 'round'
  context.strokeStyle = palette.canvas
  context.lineWidth = width + 3
  context.stroke()
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke()
  context.lineCap = 'butt'
}

/** A frame in the rule's colour, and its number: colour is never the only sign. */
function drawPainted(context: Surface, x: number, y: number, { colour, rule }: Painted, palette: Palette): void {
  context.save()
  context.beginPath()
  context.roundRect(x - 9, y - 10, 24, 20, 4)
  context.fillStyle = palette.canvas
  context.fill()
  context.strokeStyle = palette.rule(colour)
  context.lineWidth = 2
  context.stroke()
  context.font = `600 11px ${palette.fontUi}`
  context.fillStyle = palette.text
  context.fillText(String(rule), x + 17, y - 6)
  context.restore()
}
