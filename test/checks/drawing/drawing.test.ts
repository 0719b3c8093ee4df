/** A history that no order explains, drawn: the order is right, every point lies in its call, and why the rest has no place is said. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { type Counterexample, drawCounterexample, svgOf, tableOf } from '../../../main/checks/drawing'
import { columnsOf } from '../../../main/checks/drawing/layout'
import { BandReader } from '../../../main/checks/history/bands'
import type { Operation } from '../../../main/checks/history/operation'
import { checkParts } from '../../../main/checks/linearizability/check'
import { counterexampleOf } from '../../../main/checks/linearizability/counterexample'
import { keyValue } from '../../../main/checks/models/key-value'
import { type RegisterInput, type RegisterOutput, register } from '../../../main/checks/models/register'
import { themePalette } from '../../../main/timeline/diagram'
import { linearizableHistory } from '../support/histories'
import { Story } from '../support/story'

type Call = Operation<RegisterInput, RegisterOutput>

let lines = 0
const call = (process: number, from: number, to: number, input: RegisterInput, output?: RegisterOutput): Call => {
  const place = { call: ++lines, answer: ++lines }
  return { process, input, output, from, to: output === undefined ? Number.POSITIVE_INFINITY : to, place }
}
/** 2 was written after 1, and read; then 1 is read again. */
const staleRead = (): Call[] => [
  call(1, 10, 20, { op: 'write', value: '1' }, {}),
  call(2, 15, 40, { op: 'write', value: '2' }, {}),
  call(3, 50, 60, { op: 'read' }, { value: '2' }),
  call(1, 70, 80, { op: 'read' }, { value: '1' }),
  call(2, 90, 95, { op: 'write', value: '3' }, {}),
]

describe('the longest order', () => {
  test('ends where a call cannot be next, and says what is there', () => {
    const { calls, initial } = counterexampleOf(register, '', staleRead(), 'order')
    expect(initial).toBe('nothing')
    expect(calls.map(({ standing }) => standing)).toEqual([
      { kind: 'placed', nth: 1, state: '1' },
      { kind: 'placed', nth: 2, state: '2' },
      { kind: 'placed', nth: 3, state: '2' },
      { kind: 'stuck', state: '2' },
      { kind: 'after' },
    ])
  })

  test('does without a call of which nobody knows, and takes it where that helps', () => {
    const helps = [
      call(1, 0, 9, { op: 'write', value: '7' }),
      call(2, 10, 20, { op: 'read' }, { value: '7' }),
      call(2, 30, 40, { op: 'read' }, { value: '8' }),
      call(3, 30, 40, { op: 'write', value: '9' }),
    ]
    const { calls } = counterexampleOf(register, '', helps, 'order')
    expect(calls.map(({ standing }) => standing.kind)).toEqual(['placed', 'placed', 'stuck', 'unplaced'])
  })

  test('is right of whatever history was made wrong', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const history = linearizableHistory(seed, { calls: 40, clients: 4, keys: 1, unknown: 0.05 })
      const at = history.findLastIndex(({ input, output }) => input.op === 'get' && output !== undefined)
      const spoiled = history.map((one, place) => (place === at ? { ...one, output: { value: 'never put' } } : one))
      for await (const verdict of checkParts(keyValue, spoiled)) {
        if (verdict.outcome !== 'illegal') throw new Error('it was made wrong')
        const core = verdict.core.flatMap((place) => verdict.operations[place] ?? [])
        const drawn = counterexampleOf(keyValue, verdict.part, core, 'ns')
        expect(drawn.calls.some(({ standing }) => standing.kind === 'stuck')).toBe(true)
        expectOrder(drawn)
      }
    }
  })
})

/** Points go to the right in their order, each within its call. */
function expectOrder(counterexample: Counterexample): void {
  for (const language of ['en', 'zh'] as const) {
    const { bars, points, right } = columnsOf(counterexample, language, 600)
    const nth = points.map(({ call: at }) => {
      const { standing } = counterexample.calls[at] ?? {}
      return standing?.kind === 'placed' ? standing.nth : 0
    })
    expect(nth).toEqual(nth.map((_, at) => at + 1))
    for (const [at, { call: of, x }] of points.entries()) {
      const bar = bars[of]
      expect(x).toBeGreaterThan(points[at - 1]?.x ?? 0)
      expect(x).toBeGreaterThanOrEqual(bar?.x1 ?? right)
      expect(x).toBeLessThanOrEqual(bar?.x2 ?? 0)
    }
  }
}

describe('the picture', () => {
  const drawn = () => counterexampleOf(register, '<k&"1">', staleRead(), 'ns')

  test.each(['en', 'zh'] as const)('is an image with a name, a description and all of its words (%s)', (language) => {
    const drawing = drawCounterexample(drawn(), { language, width: 900 })
    for (const theme of ['dark', 'light'] as const) {
      const svg = svgOf(drawing, (token) => themePalette(theme)[token], 'c1')
      expect(XMLValidator.validate(svg)).toBe(true)
      const { svg: root } = new XMLParser({ ignoreAttributes: false }).parse(svg)
      expect(root['@_role']).toBe('img')
      expect(root['@_aria-labelledby']).toBe('c1-title c1-desc')
      expect(root.title['#text']).toContain('<k&"1">')
      expect(svg).toContain('read → 1')
      expect(svg).toContain(language === 'en' ? 'no place: 2 is there' : '放不进去：此处的值是 2')
    }
    expect(drawing.width).toBeGreaterThanOrEqual(900)
  })

  test('nothing lies outside of it, and no words of one line lie over each other', () => {
    const { shapes, width, height } = drawCounterexample(drawn(), { language: 'en' })
    const texts = shapes.flatMap((shape) => (shape.tag === 'text' ? [shape] : []))
    for (const { x, y } of texts) {
      expect(x).toBeLessThan(width)
      expect(y).toBeLessThan(height)
    }
    const calls = texts.filter(({ text }) => /^(read|write)/.test(text)).toSorted((a, b) => a.y - b.y || a.x - b.x)
    for (const [at, { x, y, text, size }] of calls.entries()) {
      const next = calls[at + 1]
      if (next?.y === y) expect(x + text.length * size * 0.6).toBeLessThan(next.x)
    }
  })

  test('beside it stand the same calls as a table, in their order', () => {
    const { rows } = tableOf(drawn(), 'en')
    expect(rows.map(({ order, text, outcome }) => [order, text, outcome])).toEqual([
      ['1', 'write 1', '1: then 1 is there'],
      ['2', 'write 2', '2: then 2 is there'],
      ['3', 'read → 2', '3: then 2 is there'],
      ['✗', 'read → 1', 'no place: 2 is there'],
      ['–', 'write 3', 'comes after what has no place'],
    ])
  })
})

test('who led and what was broken meanwhile', () => {
  const story = Story.begin().elect(1, 1)
  const led = story.last
  story.tell(0, 'fault', { action: 'begin', id: 4, type: 'kill', detail: '{"nodes":[1]}' })
  story.tell(0, 'process', { subject: 1, state: 'killed' }).elect(2, 2)
  const reader = new BandReader()
  for (const event of story.events) reader.take(event)
  const ms = 1e6
  expect(reader.within(0, 1e9)).toEqual([
    { kind: 'leader', from: led * ms, to: (led + 2) * ms, text: { en: 'n1 · T1', zh: 'n1 · T1' } },
    {
      kind: 'fault',
      from: (led + 1) * ms,
      to: null,
      text: { en: expect.stringContaining('n1'), zh: expect.any(String) },
    },
    { kind: 'leader', from: story.last * ms, to: null, text: { en: 'n2 · T2', zh: 'n2 · T2' } },
  ])
  expect(reader.within(0, (led - 1) * ms)).toEqual([])
})
