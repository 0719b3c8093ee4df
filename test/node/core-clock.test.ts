/** The core's clock: what can be done to it, and that it never goes back. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TRUE_CLOCK } from '../../main/node/contract/conditions'
import { CoreClock } from '../../main/node/core-clock'

const MS = 1e6
const running = (rate: number) => ({ mode: 'running', rate }) as const
const manual = { mode: 'manual', rate: 1 } as const

describe('the clock of the core', () => {
  test('is the machine’s until something is done to it', () => {
    const clock = new CoreClock(TRUE_CLOCK, 12_345_678)
    for (const machine of [12_345_678, 13_000_001, 5e15]) expect(clock.at(machine)).toBeCloseTo(machine / MS, 5)
    expect(clock.isTrue(5e15)).toBe(true)
    expect(clock.describe(5e15)).toEqual({ mode: 'running', rate: 1, skew: 0 })
    expect(clock.machineAt(250.5)).toBe(250.5 * MS)
    expect(clock.machineAt(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  })

  test('goes faster or slower from the moment on when it is told to', () => {
    const clock = new CoreClock()
    clock.set(running(2), 100 * MS)
    expect(clock.at(100 * MS)).toBe(100)
    expect(clock.at(150 * MS)).toBe(200)
    clock.set(running(0.5), 150 * MS)
    expect(clock.at(250 * MS)).toBe(250)
    expect(clock.wait(300, 250 * MS)).toBe(100)
    expect(clock.machineAt(300)).toBe(350 * MS)
    expect(clock.describe(250 * MS)).toEqual({ mode: 'running', rate: 0.5, skew: 0 })
    expect(clock.isTrue(250 * MS)).toBe(false)
  })

  test('jumps ahead at once, and reaches what it passes', () => {
    const clock = new CoreClock()
    expect(clock.wait(500, 100 * MS)).toBe(400)
    clock.jump(1000, 100 * MS)
    expect(clock.at(100 * MS)).toBe(1100)
    expect(clock.wait(500, 100 * MS)).toBe(0)
    expect(clock.describe(100 * MS).skew).toBe(1000 * MS)
  })

  test('a jump back lets it stand for as long', () => {
    const clock = new CoreClock()
    clock.jump(-50, 100 * MS)
    for (const machine of [100, 120, 150]) expect(clock.at(machine * MS)).toBe(100)
    expect(clock.at(160 * MS)).toBe(110)
    expect(clock.wait(120, 100 * MS)).toBe(70)
    expect(clock.machineAt(120)).toBe(170 * MS)
    expect(clock.describe(160 * MS).skew).toBe(-50 * MS)
  })

  test('a jump ahead takes from one back that is still under way', () => {
    const clock = new CoreClock()
    clock.jump(-50, 100 * MS)
    clock.jump(30, 110 * MS)
    expect(clock.at(119 * MS)).toBe(100)
    expect(clock.at(130 * MS)).toBe(110)
  })

  test('manual: it stands, whatever the rate, and moves by jumps and by fire', () => {
    const clock = new CoreClock()
    clock.set({ mode: 'manual', rate: 5 }, 100 * MS)
    expect(clock.at(9000 * MS)).toBe(100)
    expect(clock.wait(101, 9000 * MS)).toBe(Number.POSITIVE_INFINITY)
    expect(clock.wait(100, 9000 * MS)).toBe(0)
    expect(clock.machineAt(250)).toBe(Number.POSITIVE_INFINITY)
    clock.jump(20, 9000 * MS)
    expect(clock.at(9500 * MS)).toBe(120)
    clock.fire(250.123456789, 9500 * MS)
    expect(clock.at(9500 * MS)).toBe(250.123456789)
    clock.set(running(1), 10_000 * MS)
    expect(clock.at(10_010 * MS)).toBeCloseTo(260.123, 2)
  })

  test('fire moves a running one to the deadline exactly, and it goes on from there', () => {
    const clock = new CoreClock(TRUE_CLOCK, 0)
    clock.fire(333.333, 100 * MS)
    expect(clock.at(100 * MS)).toBe(333.333)
    expect(clock.at(110 * MS)).toBeCloseTo(343.333, 6)
    clock.fire(200, 110 * MS)
    expect(clock.at(110 * MS)).toBeCloseTo(343.333, 6)
  })

  test('fire ends the standing after a jump back', () => {
    const clock = new CoreClock()
    clock.jump(-1000, 100 * MS)
    clock.fire(150, 110 * MS)
    expect(clock.at(110 * MS)).toBe(150)
    expect(clock.at(120 * MS)).toBe(160)
  })

  test('a stop of the cluster did not happen, at any rate', () => {
    const clock = new CoreClock()
    clock.at(100 * MS)
    clock.slept(60_000 * MS, 60_110 * MS)
    expect(clock.at(60_110 * MS)).toBe(110)
    expect(clock.describe(60_110 * MS).skew).toBe(-60_000 * MS)
    const fast = new CoreClock(running(3), 0)
    expect(fast.at(100 * MS)).toBe(300)
    fast.slept(1000 * MS, 1110 * MS)
    expect(fast.at(1110 * MS)).toBe(330)
  })

  test('what the core saw of a stop stays seen, but does not make it stand still', () => {
    const clock = new CoreClock()
    expect(clock.at(5000 * MS)).toBe(5000)
    clock.slept(4900 * MS, 5000 * MS)
    expect(clock.at(5000 * MS)).toBe(5000)
    expect(clock.at(5010 * MS)).toBe(5010)
  })

  test('a stop while it stands after a jump back takes nothing from the standing', () => {
    const clock = new CoreClock()
    clock.jump(-50, 100 * MS)
    clock.at(110 * MS)
    clock.slept(1000 * MS, 1110 * MS)
    expect(clock.at(1149 * MS)).toBe(100)
    expect(clock.at(1160 * MS)).toBe(110)
  })

  test('in manual time a stop changes nothing', () => {
    const clock = new CoreClock(manual, 100 * MS)
    clock.slept(1000 * MS, 1200 * MS)
    expect(clock.at(1200 * MS)).toBe(100)
  })

  const step = fc.oneof(
    fc.record({
      act: fc.constant('set' as const),
      mode: fc.constantFrom('running' as const, 'manual' as const),
      rate: fc.double({ min: 0.1, max: 10, noNaN: true }),
    }),
    fc.record({ act: fc.constant('jump' as const), millis: fc.integer({ min: -10_000, max: 10_000 }) }),
    fc.record({ act: fc.constant('fire' as const), ahead: fc.integer({ min: -100, max: 500 }) }),
    fc.record({ act: fc.constant('slept' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ act: fc.constant('look' as const) }),
  )
  const script = fc.array(fc.record({ passes: fc.nat({ max: 2_000 * MS }), step }), { maxLength: 40 })

  test('whatever is done to it: it never goes back, a deadline that it names is reached then and not before', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const clock = new CoreClock()
        let machine = 0
        let last = clock.at(0)
        const look = () => {
          const now = clock.at(machine)
          expect(now).toBeGreaterThanOrEqual(last)
          last = now
        }
        for (const { passes, step } of steps) {
          machine += passes
          if (step.act === 'set') clock.set({ mode: step.mode, rate: step.rate }, machine)
          else if (step.act === 'jump') clock.jump(step.millis, machine)
          else if (step.act === 'fire') clock.fire(last + step.ahead, machine)
          else if (step.act === 'slept') clock.slept(passes * step.share, machine)
          look()
          const deadline = last + 7
          const wait = clock.wait(deadline, machine)
          expect(wait).toBeGreaterThan(0)
          if (wait === Number.POSITIVE_INFINITY) continue
          const due = machine + wait * MS
          const probe = clock.machineAt(deadline)
          expect(Math.abs(probe - due)).toBeLessThan(10)
          expect(clock.wait(deadline, due + 10)).toBe(0)
          expect(clock.wait(deadline, due - 1000)).toBeGreaterThan(0)
        }
      }),
      { numRuns: 500 },
    )
  })
})
