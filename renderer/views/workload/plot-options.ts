/** How the two plots of load look: series, scales, axes, and the faults as bands behind the lines. */
import type uPlot from 'uplot'
import type { FaultBand } from '../../stores/load'
import type { Palette } from '../../timeline/palette'
import type { PlotData } from './plot-data'

export type PlotKind = 'throughput' | 'latency'
export const PLOT_KINDS = ['throughput', 'latency'] as const satisfies readonly PlotKind[]

/** A line of a plot: told apart by its dashes, also without its colour. */
export interface Line {
  readonly column: Exclude<keyof PlotData, 'x'>
  /** CSS px on, px off; empty = solid. */
  readonly dash: readonly number[]
  readonly colour: 'ok' | 'danger' | 'warn' | 'ink' | 'text2' | 'accent'
}
export const LINES: Readonly<Record<PlotKind, readonly Line[]>> = {
  throughput: [
    { column: 'ok', dash: [], colour: 'ok' },
    { column: 'failed', dash: [6, 3], colour: 'danger' },
    { column: 'unknown', dash: [2, 3], colour: 'warn' },
  ],
  latency: [
    { column: 'p50', dash: [], colour: 'ink' },
    { column: 'p95', dash: [6, 3], colour: 'text2' },
    { column: 'p99', dash: [2, 3], colour: 'accent' },
  ],
}

export function columnsOf(kind: PlotKind, data: PlotData): uPlot.AlignedData {
  return [data.x, ...LINES[kind].map((line) => data[line.column])]
}

/** What changes while a plot stands; read anew with each picture. Times in seconds. */
export interface PlotView {
  readonly from: number
  readonly to: number
  readonly bands: readonly FaultBand[]
  readonly bandText: (band: FaultBand) => string
  /** The moment that is shown; null = live. */
  readonly pinned: number | null
}

const NS_PER_S = 1e9
/** Over the plot, for the names of faults. */
const TOP = 18
/** Both plots begin at the same place. */
const LEFT = 52
const GAP_BETWEEN_NAMES = 8

/** For the eye: three digits that count, and no more. */
export function rough(n: number): string {
  return n >= 1000 ? short(n) : String(Number(n.toPrecision(3)))
}

/** 0.5, 12, 1.2k */
export function short(n: number): string {
  if (n >= 10_000) return `${Math.round(n / 1000)}k`
  if (n >= 1000) return `${Math.round(n / 100) / 10}k`
  return String(Math.round(n * 100) / 100)
}

/** Up to the next 1, 2 or 5 of its power of ten; at least 10. */
export function roundUp(n: number): number {
  if (!(n > 10)) return 10
  const power = 10 ** Math.floor(Math.log10(n))
  return ([1, 2, 5, 10].find((step) => step * power >= n) ?? 10) * power
}

/** 1, 10, 100: every power of ten from `low` to `high`. */
function powers(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at))
}

const roundSpan = (low: number, high: number): uPlot.Range.MinMax => {
  const from = 10 ** Math.floor(Math.log10(Math.max(low, 0.01)))
  return [from, Math.max(from * 10, 10 ** Math.ceil(Math.log10(Math.max(high, 0.01))))]
}

export function plotOptions(
  kind: PlotKind,
  size: { readonly width: number; readonly height: number },
  palette: Palette,
  view: () => PlotView,
  hooks: { readonly cursor: (index: number | null) => void },
): uPlot.Options {
  const font = `11px ${palette.fontUi}`
  const axis = { stroke: palette.text3, font, grid: { stroke: palette.borderSubtle, width: 1 }, ticks: { show: false } }
  return {
    ...size,
    padding: [kind === 'throughput' ? TOP : 6, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'load' }, drag: { x: false, y: false }, points: { size: 6 }, y: false },
    scales: {
      x: { time: false, range: () => [view().from, view().to] },
      y:
        kind === 'latency'
          ? { distr: 3, log: 10, range: (_, low, high) => (low == null ? [1, 100] : roundSpan(low, high)) }
          : { range: (_, __, high) => [0, roundUp(high ?? 0)] },
    },
    axes: [
      { ...axis, size: 24, gap: 4, values: (_, splits) => splits.map((x) => `${Math.round(x * 100) / 100} s`) },
      {
        ...axis,
        ...(kind === 'latency'
          ? { splits: (_: uPlot, __: number, low: number, high: number) => powers(low, high) }
          : {}),
        size: LEFT,
        gap: 6,
        values: (_, splits) => splits.map((y) => (y == null ? '' : short(y))),
      },
    ],
    series: [
      {},
      ...LINES[kind].map(({ column, dash, colour }) => ({
        label: column,
        stroke: palette[colour],
        width: 1.5,
        dash: [...dash],
        points: { show: false },
      })),
    ],
    hooks: {
      drawClear: [(plot) => drawBands(plot, palette, view(), kind === 'throughput')],
      draw: [(plot) => drawPinned(plot, palette, view())],
      setCursor: [(plot) => hooks.cursor(plot.cursor.idx ?? null)],
    },
  }
}

/** Where a time stands, kept inside the plot; canvas px. */
function placeOf(plot: uPlot, seconds: number): number {
  const { left, width } = plot.bbox
  const at = seconds === Number.POSITIVE_INFINITY ? left + width : plot.valToPos(seconds, 'x', true)
  return Math.min(left + width, Math.max(left, at))
}

/** Of spans that overlap only the whole that they cover, in order. */
export function coveredBy(
  spans: readonly (readonly [from: number, to: number])[],
): readonly (readonly [from: number, to: number])[] {
  const covered: [number, number][] = []
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = covered.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else covered.push([from, to])
  }
  return covered
}

/**
 * The time in which there were faults is tinted, once, however many there were, so that the lines stay readable; each
 * fault has a line at its begin, and over the first plot its name where there is room.
 */
function drawBands(plot: uPlot, palette: Palette, view: PlotView, named: boolean): void {
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  let nameEnds = Number.NEGATIVE_INFINITY
  ctx.save()
  ctx.font = `${11 * scale}px ${palette.fontUi}`
  ctx.textBaseline = 'alphabetic'
  // An axis may have been written before, with another one.
  ctx.textAlign = 'left'
  const spans = view.bands.map(({ from, to }): [number, number] => {
    const left = placeOf(plot, from / NS_PER_S)
    return [left, Math.max(left + scale, placeOf(plot, to / NS_PER_S))]
  })
  for (const [left, right] of coveredBy(spans)) {
    ctx.fillStyle = palette.dangerSoft
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.fillStyle = palette.danger
    ctx.fillRect(left, bbox.top, right - left, 2 * scale)
  }
  for (const [at, band] of view.bands.entries()) {
    const left = spans[at]?.[0] ?? bbox.left
    if (band.from / NS_PER_S >= view.from) ctx.fillRect(left, bbox.top, scale, bbox.height)
    if (!named) continue
    const words = view.bandText(band)
    const width = ctx.measureText(words).width
    const begin = Math.min(left, bbox.left + bbox.width - width)
    if (begin < Math.max(nameEnds + GAP_BETWEEN_NAMES * scale, bbox.left)) continue
    ctx.fillText(words, begin, bbox.top - 5 * scale)
    nameEnds = begin + width
  }
  ctx.restore()
}

function drawPinned(plot: uPlot, palette: Palette, { pinned, from, to }: PlotView): void {
  if (pinned === null || pinned < from || pinned > to) return
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  const at = placeOf(plot, pinned)
  ctx.save()
  ctx.fillStyle = palette.accent
  ctx.fillRect(at - scale, bbox.top, 2 * scale, bbox.height)
  ctx.beginPath()
  ctx.moveTo(at - 5 * scale, bbox.top)
  ctx.lineTo(at + 5 * scale, bbox.top)
  ctx.lineTo(at, bbox.top + 6 * scale)
  ctx.fill()
  ctx.restore()
}
