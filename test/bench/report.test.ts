import { expect, test } from 'vitest'
import { figure, ratio, renderResult, renderTable, spread } from './report'

test.each([
  [0, '0'],
  [0.00123, '0.00123'],
  [0.5, '0.5'],
  [4.1234, '4.12'],
  [71.26, '71.3'],
  [164, '164'],
  [8449.4, '8,449'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d is shown as %s', (value, shown) => {
  expect(figure(value)).toBe(shown)
})

test('a spread shows its median first', () => {
  expect(ratio({ median: 4.123, min: 3.9, max: 4.4 })).toBe('×4.12 (3.9 – 4.4)')
  expect(spread({ median: 0.12, min: 0.1, max: 0.15 }, 100)).toBe('12 (10 – 15)')
})

test('columns are aligned: the first to the left, figures to the right', () => {
  const rows = [
    ['one', '5'],
    ['three', '12,345'],
  ]
  const text = renderTable({ title: 'T', columns: ['what', 'n'], rows, notes: ['note'] })
  expect(text.split('\n').map((line) => line.replace(/─+/, '─'))).toEqual([
    'T',
    '─',
    'what         n',
    '─',
    'one          5',
    'three   12,345',
    '  note',
  ])
})

test('a target that was missed says so', () => {
  const target = { name: 'throughput at 256', wanted: 'at least ×4', got: 3.5, met: false }
  const text = renderResult({ suite: 'x', conditions: {}, rows: [], tables: [], targets: [target] })
  expect(text).toBe('✗ throughput at 256: wanted at least ×4, got 3.5')
})
