/** Why: what an event happened because of (●), what happened because of it (○), and a way between two, step by step. */
import { xOf } from '../camera'
import { laneY } from '../layout'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'

/** Above this number of events in sight their dots would be a smear. */
const DOTTED = 20_000
/** Pixels between two dots on a lane. */
const APART = 3
const STEP = 8

export function drawCausal(context: Surface, scene: DrawScene, palette: Palette): void {
  if (scene.causal === null) return
  drawDots(context, scene, palette)
  drawPath(context, scene, palette)
}

function drawDots(context: Surface, scene: DrawScene, palette: Palette): void {
  const { camera, causal, laneOf, layout, model } = scene
  const events = model.range(camera.from, camera.to)
  if (causal === null || events.length > DOTTED) return
  const last = new Map<number, number>()
  for (const event of events) {
    const past = causal.past.has(event.seq)
    const lane = laneOf.get(event.node)
    if (lane === undefined || !(past || causal.future.has(event.seq))) continue
    const x = xOf(camera, layout.plot, event.t)
    if (x - (last.get(lane) ?? Number.NEGATIVE_INFINITY) < APART) continue
    last.set(lane, x)
    context.beginPath()
    context.arc(x, laneY(layout, lane), past ? 2.25 : 2.5, 0, Math.PI * 2)
    context.fillStyle = past ? palette.accent : palette.canvas
    context.strokeStyle = past ? palette.canvas : palette.ink
    context.lineWidth = past ? 0.75 : 1.25
    context.fill()
    context.stroke()
  }
}

interface Place {
  readonly x: number
  readonly y: number
  readonly step: number
}

/** One strong line from event to event, with a number at each; along the lanes and across them. */
function drawPath(context: Surface, scene: DrawScene, palette: Palette): void {
  const { camera, causal, laneOf, layout, model } = scene
  const places = (causal?.path ?? []).flatMap((seq, i): Place[] => {
    const event = model.event(seq)
    const lane = event === undefined ? undefined : laneOf.get(nodeOf(event))
    if (event === undefined || lane === undefined) return []
    return [{ x: xOf(camera, layout.plot, event.t), y: laneY(layout, lane), step: i + 1 }]
  })
  if (places.length === 0) return
  for (const [colour, width] of [
    [palette.canvas, 6],
    [palette.accent, 3],
  ] as const) {
    context.strokeStyle = colour
    context.lineWidth = width
    context.lineJoin = 'round'
    context.setLineDash([])
    context.beginPath()
    places.forEach(({ x, y }, i) => {
      const at = Math.min(layout.width + 4_000, Math.max(-4_000, x))
      if (i === 0) context.moveTo(at, y)
      else context.lineTo(at, y)
    })
    context.stroke()
  }
  context.lineJoin = 'miter'
  context.font = `600 11px ${palette.fontUi}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { x, y, step } of places) {
    if (x < layout.plot.left - STEP || x > layout.width + STEP) continue
    context.beginPath()
    context.arc(x, y, STEP, 0, Math.PI * 2)
    context.fillStyle = palette.accentFill
    context.fill()
    context.strokeStyle = palette.canvas
    context.lineWidth = 1.5
    context.stroke()
    context.fillStyle = palette.accentInk
    context.fillText(String(step), x, y + 0.5)
  }
}

/** On whose lane an event stands: what the workbench did to a process stands on the process's. */
export function nodeOf(event: { readonly node: number } & object): number {
  if (event.node > 0) return event.node
  return 'subject' in event && typeof event.subject === 'number' ? event.subject : 0
}
