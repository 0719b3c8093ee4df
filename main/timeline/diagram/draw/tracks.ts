/** Below the lanes: faults, operations, client calls (an open end without an answer), and how far the log is committed. */
import { type Extent, xOf } from '../camera'
import { minimapX } from '../layout'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import { firstWhere } from '../search'
import type { Surface } from '../surface'
import { formatSpan } from '../time'
import { drawNotes } from './notes'
import { firstFitting, fitText, hatch } from './strokes'

export function drawTracks(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  rule(context, layout.faults.top - 4, layout.width, palette)
  context.save()
  context.beginPath()
  context.rect(
    layout.plot.left,
    layout.faults.top - 4,
    layout.width - layout.plot.left,
    layout.minimap.top - layout.faults.top + 4,
  )
  context.clip()
  drawFaults(context, scene, palette)
  drawOperations(context, scene, palette)
  drawCalls(context, scene, palette)
  if (!layout.folded) drawCommits(context, scene, palette)
  context.restore()
  drawNotes(context, scene, palette)
  context.font = `400 11px ${palette.fontUi}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = palette.text2
  context.fillText(scene.labels.faults, 12, layout.faults.top + (layout.folded ? 5 : 10))
  if (layout.folded) return
  if (layout.operationRows > 0) context.fillText(scene.labels.operations, 12, layout.operations.top + 10)
  context.fillText(scene.labels.calls, 12, layout.calls.top + 10)
  context.fillText(scene.labels.committed, 12, layout.commits.top + 11)
  if (layout.notes.height > 0 && layout.notes.top > layout.faults.top)
    context.fillText(scene.labels.notes, 12, layout.notes.top + layout.notes.height / 2)
}

function placed(scene: DrawScene, span: Extent): readonly [x: number, width: number] | undefined {
  const { camera, layout, now } = scene
  if (span.to < camera.from || span.from > camera.to) return undefined
  const from = Math.max(layout.plot.left, xOf(camera, layout.plot, span.from))
  const to = Math.min(layout.width, xOf(camera, layout.plot, Math.min(span.to, Math.max(now, span.from))))
  return [from, Math.max(2, to - from)]
}

function drawFaults(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  const spans = scene.model.tracks.faults
  const rows = layout.faultRows
  const written: number[] = []
  const height = layout.folded ? 8 : (layout.faults.height - 6) / rows
  context.font = `400 11px ${palette.fontUi}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  const filled: number[] = []
  for (const [i, fault] of spans.entries()) {
    const at = placed(scene, fault)
    if (at === undefined) continue
    const [x, width] = at
    const row = Math.min(fault.row, rows - 1)
    const y = layout.faults.top + row * height
    // Many may share a row: what is filled already is not filled again, or it would no longer be a ground for words.
    const from = Math.max(x, filled[row] ?? x)
    context.fillStyle = palette.dangerSoft
    if (x + width > from) context.fillRect(from, y, x + width - from, height - 1)
    filled[row] = Math.max(filled[row] ?? 0, x + width)
    context.fillStyle = palette.danger
    context.fillRect(x, y, 1.5, height - 1)
    if (height < 12 || x + 7 < (written[row] ?? 0)) continue
    const others = spans.slice(i + 1).filter((other) => {
      const its = Math.min(other.row, rows - 1) === row ? placed(scene, other) : undefined
      return its !== undefined && its[0] < x + 120 && its[0] + its[1] > x + 7
    })
    const label = `${scene.labels.fault(fault)}${others.length > 0 ? ` · +${others.length}` : ''}`
    // One that began and ended at once has its word beside it.
    const text = fitText(context, label, Math.max(width - 12, fault.to === fault.from ? 160 : 0))
    context.fillText(text, x + 7, y + height / 2)
    written[row] = x + 15 + context.measureText(text).width
  }
}

/** What was asked of the cluster: neutral, because it is no fault; an open end while it is under way, red when it failed. */
function drawOperations(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  if (layout.operationRows === 0) return
  const height = (layout.operations.height - 6) / layout.operationRows
  const written: number[] = []
  context.font = `400 11px ${palette.fontUi}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  for (const operation of scene.model.tracks.operations) {
    const at = placed(scene, operation)
    if (at === undefined) continue
    const [x, width] = at
    const row = Math.min(operation.row, layout.operationRows - 1)
    const y = layout.operations.top + row * height
    const colour =
      operation.outcome === 'failed' ? palette.danger : operation.outcome === 'pending' ? palette.warn : palette.text2
    context.fillStyle = operation.outcome === 'failed' ? palette.dangerSoft : palette.raised
    context.fillRect(x, y, width, height - 1)
    context.fillStyle = colour
    context.fillRect(x, y, 1.5, height - 1)
    if (operation.outcome === 'failed') context.fillRect(x + width - 1.5, y, 1.5, height - 1)
    if (x + 7 < (written[row] ?? 0)) continue
    // Most take a few milliseconds: what they were stands beside them, as far as there is room.
    const room = operation.outcome === 'pending' ? width - 12 : Math.max(width - 12, layout.width - x - 24)
    const text = fitText(context, scene.labels.operation(operation), Math.min(room, 320))
    context.fillText(text, x + 7, y + height / 2)
    written[row] = x + 15 + context.measureText(text).width
  }
}

function drawCalls(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout, camera } = scene
  const calls = scene.model.tracks.calls
  const visible = calls.filter((call) => placed(scene, call) !== undefined)
  const rows = layout.callRows
  const height = layout.folded ? 5 : (layout.calls.height - 6) / rows
  const crowded = visible.length > 400
  context.font = `500 11px ${palette.fontMono}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  let last = Number.NEGATIVE_INFINITY
  /** Up to where each row is written on: calls may share one, their words may not. */
  const written: number[] = []
  for (const call of visible) {
    const [x, width] = placed(scene, call) ?? [0, 0]
    if (crowded && x + width - last < 1) continue
    last = x + width
    const y = layout.calls.top + 2 + Math.min(call.row, rows - 1) * height
    const open = call.outcome === 'pending' || call.outcome === 'unknown'
    const failed = call.outcome === 'failed'
    context.fillStyle = failed ? palette.dangerSoft : palette.raised
    context.fillRect(x, y, width, height - 1)
    if (!crowded && width > 3) {
      context.strokeStyle = failed ? palette.danger : open ? palette.warn : palette.border
      context.lineWidth = 1
      context.setLineDash(open ? [3, 3] : [])
      context.beginPath()
      context.moveTo(x + width, y + 0.5)
      context.lineTo(x + 0.5, y + 0.5)
      context.lineTo(x + 0.5, y + height - 1.5)
      context.lineTo(x + width, y + height - 1.5)
      if (!open) context.closePath()
      context.stroke()
      context.setLineDash([])
    } else {
      context.fillStyle = failed ? palette.danger : open ? palette.warn : palette.text3
      context.fillRect(x, y, Math.max(1, Math.min(width, 2)), height)
    }
    if (height < 12 || xOf(camera, layout.plot, call.from) > layout.plot.right) continue
    context.fillStyle = failed ? palette.danger : open ? palette.warn : palette.text
    const shared = Math.min(call.row, rows - 1)
    if (x + 5 < (written[shared] ?? 0)) continue
    const text = fitText(context, scene.labels.call(call), width - 9)
    context.fillText(text, x + 5, y + height / 2)
    if (text !== '') written[shared] = x + 11 + context.measureText(text).width
  }
}

function drawCommits(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout, camera, model } = scene
  const steps = model.tracks.commits
  const begin = Math.max(0, firstWhere(steps, (step) => step.t > camera.from) - 1)
  const end = firstWhere(steps, (step) => step.t > camera.to)
  const seen = steps.slice(begin, end)
  const first = seen[0]
  const last = seen.at(-1)
  if (first === undefined || last === undefined || first.t > camera.to) return
  const rise = Math.max(1, last.index - first.index)
  const y = (index: number) => layout.commits.top + 17 - (12 * (index - first.index)) / rise
  context.beginPath()
  context.font = `400 11px ${palette.fontMono}`
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
  context.fillStyle = palette.text2
  let labelled = Number.NEGATIVE_INFINITY
  let drawn = Number.NEGATIVE_INFINITY
  seen.forEach((step, i) => {
    const x = Math.max(layout.plot.left, xOf(camera, layout.plot, step.t))
    const at = y(step.index)
    if (i === 0) context.moveTo(x, at)
    else if (x - drawn >= 0.5 || step === last) {
      context.lineTo(x, y(seen[i - 1]?.index ?? step.index))
      context.lineTo(x, at)
      drawn = x
    }
    const text = String(step.index)
    // Above the line while it is low, below it while it is high: inside the track either way.
    const base = at > layout.commits.top + 12 ? at - 3 : at + 11
    if (x > labelled) {
      context.fillText(text, x + 4, base)
      labelled = x + 12 + context.measureText(text).width
    }
  })
  context.lineTo(Math.min(layout.width, xOf(camera, layout.plot, Math.max(scene.now, last.t))), y(last.index))
  context.strokeStyle = palette.ink
  context.lineWidth = 1.5
  context.lineJoin = 'miter'
  context.stroke()
}

/** Hatched over all lanes: events were shed here, and how many; nothing is drawn across. */
export function drawGaps(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  for (const gap of scene.model.tracks.gaps) {
    const at = placed(scene, gap)
    if (at === undefined) continue
    const [x] = at
    const width = Math.max(8, at[1])
    const { top, height } = layout.lanes
    context.fillStyle = palette.canvas
    context.globalAlpha = 0.82
    context.fillRect(x, top, width, height)
    context.globalAlpha = 1
    hatch(context, x, top, width, height, palette.hatch, 7)
    context.strokeStyle = palette.warn
    context.lineWidth = 1.25
    context.setLineDash([4, 3])
    context.strokeRect(x + 0.5, top + 0.5, Math.max(0, width - 1), height - 1)
    context.setLineDash([])
    context.font = `600 11px ${palette.fontUi}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    const text = firstFitting(context, [scene.labels.gap(gap), '!'], width)
    context.strokeStyle = palette.canvas
    context.lineWidth = 5
    context.strokeText(text, x + width / 2, top + height / 2)
    context.fillStyle = palette.warn
    context.fillText(text, x + width / 2, top + height / 2)
  }
}

/** Where the whole cluster stood still: a veil over the lanes, with its word. */
export function drawStops(context: Surface, scene: DrawScene, palette: Palette): void {
  const { top, height } = scene.layout.lanes
  for (const stop of scene.model.tracks.stops) {
    const at = placed(scene, stop)
    if (at === undefined) continue
    const [x, width] = at
    context.fillStyle = palette.accentSoft
    context.fillRect(x, top, width, height)
    context.fillStyle = palette.accent
    context.fillRect(x, top, 1, height)
    if (Number.isFinite(stop.to)) context.fillRect(x + width, top, 1, height)
    context.font = `600 11px ${palette.fontUi}`
    context.textAlign = 'left'
    context.textBaseline = 'top'
    context.fillText(firstFitting(context, [scene.labels.stopped], width - 8), x + 5, top + 3)
  }
}

/** The whole recording: how much happened when, in which terms, under which faults, and where the window is. */
export function drawMinimap(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout, extent, model, camera } = scene
  const { top, height } = layout.minimap
  const { left, right } = layout.plot
  rule(context, top, layout.width, palette)
  const boxTop = top + 4
  const boxHeight = height - 8
  context.fillStyle = palette.panel
  context.fillRect(left, boxTop, right - left, boxHeight)
  context.font = `400 11px ${palette.fontUi}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = palette.text2
  context.fillText(`0–${formatSpan(extent.to)}`, 12, boxTop + boxHeight / 2)
  const { counts, width } = model.density
  let most = 1
  for (let bar = 0; bar * width <= extent.to && bar < counts.length; bar++) most = Math.max(most, counts[bar] ?? 0)
  drawUnread(context, scene, boxTop, boxHeight, palette)
  context.fillStyle = palette.borderStrong
  for (let bar = 0; bar * width <= extent.to && bar < counts.length; bar++) {
    const count = counts[bar] ?? 0
    if (count === 0) continue
    const x = minimapX(layout, extent, bar * width)
    const end = Math.min(right, minimapX(layout, extent, (bar + 1) * width))
    // The square root keeps quiet times visible beside bursts.
    const tall = Math.max(1, Math.sqrt(count / most) * (boxHeight - 5))
    context.fillRect(x, boxTop + boxHeight - 3 - tall, Math.max(0.5, end - x - (end - x > 2 ? 0.5 : 0)), tall)
  }
  model.terms.forEach((step, i) => {
    const x = minimapX(layout, extent, Math.max(extent.from, step.t))
    const end = minimapX(layout, extent, model.terms[i + 1]?.t ?? extent.to)
    context.fillStyle = palette.term(step.term).solid
    context.fillRect(x, boxTop + boxHeight - 2, Math.max(1, end - x - 1), 2.5)
  })
  context.fillStyle = palette.danger
  for (const fault of model.faults ?? model.tracks.faults) {
    const x = minimapX(layout, extent, fault.from)
    context.fillRect(x, boxTop, Math.max(2, minimapX(layout, extent, Math.min(fault.to, extent.to)) - x), 2.5)
  }
  const from = Math.max(left, minimapX(layout, extent, camera.from))
  const to = Math.min(right + 4, Math.max(from + 4, minimapX(layout, extent, camera.to)))
  context.fillStyle = palette.hatch
  context.strokeStyle = palette.text
  context.lineWidth = 1.5
  context.beginPath()
  context.roundRect(from, boxTop - 2, Math.max(4, to - from), boxHeight + 4, 3)
  context.fill()
  context.stroke()
}

/** Stretches of the recording that have not been read yet are hatched: empty would mean that nothing happened. */
function drawUnread(context: Surface, scene: DrawScene, top: number, height: number, palette: Palette): void {
  const { layout, extent, model } = scene
  const { known, width } = model.density
  // Live, the stretch after the last event is not unread but quiet.
  const end = scene.live ? model.known : extent.to
  const last = Math.min(known.length - 1, Math.floor(end / width))
  for (let bar = 0; bar <= last; bar++) {
    if (known[bar] === 1) continue
    const from = minimapX(layout, extent, bar * width)
    while (bar < last && known[bar + 1] !== 1) bar++
    const to = Math.min(layout.plot.right, minimapX(layout, extent, (bar + 1) * width))
    if (to - from > 3) hatch(context, from, top, to - from, height, palette.hatch, 5)
  }
}

function rule(context: Surface, y: number, width: number, palette: Palette): void {
  context.fillStyle = palette.borderSubtle
  context.fillRect(0, Math.round(y), width, 1)
}
