import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clampTo,
  following,
  MAX_SPAN,
  MIN_SPAN,
  panBy,
  revealing,
  spanOf,
  ticksOf,
  tOf,
  xOf,
  zoomAt,
} from '../../../main/timeline/diagram/camera'
import { formatMoment, formatSpan } from '../../../main/timeline/diagram/time'

const plot = { left: 132, right: 1_132 }
const camera = fc
  .record({
    from: fc.double({ min: 0, max: 1e12, noNaN: true }),
    span: fc.double({ min: 1e5, max: 1e12, noNaN: true }),
  })
  .map(({ from, span }) => ({ from, to: from + span }))

describe('the camera', () => {
  test('pixels and times are each other’s inverse', () => {
    fc.assert(
      fc.property(camera, fc.double({ min: 0, max: 2_000, noNaN: true }), (of, x) => {
        expect(xOf(of, plot, tOf(of, plot, x))).toBeCloseTo(x, 1)
      }),
    )
  })

  test('zooming keeps the time under the pointer where it is', () => {
    fc.assert(
      fc.property(
        camera,
        fc.double({ min: 132, max: 1_132, noNaN: true }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (of, x, by) => {
          const t = tOf(of, plot, x)
          expect(xOf(zoomAt(of, t, by), plot, t)).toBeCloseTo(x, 1)
        },
      ),
    )
  })

  test('the span stays within its limits', () => {
    expect(spanOf(zoomAt({ from: 0, to: 1e9 }, 5e8, 1e-12))).toBeCloseTo(MIN_SPAN)
    expect(spanOf(zoomAt({ from: 0, to: 1e9 }, 5e8, 1e12))).toBeCloseTo(MAX_SPAN)
  })

  test('it cannot be lost in empty time', () => {
    const extent = { from: 0, to: 10e9 }
    expect(clampTo({ from: 50e9, to: 51e9 }, extent)).toEqual({ from: 9.9e9, to: 10.9e9 })
    expect(clampTo({ from: -9e9, to: -8e9 }, extent)).toEqual({ from: -0.9e9, to: 0.1e9 })
    const inside = { from: 2e9, to: 3e9 }
    expect(clampTo(inside, extent)).toBe(inside)
  })

  test('following leaves a margin after now, revealing moves only when it must', () => {
    expect(following(10e9, 1e9)).toEqual({ from: 9.06e9, to: 10.06e9 })
    const seen = { from: 0, to: 1e9 }
    expect(revealing(seen, 5e8)).toBe(seen)
    expect(revealing(seen, 9e9)).toEqual({ from: 8.5e9, to: 9.5e9 })
  })

  test('panning keeps the span', () => {
    expect(panBy({ from: 5e9, to: 6e9 }, 1e9)).toEqual({ from: 6e9, to: 7e9 })
  })

  test('ticks are round, inside, and far enough apart to be read', () => {
    fc.assert(
      fc.property(camera, (of) => {
        const { step, at } = ticksOf(of, plot)
        const digits = step / 10 ** Math.floor(Math.log10(step) + 1e-9)
        expect([1, 2, 5, 10].some((d) => Math.abs(digits - d) < 1e-6)).toBe(true)
        expect((step / spanOf(of)) * 1_000).toBeGreaterThan(90)
        for (const t of at) {
          expect(t).toBeGreaterThanOrEqual(of.from - step * 1e-6)
          expect(t).toBeLessThanOrEqual(of.to + step * 1e-6)
        }
      }),
    )
  })
})

describe('times in words', () => {
  test('a moment has the digits that its step needs', () => {
    expect(formatMoment(12.58e9, 100e6)).toBe('12.6 s')
    expect(formatMoment(12.58e9, 1e6)).toBe('12.580 s')
    expect(formatMoment(3e9, 1e9)).toBe('3 s')
    expect(formatMoment(7_265e9, 1e9)).toBe('2:01:05')
  })
  test('a span is short in every unit', () => {
    expect(formatSpan(210e3)).toBe('0.21 ms')
    expect(formatSpan(12e3)).toBe('12 µs')
    expect(formatSpan(84e6)).toBe('84 ms')
    expect(formatSpan(1.12e9)).toBe('1.12 s')
    expect(formatSpan(-84e6)).toBe('−84 ms')
    expect(formatSpan(600e9)).toBe('10 min')
  })
})
