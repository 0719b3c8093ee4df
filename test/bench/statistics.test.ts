import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurn, median, pairedRatio, percentile, spreadOf } from './statistics'

test('the median is the middle value, or the mean of the two middle ones', () => {
  expect(median([7])).toBe(7)
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 6])).toBe(5.5)
  // By number, not by text.
  expect(median([10, 9, 100])).toBe(10)
  expect(() => median([])).toThrow(RangeError)
})

test('half of the values lie on either side of the median, which lies within the spread', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
      const { median: middle, min, max } = spreadOf(values)
      const half = values.length / 2
      expect(values.filter((value) => value <= middle).length).toBeGreaterThanOrEqual(half)
      expect(values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(half)
      expect(min).toBeLessThanOrEqual(middle)
      expect(max).toBeGreaterThanOrEqual(middle)
    }),
  )
})

test('the values keep their order', () => {
  const values = [3, 1, 2]
  spreadOf(values)
  expect(values).toEqual([3, 1, 2])
})

test('ratios are made pair by pair: a machine that slows down in the middle does not count', () => {
  // The second pair ran at half speed on both sides.
  expect(pairedRatio([400, 200, 440], [100, 50, 100])).toEqual({ median: 4, min: 4, max: 4.4 })
  // The medians alone, 200 and 100, would say 2.
  expect(pairedRatio([100, 300, 200], [10, 100, 200]).median).toBe(3)
  expect(() => pairedRatio([1, 2], [1])).toThrow(RangeError)
})

test('the two of a pair take turns to go first', () => {
  expect([0, 1, 2].map((pair) => inTurn(pair, 'a', 'b')[0])).toEqual(['a', 'b', 'a'])
  expect(inTurn(1, 'a', 'b')).toEqual(['b', 'a'])
})

test('a percentile is a value that was measured, the largest at the end', () => {
  const values = [5, 1, 4, 2, 3]
  expect(percentile(values, 50)).toBe(3)
  expect(percentile(values, 95)).toBe(5)
  expect(percentile(values, 1)).toBe(1)
  expect(() => percentile([], 50)).toThrow(RangeError)
})
