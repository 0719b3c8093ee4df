/**
 * The timeline's camera: which span of time is seen, and how it maps to pixels. Pure functions; time is in nanoseconds
 * since the recording began, positions in CSS pixels.
 */

/** The visible span of time, `from` < `to`. */
export interface Camera {
  readonly from: number
  readonly to: number
}

/** The horizontal part of the canvas that shows time. */
export interface Plot {
  readonly left: number
  readonly right: number
}

/** What can be seen at all: from the first event to now. */
export interface Extent {
  readonly from: number
  readonly to: number
}

export const MICRO = 1_000
export const MILLI = 1_000_000
export const SECOND = 1_000_000_000

/** Closer than this nothing differs: one microsecond per some hundred pixels. */
export const MIN_SPAN = 10 * MICRO
export const MAX_SPAN = 24 * 3_600 * SECOND
export const DEFAULT_SPAN = 1.2 * SECOND
/** The part of the window that stays empty right of "now" while following. */
const LIVE_MARGIN = 0.06

export const spanOf = (camera: Camera): number => camera.to - camera.from

export function xOf(camera: Camera, plot: Plot, t: number): number {
  return plot.left + ((t - camera.from) / (camera.to - camera.from)) * (plot.right - plot.left)
}

export function tOf(camera: Camera, plot: Plot, x: number): number {
  return camera.from + ((x - plot.left) / Math.max(1, plot.right - plot.left)) * (camera.to - camera.from)
}

/** Scales the span by `factor` (< 1 comes closer) and keeps the time under the pointer where it is. */
export function zoomAt(camera: Camera, t: number, factor: number): Camera {
  const span = spanOf(camera)
  const next = Math.min(MAX_SPAN, Math.max(MIN_SPAN, span * factor))
  const share = (t - camera.from) / span
  const from = t - share * next
  return { from, to: from + next }
}

export function panBy(camera: Camera, dt: number): Camera {
  return { from: camera.from + dt, to: camera.to + dt }
}

/** Keeps at least a tenth of the window over the extent, so that nobody gets lost in empty time. */
export function clampTo(camera: Camera, extent: Extent): Camera {
  const span = spanOf(camera)
  const least = extent.from - span * 0.9
  const most = Math.max(least, extent.to - span * 0.1)
  const from = Math.min(most, Math.max(least, camera.from))
  return from === camera.from ? camera : { from, to: from + span }
}

/** The window that ends just after `now`, with the given span. */
export function following(now: number, span: number): Camera {
  const to = now + span * LIVE_MARGIN
  return { from: to - span, to }
}

/** The window that shows `t`: unchanged when it is comfortably inside, else centred on it. */
export function revealing(camera: Camera, t: number): Camera {
  const span = spanOf(camera)
  if (t >= camera.from + span * 0.04 && t <= camera.to - span * 0.04) return camera
  return { from: t - span / 2, to: t + span / 2 }
}

export interface Ticks {
  /** Nanoseconds between two ticks: 1, 2 or 5 times a power of ten. */
  readonly step: number
  readonly at: readonly number[]
}

/** Round times about `gap` pixels apart. */
export function ticksOf(camera: Camera, plot: Plot, gap = 96): Ticks {
  const count = Math.max(1, (plot.right - plot.left) / gap)
  const rough = spanOf(camera) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? power * 10
  const at: number[] = []
  for (let k = Math.ceil(Math.max(0, camera.from) / step); k * step <= camera.to; k++) at.push(k * step)
  return { step, at }
}
