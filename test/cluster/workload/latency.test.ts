import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Latencies } from '../../../main/cluster/workload/latency'

test('percentiles are those of the values, at most 1 % too high', () => {
  const millis = fc.double({ min: 0.01, max: 600_000, noNaN: true })
  fc.assert(
    fc.property(fc.array(millis, { minLength: 1, maxLength: 300 }), (values) => {
      const latencies = new Latencies()
      for (const value of values) latencies.add(value)
      const sorted = [...values].sort((a, b) => a - b)
      const percents = [1, 50, 95, 99, 100]
      for (const [at, got] of latencies.percentiles(percents).entries()) {
        const exact = sorted[Math.ceil(((percents[at] ?? 0) / 100) * values.length) - 1] ?? 0
        expect(got).toBeGreaterThanOrEqual(exact * (1 - 1e-9))
        expect(got).toBeLessThanOrEqual(exact * 1.0101)
      }
      expect(latencies.max).toBe(sorted.at(-1))
      expect(latencies.count).toBe(values.length)
    }),
  )
})

test('none are zero, and what is cleared is gone', () => {
  const latencies = new Latencies()
  expect(latencies.percentiles([50, 99])).toEqual([0, 0])
  latencies.add(5)
  latencies.clear()
  expect(latencies.percentiles([50])).toEqual([0])
  expect(latencies.max).toBe(0)
})

test('what is longer than any bucket still counts', () => {
  const latencies = new Latencies()
  latencies.add(1e9)
  latencies.add(0)
  expect(latencies.count).toBe(2)
  expect(latencies.max).toBe(1e9)
})
