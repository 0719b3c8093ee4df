/** From what clients saw to what is plotted and tabled. Pure; times in ns unless a name says otherwise. */
import type { LoadView } from '../../../preload/contract'
import type { FaultBand } from '../../stores/load'

/** Two points with more than this many times their interval between them are not joined: nobody called then. */
const GAP = 2.5
const NS_PER_S = 1e9

type Column = (number | null)[]
/** Columns of one length; `x` in seconds. null = no answer then, so no latency; or a gap. */
export interface PlotData {
  readonly x: number[]
  readonly ok: Column
  readonly failed: Column
  readonly unknown: Column
  readonly p50: Column
  readonly p95: Column
  readonly p99: Column
}

/** What several intervals come to: rates over all of them, latencies of the slowest. */
interface Sum {
  t: number
  millis: number
  started: number
  ok: number
  failed: number
  unknown: number
  waiting: number
  p50: number
  p95: number
  p99: number
  max: number
}

function sumOf(points: readonly LoadView[]): Sum {
  const sum: Sum = {
    t: 0,
    millis: 0,
    started: 0,
    ok: 0,
    failed: 0,
    unknown: 0,
    waiting: 0,
    p50: 0,
    p95: 0,
    p99: 0,
    max: 0,
  }
  for (const point of points) {
    sum.t = point.t
    sum.waiting = point.waiting
    for (const key of ['millis', 'started', 'ok', 'failed', 'unknown'] as const) sum[key] += point[key]
    for (const key of ['p50', 'p95', 'p99', 'max'] as const) sum[key] = Math.max(sum[key], point[key])
  }
  return sum
}

/** Index of the first point later than `t`. */
function after(points: readonly LoadView[], t: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.t ?? 0) <= t) low = middle + 1
    else high = middle
  }
  return low
}

/** The points of a span, and one more on each side, so that lines run to the edges. */
export function pointsWithin(points: readonly LoadView[], from: number, to: number): readonly LoadView[] {
  return points.slice(Math.max(0, after(points, from) - 1), after(points, to) + 1)
}

const perSecond = (n: number, millis: number) => (millis > 0 ? (n / millis) * 1000 : 0)
const latency = (ms: number, ok: number) => (ok > 0 && ms > 0 ? ms : null)

/** @param most columns of at most about so many points: what comes together in one pixel is summed */
export function plotData(points: readonly LoadView[], from: number, to: number, most = 1200): PlotData {
  const shown = pointsWithin(points, from, to)
  const each = Math.max(1, Math.ceil(shown.length / most))
  const data: PlotData = { x: [], ok: [], failed: [], unknown: [], p50: [], p95: [], p99: [] }
  const add = (x: number, values: readonly (number | null)[]) => {
    data.x.push(x)
    const columns = [data.ok, data.failed, data.unknown, data.p50, data.p95, data.p99]
    for (const [at, column] of columns.entries()) column.push(values[at] ?? null)
  }
  let last: Sum | undefined
  for (let at = 0; at < shown.length; at += each) {
    const sum = sumOf(shown.slice(at, at + each))
    const began = sum.t - sum.millis * 1e6
    if (last !== undefined && began - last.t > GAP * last.millis * 1e6) add((last.t + began) / 2 / NS_PER_S, [])
    add(sum.t / NS_PER_S, [
      perSecond(sum.ok, sum.millis),
      perSecond(sum.failed, sum.millis),
      perSecond(sum.unknown, sum.millis),
      latency(sum.p50, sum.ok),
      latency(sum.p95, sum.ok),
      latency(sum.p99, sum.ok),
    ])
    last = sum
  }
  return data
}

/** One second of a workload. */
export interface LoadRow extends Sum {
  /** The second that it is about, from the recording's begin. */
  readonly second: number
  readonly faults: readonly FaultBand[]
}

/** Second by second, the newest first. */
export function loadRows(
  points: readonly LoadView[],
  bands: readonly FaultBand[],
  from: number,
  to: number,
): readonly LoadRow[] {
  const bySecond = new Map<number, LoadView[]>()
  for (const point of points.slice(after(points, from), after(points, to))) {
    const second = Math.max(0, Math.ceil(point.t / NS_PER_S) - 1)
    const group = bySecond.get(second)
    if (group === undefined) bySecond.set(second, [point])
    else group.push(point)
  }
  return [...bySecond]
    .sort(([a], [b]) => b - a)
    .map(([second, group]) => ({
      ...sumOf(group),
      second,
      faults: bands.filter((band) => band.from < (second + 1) * NS_PER_S && band.to >= second * NS_PER_S),
    }))
}

export const SPANS = { s30: 30e9, m2: 120e9, m10: 600e9, all: Number.POSITIVE_INFINITY } as const
export type SpanName = keyof typeof SPANS

/**
 * What is shown: the last stretch of what is live; around a pinned moment three quarters before it and one after.
 * @param end the newest time there is @param pin the pinned moment, or null
 */
export function shownSpan(
  span: SpanName,
  end: number,
  pin: number | null,
): { readonly from: number; readonly to: number } {
  const length = SPANS[span]
  if (length >= end) return { from: 0, to: Math.max(end, 1e9) }
  if (pin === null) return { from: end - length, to: end }
  const to = Math.min(end, Math.max(length, pin + length / 4))
  return { from: to - length, to }
}
