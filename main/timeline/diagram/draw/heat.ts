/**
 * Events that are too many to be drawn one by one: along the foot of each lane, how many messages there were (the taller the
 * more), with those that were dropped as a red head, crossed where they are many; in the calls' track, how many were
 * answered, and how.
 */
import { xOf } from '../camera'
import { lanesSeen, laneY } from '../layout'
import type { Afar } from '../model'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'

/** Pixels of a bar with the gap after it. */
const BAR = 3
/** Of the height of a lane, what the tallest bar takes. */
const TALL = 0.42
/** Above this share of dropped messages a bar bears a cross, at most one in so many pixels. */
const CROSSED = 0.08
const CROSS_EVERY = 12

interface Bar {
  readonly x: number
  readonly width: number
  /** Places in the counts: from is included, to is not. */
  readonly from: number
  readonly to: number
}

export function drawHeat(context: Surface, scene: DrawScene, palette: Palette): void {
  const { afar } = scene.model
  if (afar === null || afar.strength <= 0) return
  const { layout } = scene
  const bars = barsOf(scene, afar)
  const byNode = new Map(afar.counts.lanes.map((lane) => [lane.node, lane]))
  const [first, last] = lanesSeen(layout)
  const seen = scene.nodes.slice(first, last).map((node) => {
    const lane = byNode.get(node)
    return bars.map((bar) => ({ bar, all: sum(lane?.messages, bar), dropped: sum(lane?.dropped, bar) }))
  })
  // One scale for all lanes: a lane beside another that is twice as tall had four times fewer messages.
  const most = seen.reduce((top, row) => row.reduce((own, { all }) => Math.max(own, all), top), 1)
  const room = Math.max(3, layout.laneHeight * TALL)
  context.save()
  context.globalAlpha = afar.strength
  for (const [place, row] of seen.entries()) {
    const foot = laneY(layout, first + place) + layout.laneHeight / 2 - 1
    context.fillStyle = palette.text3
    context.beginPath()
    for (const { bar, all } of row) {
      if (all > 0) context.rect(bar.x, foot - tallness(all, most, room), bar.width, tallness(all, most, room))
    }
    context.fill()
    context.fillStyle = palette.danger
    context.beginPath()
    for (const { bar, all, dropped } of row) {
      if (dropped < 0.5) continue
      const tall = tallness(all, most, room)
      context.rect(bar.x, foot - tall, bar.width, Math.max(1.5, (tall * dropped) / all))
    }
    context.fill()
    crosses(context, row, foot, most, room, palette)
  }
  context.restore()
}

/** The root keeps quiet times visible beside bursts; anything at all is seen. */
function tallness(count: number, most: number, room: number): number {
  return Math.max(1, Math.sqrt(count / most) * room)
}

interface Counted {
  readonly bar: Bar
  readonly all: number
  readonly dropped: number
}

/** So that it is not by colour alone that losses are seen. */
function crosses(
  context: Surface,
  row: readonly Counted[],
  foot: number,
  most: number,
  room: number,
  palette: Palette,
): void {
  let last = Number.NEGATIVE_INFINITY
  context.strokeStyle = palette.danger
  context.lineWidth = 1.25
  context.setLineDash([])
  context.beginPath()
  for (const { bar, all, dropped } of row) {
    if (dropped < 1 || dropped < all * CROSSED || bar.x - last < CROSS_EVERY) continue
    last = bar.x
    const x = bar.x + bar.width / 2
    const y = foot - tallness(all, most, room) - 4
    context.moveTo(x - 2.5, y - 2.5)
    context.lineTo(x + 2.5, y + 2.5)
    context.moveTo(x + 2.5, y - 2.5)
    context.lineTo(x - 2.5, y + 2.5)
  }
  context.stroke()
}

/** Answers that were good stand grey; those that failed red and from above, those that never came hollow. */
export function drawCallHeat(context: Surface, scene: DrawScene, palette: Palette): void {
  const { afar } = scene.model
  const { layout } = scene
  if (afar === null || afar.strength <= 0 || layout.calls.height === 0) return
  const { ok, failed, unknown } = afar.counts.calls
  const bars = barsOf(scene, afar).map((bar) => ({
    bar,
    ok: sum(ok, bar),
    failed: sum(failed, bar),
    unknown: sum(unknown, bar),
  }))
  const most = bars.reduce((top, bar) => Math.max(top, bar.ok + bar.failed + bar.unknown), 1)
  const room = Math.max(3, layout.calls.height - 5)
  const foot = layout.calls.top + layout.calls.height - 3
  context.save()
  context.beginPath()
  context.rect(layout.plot.left, layout.calls.top, layout.width - layout.plot.left, layout.calls.height)
  context.clip()
  context.globalAlpha = afar.strength
  context.fillStyle = palette.text3
  context.beginPath()
  for (const { bar, ok: good } of bars) {
    if (good <= 0) continue
    const tall = tallness(good, most, room)
    context.rect(bar.x, foot - tall, bar.width, tall)
  }
  context.fill()
  context.fillStyle = palette.danger
  context.beginPath()
  for (const { bar, failed: bad } of bars) {
    if (bad >= 0.5) context.rect(bar.x, layout.calls.top + 1, bar.width, tallness(bad, most, room))
  }
  context.fill()
  context.strokeStyle = palette.warn
  context.lineWidth = 1
  context.setLineDash([])
  for (const { bar, unknown: open } of bars) {
    if (open < 0.5) continue
    const tall = tallness(open, most, room)
    context.strokeRect(bar.x + 0.5, layout.calls.top + 1.5, Math.max(1, bar.width - 1), tall)
  }
  context.restore()
}

/** The parts of the counts that are seen, gathered to bars that can be told apart. They stay with their times when the camera moves. */
function barsOf({ camera, layout }: DrawScene, { counts }: Afar): readonly Bar[] {
  const part = (counts.to - counts.from) / counts.buckets
  const pixels = (part / (camera.to - camera.from)) * (layout.plot.right - layout.plot.left)
  const each = Math.max(1, Math.ceil(BAR / Math.max(pixels, 1e-9)))
  const first = Math.max(0, Math.floor((camera.from - counts.from) / part / each)) * each
  const end = Math.min(counts.buckets, Math.ceil((camera.to - counts.from) / part))
  const bars: Bar[] = []
  for (let from = first; from < end; from += each) {
    const to = Math.min(counts.buckets, from + each)
    const x = xOf(camera, layout.plot, counts.from + from * part)
    const width = Math.max(1, xOf(camera, layout.plot, counts.from + to * part) - x - 1)
    bars.push({ x, width, from, to })
  }
  return bars
}

function sum(counts: readonly number[] | undefined, { from, to }: Bar): number {
  let all = 0
  for (let place = from; place < to; place++) all += counts?.[place] ?? 0
  return all
}
