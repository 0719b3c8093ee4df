/**
 * The drawing of a counterexample: a lane for each client, its calls as bars, the points of the longest right order joined by a
 * line, the value after each of them below, and the calls that have no place marked with why; who led and what was broken above.
 */
import type { Tokens } from '../../timeline/diagram/palette'
import { widthOf } from '../../timeline/diagram/text'
import { formatMoment } from '../../timeline/diagram/time'
import { type Columns, columnsOf, MONO, UI } from './layout'
import type { Band, Counterexample, DrawnCall, Language } from './types'
import { spelled, standingWords, WORDS } from './words'

/** A colour or font of the design, by its token. */
export type Colour = Exclude<keyof Tokens, 'terms' | 'fontUi' | 'fontMono'>

interface Common {
  readonly fill?: Colour
  readonly stroke?: Colour
  readonly width?: number
  readonly dashes?: string
}
export type Shape =
  | ({ readonly tag: 'rect'; readonly x: number; readonly y: number; readonly w: number; readonly h: number } & Common)
  | ({ readonly tag: 'path'; readonly d: string } & Common)
  | ({ readonly tag: 'circle'; readonly cx: number; readonly cy: number; readonly r: number } & Common)
  | {
      readonly tag: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly font: 'ui' | 'mono'
      readonly size: number
      readonly bold?: boolean
      readonly anchor?: 'start' | 'middle' | 'end'
      readonly fill: Colour
    }

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly description: string
  readonly language: Language
  readonly shapes: readonly Shape[]
}

export interface DrawOptions {
  readonly language: Language
  /** Pixels that it fills at least; it is wider when its words need more. */
  readonly width?: number
}

const TOP = 8
const BAND = 18
const LANE = 58
const BAR = 12
/** Of a lane: the words of the call, its bar, why it has no place. */
const WORDS_AT = 14
const BAR_AT = 22
const WHY_AT = 50
const VALUES = 30
const LEGEND = 26

/** Pure: the same counterexample is always drawn in the same way. */
export function drawCounterexample(counterexample: Counterexample, { language, width = 640 }: DrawOptions): Drawing {
  const words = WORDS[language]
  const columns = columnsOf(counterexample, language, width - TOP)
  const { calls, part } = counterexample
  const processes = [...new Set(calls.map(({ process }) => process))].sort((a, b) => a - b)
  const rows = bandRows(counterexample)
  const lanesTop = TOP + rows.length * BAND + (rows.length > 0 ? 6 : 0)
  const laneTop = (process: number) => lanesTop + processes.indexOf(process) * LANE
  const lanesEnd = lanesTop + processes.length * LANE
  const shapes: Shape[] = [
    ...rows.flatMap((row, at) => drawBands(row, columns, TOP + at * BAND, language)),
    ...processes.flatMap((process) => drawLane(words.client(process), laneTop(process), columns)),
    ...calls.flatMap((call, at) => drawCall(call, at, laneTop(call.process), columns, language)),
    ...drawPoints(counterexample, columns, laneTop, lanesEnd),
    ...drawValues(counterexample, columns, lanesEnd, language),
    ...drawTimes(counterexample, columns, lanesEnd + VALUES + 12),
  ]
  const legendTop = lanesEnd + VALUES + (counterexample.unit === 'ns' ? 20 : 4)
  const legend = drawLegend(language, legendTop + 16)
  shapes.push(...legend.shapes)
  const standing = (kind: DrawnCall['standing']['kind']) => calls.filter((call) => call.standing.kind === kind).length
  return {
    width: Math.ceil(Math.max(columns.right + TOP, legend.right)),
    height: legendTop + LEGEND,
    title: words.title(part),
    description: words.about(calls.length, standing('placed'), standing('stuck')),
    language,
    shapes,
  }
}

// ── what went on meanwhile ────────────────────────────────────────────────────────────────────────────────────────

/** Leaders first; bands of one row do not lie over each other. */
function bandRows({ bands }: Counterexample): readonly (readonly Band[])[] {
  const rows: Band[][] = []
  for (const kind of ['leader', 'fault'] as const) {
    const own: Band[][] = []
    for (const band of bands.filter((one) => one.kind === kind).sort((a, b) => a.from - b.from)) {
      const free = own.find((row) => (row.at(-1)?.to ?? Number.POSITIVE_INFINITY) <= band.from)
      if (free === undefined) own.push([band])
      else free.push(band)
    }
    rows.push(...own)
  }
  return rows
}

function drawBands(row: readonly Band[], columns: Columns, y: number, language: Language): readonly Shape[] {
  const words = WORDS[language]
  const [first] = row
  if (first === undefined) return []
  const label = first.kind === 'leader' ? words.leaders : words.faults
  return [
    text(TOP, y + 12, label, 'ui', 11, 'text3'),
    ...row.flatMap(({ kind, from, to, text: says }): Shape[] => {
      const x1 = Math.max(columns.left, columns.at(from))
      const x2 = to === null ? columns.right : Math.max(x1 + 3, columns.at(to))
      const isFault = kind === 'fault'
      const fitted = fit(says[language], x2 - x1 - 10)
      return [
        {
          tag: 'rect',
          x: x1,
          y,
          w: x2 - x1,
          h: BAND - 3,
          fill: isFault ? 'dangerSoft' : 'accentSoft',
          stroke: isFault ? 'danger' : 'accent',
          ...(isFault ? { dashes: '3 2' } : {}),
        },
        ...(fitted === '' ? [] : [text(x1 + 5, y + 11.5, fitted, 'ui', 11, 'text')]),
      ]
    }),
  ]
}

// ── the calls ─────────────────────────────────────────────────────────────────────────────────────────────────────

function drawLane(label: string, top: number, { left, right }: Columns): readonly Shape[] {
  const middle = top + BAR_AT + BAR / 2
  return [
    { tag: 'path', d: `M${round(left)} ${middle}H${round(right)}`, stroke: 'borderSubtle', width: 1 },
    text(TOP, middle + 4, label, 'ui', 11, 'text2'),
  ]
}

function drawCall(call: DrawnCall, at: number, top: number, columns: Columns, language: Language): readonly Shape[] {
  const { standing, to } = call
  const { x1, x2 } = columns.bars[at] ?? { x1: columns.left, x2: columns.right }
  const y = top + BAR_AT
  const isStuck = standing.kind === 'stuck'
  const stroke: Colour = isStuck ? 'danger' : standing.kind === 'placed' ? 'ok' : 'borderStrong'
  const isOpen = to === null
  const shapes: Shape[] = [
    {
      tag: 'path',
      // Without a certain answer there is no end to draw.
      d: isOpen
        ? `M${round(x2)} ${y}H${round(x1)}v${BAR}H${round(x2)}`
        : `M${round(x1)} ${y}H${round(x2)}v${BAR}H${round(x1)}z`,
      fill: isStuck ? 'dangerSoft' : 'raised',
      stroke,
      width: isStuck ? 2 : 1.25,
      ...(isOpen || standing.kind === 'after' ? { dashes: '4 3' } : {}),
    },
    text(x1 + 2, top + WORDS_AT, spelled(language, call.text), 'mono', 12, isStuck ? 'danger' : 'text', isStuck),
  ]
  if (isStuck) {
    const middle = (x1 + x2) / 2
    const cy = y + BAR / 2
    shapes.push({
      tag: 'path',
      d: `M${round(middle - 4)} ${cy - 4}l8 8m0 -8l-8 8`,
      stroke: 'danger',
      width: 2.25,
    })
  }
  if (isStuck || standing.kind === 'after') {
    shapes.push(
      text(x1 + 2, top + WHY_AT - 2, standingWords(language, standing), 'ui', 11, isStuck ? 'danger' : 'text3'),
    )
  }
  return shapes
}

/** The order: a line through its points, from lane to lane, and a thread from each down to the value that it leaves. */
function drawPoints(
  { calls }: Counterexample,
  { points }: Columns,
  laneTop: (process: number) => number,
  bottom: number,
): readonly Shape[] {
  const placed = points.map(({ call, x }) => ({
    x,
    y: laneTop(calls[call]?.process ?? 0) + BAR_AT + BAR / 2,
  }))
  if (placed.length === 0) return []
  const line = placed.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${y}`).join('')
  return [
    ...placed.map(
      ({ x, y }): Shape => ({
        tag: 'path',
        d: `M${round(x)} ${y}V${bottom + 6}`,
        stroke: 'border',
        width: 1,
        dashes: '2 3',
      }),
    ),
    { tag: 'path', d: line, stroke: 'accent', width: 2 },
    ...placed.flatMap(({ x, y }, at): Shape[] => [
      { tag: 'circle', cx: round(x), cy: y, r: 8, fill: 'accentFill', stroke: 'canvas', width: 1.5 },
      { ...text(x, y + 3.5, String(at + 1), 'ui', 10, 'accentInk', true), anchor: 'middle' } as Shape,
    ]),
  ]
}

/** What was there, from point to point; where the order ends, that it goes no further. */
function drawValues(
  { calls, initial, part }: Counterexample,
  { points, left, right }: Columns,
  top: number,
  language: Language,
): readonly Shape[] {
  const states = [
    { x: left, state: initial },
    ...points.map(({ call, x }) => {
      const standing = calls[call]?.standing
      return { x, state: standing?.kind === 'placed' ? standing.state : '' }
    }),
  ]
  const y = top + 6
  const label = part === '' ? WORDS[language].value : part
  return [
    text(TOP, y + 15, fit(label, left - TOP * 2, part !== ''), part === '' ? 'ui' : 'mono', 11, 'text2'),
    ...states.flatMap(({ x, state }, at): Shape[] => {
      const end = states[at + 1]?.x ?? right
      return [
        { tag: 'rect', x: round(x), y, w: round(end - x), h: 22, fill: 'raised', stroke: 'borderStrong', width: 1 },
        text(x + 6, y + 15, fit(spelled(language, state), end - x - 8, true), 'mono', 12, 'text'),
      ]
    }),
  ]
}

/** The first and the last moment; between them the distances are not to scale. */
function drawTimes({ unit, calls }: Counterexample, { left, right }: Columns, y: number): readonly Shape[] {
  if (unit !== 'ns') return []
  const times = calls.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const step = Math.max(1, (last - first) / 100)
  return [
    text(left, y + 4, formatMoment(first, step), 'mono', 11, 'text3'),
    { ...text(right, y + 4, formatMoment(last, step), 'mono', 11, 'text3'), anchor: 'end' } as Shape,
  ]
}

function drawLegend(language: Language, y: number): { readonly shapes: readonly Shape[]; readonly right: number } {
  const { legend } = WORDS[language]
  const shapes: Shape[] = []
  let x = TOP
  const item = (sign: (x: number) => readonly Shape[], says: string): void => {
    shapes.push(...sign(x), text(x + 26, y, says, 'ui', 11, 'text2'))
    x += 26 + widthOf(UI, says) + 22
  }
  item((at) => [{ tag: 'circle', cx: at + 10, cy: y - 4, r: 6, fill: 'accentFill' }], legend.point)
  item(
    (at) => [
      { tag: 'rect', x: at, y: y - 9, w: 20, h: 10, fill: 'dangerSoft', stroke: 'danger', width: 2 },
      { tag: 'path', d: `M${at + 7} ${y - 7}l6 6m0 -6l-6 6`, stroke: 'danger', width: 2 },
    ],
    legend.stuck,
  )
  item(
    (at) => [
      {
        tag: 'path',
        d: `M${at + 20} ${y - 9}H${at}v10H${at + 20}`,
        stroke: 'borderStrong',
        dashes: '4 3',
        width: 1.25,
      },
    ],
    legend.open,
  )
  return { shapes, right: Math.ceil(x) }
}

// ── little things ─────────────────────────────────────────────────────────────────────────────────────────────────

const round = (value: number): number => Math.round(value * 10) / 10

function text(
  x: number,
  y: number,
  says: string,
  font: 'ui' | 'mono',
  size: number,
  fill: Colour,
  bold = false,
): Shape {
  return { tag: 'text', x: round(x), y: round(y), text: says, font, size, fill, ...(bold ? { bold } : {}) }
}

/** As much of a text as fits; nothing when that is next to nothing. */
function fit(says: string, room: number, mono = false): string {
  const font = mono ? MONO : UI
  if (widthOf(font, says) <= room) return says
  let short = says
  while (short.length > 0 && widthOf(font, `${short}…`) > room) short = short.slice(0, -1)
  return short.length < 3 ? '' : `${short}…`
}
