/**
 * What stands where. Time goes to the right, but not to scale: each begin, end and point has a place of its own, as far from the
 * one before as the words between them need. A history of hours whose last second is wrong can be read so.
 */
import { widthOf } from '../../timeline/diagram/text'
import type { Counterexample, Language } from './types'
import { spelled, standingWords, WORDS } from './words'

export const MONO = { weight: 400, size: 12, family: 'mono' } as const
export const UI = { weight: 400, size: 11, family: 'ui' } as const

const STEP = 16
const PAD = 12
/** Of a longer key the beginning is shown. */
const MOST_KEY = 140

export interface Span {
  readonly x1: number
  readonly x2: number
}

export interface Columns {
  /** Left edge of the time, and its right end. */
  readonly left: number
  readonly right: number
  /** By the place of the call. */
  readonly bars: readonly Span[]
  /** In their order. */
  readonly points: readonly { readonly call: number; readonly x: number }[]
  /** Where a time of the counterexample's unit lies. */
  at(time: number): number
}

interface Station {
  readonly time: number
  readonly call: number
  readonly what: 'begin' | 'end' | 'point'
}

/** Begins and ends by time (what ends when another begins is not before it), each point as soon as it may be. */
function stationsOf({ calls }: Counterexample): readonly Station[] {
  const edges = calls.flatMap(({ from, to }, call): Station[] => [
    { time: from, call, what: 'begin' },
    ...(to === null ? [] : [{ time: to, call, what: 'end' } as const]),
  ])
  const rank = (station: Station) => (station.what === 'begin' ? 0 : 1)
  edges.sort((a, b) => a.time - b.time || rank(a) - rank(b))
  const waiting = calls
    .flatMap(({ standing }, call) => (standing.kind === 'placed' ? [{ call, nth: standing.nth }] : []))
    .sort((a, b) => a.nth - b.nth)
    .map(({ call }) => call)
  const stations: Station[] = []
  const begun = new Set<number>()
  for (const edge of edges) {
    // Its point comes as late as it may: right before an end that needs it, so that points lie amid what they are about.
    if (edge.what === 'end' && waiting.includes(edge.call)) {
      while (waiting.length > 0) {
        const call = waiting[0] as number
        if (!begun.has(call)) break
        waiting.shift()
        stations.push({ time: edge.time, call, what: 'point' })
        if (call === edge.call) break
      }
    }
    stations.push(edge)
    if (edge.what === 'begin') begun.add(edge.call)
  }
  const last = edges.at(-1)?.time ?? 0
  for (const call of waiting) stations.push({ time: last, call, what: 'point' })
  return stations
}

/** @param least the width to fill at least */
export function columnsOf(counterexample: Counterexample, language: Language, least: number): Columns {
  const { calls, initial, part } = counterexample
  const words = WORDS[language]
  const labels = [...calls.map(({ process }) => words.client(process)), words.value, words.leaders, words.faults]
  const key = Math.min(MOST_KEY, widthOf({ ...MONO, size: 11 }, part))
  const left = Math.ceil(Math.max(key, ...labels.map((label) => widthOf(UI, label)))) + PAD * 2
  const stations = stationsOf(counterexample)
  const xs: number[] = []
  const begins = new Map<number, number>()
  let pointX = left
  let stateWidth = widthOf(MONO, spelled(language, initial)) + PAD
  let x = left
  for (const { call, what } of stations) {
    x += STEP
    const drawn = calls[call]
    if (drawn === undefined) continue
    if (what === 'begin') begins.set(call, x)
    if (what === 'end') x = Math.max(x, (begins.get(call) ?? left) + needOf(drawn, language))
    if (what === 'point') {
      x = Math.max(x, pointX + stateWidth)
      pointX = x
      const { standing } = drawn
      stateWidth = standing.kind === 'placed' ? widthOf(MONO, spelled(language, standing.state)) + PAD : 0
    }
    xs.push(x)
  }
  // What has no end goes on to the edge.
  const open = calls.map((call, at) => (call.to === null ? (begins.get(at) ?? left) + needOf(call, language) : 0))
  const needed = Math.max(x + STEP, pointX + stateWidth, ...open)
  const stretch = Math.max(1, (least - left) / (needed - left))
  const placed = xs.map((at) => left + (at - left) * stretch)
  const right = left + (needed - left) * stretch

  const bars: { x1: number; x2: number }[] = calls.map(() => ({ x1: left, x2: right }))
  const points: { call: number; x: number }[] = []
  const known: { readonly time: number; readonly x: number }[] = []
  for (const [at, { call, what, time }] of stations.entries()) {
    const here = placed[at] ?? left
    const bar = bars[call]
    if (what === 'point') points.push({ call, x: here })
    else {
      known.push({ time, x: here })
      if (bar !== undefined) bar[what === 'begin' ? 'x1' : 'x2'] = here
    }
  }
  return { left, right, bars, points, at: (time) => between(known, time, left, right) }
}

/** Pixels that a bar needs for the words over and under it. */
function needOf({ text, standing }: Counterexample['calls'][number], language: Language): number {
  const under = standing.kind === 'stuck' || standing.kind === 'after' ? standingWords(language, standing) : ''
  return Math.max(widthOf(MONO, spelled(language, text)), widthOf(UI, under)) + PAD
}

function between(
  known: readonly { readonly time: number; readonly x: number }[],
  time: number,
  left: number,
  right: number,
): number {
  const after = known.findIndex((place) => place.time >= time)
  if (after < 0) return right
  const next = known[after]
  const before = known[after - 1]
  if (next === undefined || before === undefined) return next?.time === time ? next.x : left
  if (next.time === before.time) return next.x
  return before.x + ((time - before.time) / (next.time - before.time)) * (next.x - before.x)
}
