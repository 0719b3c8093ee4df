/** Throughput and latency as pictures: lines over time, faults as bands behind them. */
import { type Drawing, type Shape, svgOf } from '../../checks/drawing'
import type { RunFacts } from './types'
import type { ReportWords } from './words'

const WIDTH = 998
const HEIGHT = 190
const LEFT = 64
const RIGHT = 12
const TOP = 30
const BOTTOM = 24

type Token = Parameters<Parameters<typeof svgOf>[1]>[0]

interface Line {
  readonly name: string
  readonly stroke: 'ok' | 'danger' | 'warn' | 'accent'
  readonly dashes?: string
  /** Null: nothing is known, because there was no call. */
  readonly values: readonly (number | null)[]
}

/** Both plots, with the same time. */
export function plots(facts: RunFacts, words: ReportWords, of: (token: Token) => string): readonly string[] {
  const { load, bucket } = facts
  const seconds = bucket / 1e9
  const per = (count: number) => count / seconds
  const throughput: Line[] = [
    { name: words.ok, stroke: 'ok', values: load.map(({ ok }) => per(ok)) },
    { name: words.failed, stroke: 'danger', dashes: '6 3', values: load.map(({ failed }) => per(failed)) },
    { name: words.unknown, stroke: 'warn', dashes: '2 3', values: load.map(({ unknown }) => per(unknown)) },
  ]
  const latency: Line[] = [
    { name: 'p50', stroke: 'accent', values: load.map(({ ok, p50 }) => (ok > 0 ? p50 : null)) },
    { name: 'p99', stroke: 'danger', dashes: '6 3', values: load.map(({ ok, p99 }) => (ok > 0 ? p99 : null)) },
  ]
  const used = throughput.filter(({ values }, at) => at === 0 || values.some((value) => (value ?? 0) > 0))
  return [
    svgOf(plot(words.throughput, used, facts, words), of, 'plot-1'),
    svgOf(plot(words.latency, latency, facts, words), of, 'plot-2'),
  ]
}

function plot(
  title: string,
  lines: readonly Line[],
  { load, bucket, end, faults }: RunFacts,
  words: ReportWords,
): Drawing {
  const until = Math.max(end, load.length * bucket, 1)
  const most = niceOver(Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), 0))
  const x = (t: number) => round(LEFT + (Math.min(t, until) / until) * (WIDTH - LEFT - RIGHT))
  const y = (value: number) => round(HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM))
  const shapes: Shape[] = []
  for (const { from, to } of faults) {
    const x1 = x(from)
    shapes.push({
      tag: 'rect',
      x: x1,
      y: TOP,
      w: Math.max(1, round(x(to ?? until) - x1)),
      h: HEIGHT - TOP - BOTTOM,
      fill: 'dangerSoft',
    })
  }
  for (const share of [0, 0.5, 1]) {
    const value = most * share
    shapes.push({ tag: 'path', d: `M${LEFT} ${y(value)}H${WIDTH - RIGHT}`, stroke: 'borderSubtle', width: 1 })
    shapes.push({
      tag: 'text',
      x: LEFT - 6,
      y: y(value) + 4,
      text: short(value),
      font: 'mono',
      size: 11,
      anchor: 'end',
      fill: 'text3',
    })
  }
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle'
    const text = `${short((until * share) / 1e9)} s`
    shapes.push({
      tag: 'text',
      x: x(until * share),
      y: HEIGHT - 8,
      text,
      font: 'mono',
      size: 11,
      anchor,
      fill: 'text3',
    })
  }
  let at = WIDTH - RIGHT
  for (const { name, stroke, dashes, values } of lines.toReversed()) {
    shapes.push({
      tag: 'path',
      d: pathOf(values, (i) => x((i + 0.5) * bucket), y),
      stroke,
      width: 1.5,
      ...(dashes === undefined ? {} : { dashes }),
    })
    at -= 26 + name.length * 9
    shapes.push(
      { tag: 'path', d: `M${at} 15h18`, stroke, width: 2, ...(dashes === undefined ? {} : { dashes }) },
      { tag: 'text', x: at + 22, y: 19, text: name, font: 'ui', size: 11, fill: 'text2' },
    )
  }
  shapes.push({ tag: 'text', x: 8, y: 19, text: title, font: 'ui', size: 12, bold: true, fill: 'text' })
  return {
    width: WIDTH,
    height: HEIGHT,
    title,
    description: words.plotAbout(load.length, short(bucket / 1e9)),
    language: words.language === 'en' ? 'en' : 'zh',
    shapes,
  }
}

/** A line with gaps where nothing is known; a value between two gaps is a dash. */
function pathOf(values: Line['values'], x: (at: number) => number, y: (value: number) => number): string {
  return values
    .map((value, at) => {
      if (value === null) return ''
      if ((values[at - 1] ?? null) !== null) return `L${x(at)} ${y(value)}`
      return (values[at + 1] ?? null) === null ? `M${x(at) - 2} ${y(value)}h4` : `M${x(at)} ${y(value)}`
    })
    .join('')
}

/** The next of 1, 2, 5, 10, 20, … that is not less. */
function niceOver(value: number): number {
  if (value <= 0) return 1
  const ten = 10 ** Math.floor(Math.log10(value))
  return ten * ([1, 2, 5, 10].find((step) => step * ten >= value) ?? 10)
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
const round = (value: number): number => Math.round(value * 10) / 10
