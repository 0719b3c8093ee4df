import { describe, expect, it } from 'vitest'
import { entryText, isCut, standingOf } from '../../../renderer/components/entries'
import { bytes, count, seconds, span, termClass } from '../../../renderer/components/format'
import { entryView } from '../support/samples'

describe('numbers', () => {
  it('writes the clock in seconds with three digits', () => {
    expect(seconds(12.58e9)).toBe('12.580')
  })
  it('sets thousands apart', () => {
    expect(count(48213)).toBe('48\u2009213')
    expect(count(412)).toBe('412')
  })
  it.each([
    [412, '412 B'],
    [999, '999 B'],
    [3.2e6, '3.2 MB'],
    [999_600, '1.0 MB'],
    [123e6, '123 MB'],
  ])('writes %d bytes as %s', (n, text) => expect(bytes(n)).toBe(text))
  it.each([
    [38e6, '38 ms'],
    [420_000, '420 µs'],
    [0.68e9, '680 ms'],
    [1.12e9, '1.12 s'],
    [11.2e9, '11.2 s'],
    [125e9, '2 min 5 s'],
    [7.5e12, '2 h 5 min'],
  ])('writes %d ns as %s', (n, text) => expect(span(n)).toBe(text))
  it('uses eight term colours in turn', () => {
    expect([0, 1, 8, 9, 17].map(termClass)).toEqual(['t0', 't1', 't8', 't1', 't1'])
  })
})

describe('entries', () => {
  it('reads as commands', () => {
    expect(entryText(entryView(1, { key: 'x', value: '5' }))).toBe('x←5')
    expect(entryText(entryView(1, { op: 'delete', key: 'x' }))).toBe('del x')
    expect(entryText(entryView(1, { type: 'noop' }))).toBe('no-op')
  })
  it('says that a value was cut', () => {
    const long = entryView(1, { value: 'v'.repeat(64), bytes: 5000 })
    expect(isCut(long)).toBe(true)
    expect(entryText(long).endsWith('…')).toBe(true)
    expect(isCut(entryView(1, { value: 'v'.repeat(64), bytes: 64 }))).toBe(false)
  })
  it('stands unwritten, replicated, known committed, applied, in this order', () => {
    const node = { commitIndex: 3, lastApplied: 2, log: { durableIndex: 4 } }
    expect([2, 3, 4, 5].map((index) => standingOf(node, index))).toEqual([
      'applied',
      'committed',
      'replicated',
      'unwritten',
    ])
  })
})
