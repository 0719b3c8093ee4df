/** What follows the pointer and the selection: drawn on a canvas of its own over the picture. */
import { spanOf, xOf } from '../camera'
import type { Edge } from '../edges'
import { edgeLine, HELD_SIGN, waitingOf } from '../geometry'
import { laneY } from '../layout'
import type { Palette } from '../palette'
import type { OverlayScene } from '../scene'
import type { Surface } from '../surface'
import { formatMoment } from '../time'
import { shortened } from './edges'
import { arrow, cross } from './strokes'

export function drawOverlay(context: Surface, scene: OverlayScene, palette: Palette): void {
  const { layout, pin, cross } = scene
  context.save()
  context.beginPath()
  context.rect(layout.plot.left - 8, layout.lanes.top, layout.width - layout.plot.left + 8, layout.lanes.height)
  context.clip()
  if (scene.hoverEdge !== undefined) drawPair(context, scene, scene.hoverEdge, palette.text, 2, palette)
  if (scene.selectedEdge !== undefined) drawPair(context, scene, scene.selectedEdge, palette.accent, 2.25, palette)
  if (scene.hoverMark !== undefined) {
    const lane = scene.laneOf.get(scene.hoverMark.node)
    if (lane !== undefined) {
      context.strokeStyle = palette.text
      context.lineWidth = 1.5
      context.beginPath()
      context.arc(xOf(scene.camera, layout.plot, scene.hoverMark.t), laneY(layout, lane), 8, 0, Math.PI * 2)
      context.stroke()
    }
  }
  context.restore()
  if (pin !== null) drawLine(context, scene, pin, palette.accent, palette.accentFill, palette.accentInk, palette, 2)
  if (cross !== null) {
    const distance = pin === null ? undefined : cross - pin
    drawLine(context, scene, cross, palette.text3, palette.text2, palette.canvas, palette, 1, distance)
  }
}

/** A message and what belongs to it: the reply of a request, the request of a reply. */
function drawPair(
  context: Surface,
  scene: OverlayScene,
  edge: Edge,
  colour: string,
  width: number,
  palette: Palette,
): void {
  const pair = scene.model.edges.pairOf(edge)
  if (pair !== undefined && scene.shows(pair)) drawLit(context, scene, pair, colour, width * 0.75, palette)
  drawLit(context, scene, edge, colour, width, palette)
}

function drawLit(
  context: Surface,
  scene: OverlayScene,
  edge: Edge,
  colour: string,
  width: number,
  palette: Palette,
): void {
  const line = edgeLine(scene.layout, scene.camera, scene.laneOf, edge, scene.model.known)
  if (line === undefined) return
  const gone = (edge.fate === 'dropped' || edge.fate === 'unreachable') && edge.heldAt === 0
  const { x1, y1, x2, y2 } = gone ? shortened(line, 5) : line
  context.strokeStyle = palette.canvas
  context.lineWidth = width + 3
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
  context.strokeStyle = colour
  context.fillStyle = colour
  context.lineWidth = width
  context.setLineDash(edge.reply ? [4, 2.5] : [])
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
  context.setLineDash([])
  context.beginPath()
  context.arc(x1, y1, 3, 0, Math.PI * 2)
  const waiting = waitingOf(scene.layout, scene.camera, scene.laneOf, edge, line, scene.model.known)
  if (edge.fate === 'received' && waiting === undefined) arrow(context, x2, y2, Math.atan2(y2 - y1, x2 - x1), 7)
  context.fill()
  if (waiting !== undefined) {
    context.strokeRect(waiting.x - HELD_SIGN - 2, waiting.y - HELD_SIGN - 2, HELD_SIGN * 2 + 4, HELD_SIGN * 2 + 4)
    return
  }
  if (!gone) return
  context.strokeStyle = palette.danger
  context.lineWidth = 2
  context.beginPath()
  if (edge.fate === 'dropped') cross(context, x2, y2, 4)
  else {
    context.moveTo(x2 - 5.5, y2)
    context.lineTo(x2 + 5.5, y2)
  }
  context.stroke()
}

function drawLine(
  context: Surface,
  scene: OverlayScene,
  t: number,
  colour: string,
  fill: string,
  ink: string,
  palette: Palette,
  width: number,
  distance?: number,
): void {
  const { layout, camera } = scene
  const x = xOf(camera, layout.plot, t)
  if (x < layout.plot.left - 1 || x > layout.width) return
  const top = layout.axis.height
  context.fillStyle = colour
  context.fillRect(x - width / 2, top - 2, width, layout.minimap.top - top + 2)
  const step = spanOf(camera) / 1_000
  const sign = distance !== undefined && distance >= 0 ? '+' : '−'
  const text =
    distance === undefined
      ? formatMoment(t, step)
      : `${formatMoment(t, step)}  ${sign}${formatMoment(Math.abs(distance), step)}`
  context.font = `600 11px ${palette.fontMono}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const half = context.measureText(text).width / 2 + 7
  const middle = Math.min(layout.width - half - 2, Math.max(layout.plot.left + half - 8, x))
  context.fillStyle = fill
  context.beginPath()
  context.roundRect(middle - half, 1, half * 2, 17, 4)
  context.fill()
  context.fillStyle = ink
  context.fillText(text, middle, 10)
}
