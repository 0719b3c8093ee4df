import { describe, expect, it } from 'vitest'
import { SmoothClock } from '../../../renderer/stores/clock'
import { CommittedRate } from '../../../renderer/stores/rate'

const MS = 1e6

describe('the smooth clock', () => {
  it('runs between updates', () => {
    let now = 1000
    const clock = new SmoothClock(() => now)
    clock.update(500 * MS)
    now += 20
    expect(clock.read()).toBeCloseTo(520 * MS, -3)
  })
  it('never goes back although an update says less than was shown', () => {
    let now = 1000
    const clock = new SmoothClock(() => now)
    clock.update(500 * MS)
    now += 50
    const before = clock.read()
    clock.update(530 * MS)
    expect(clock.read()).toBeGreaterThanOrEqual(before)
  })
  it('leans towards what it is told until it agrees', () => {
    let now = 1000
    let told = 500
    const clock = new SmoothClock(() => now)
    clock.update(told * MS)
    told += 100
    for (let i = 0; i < 60; i++) {
      now += 33
      told += 33
      clock.update(told * MS)
    }
    expect(Math.abs(clock.read() - told * MS)).toBeLessThan(5 * MS)
  })
  it('jumps to another time altogether, also back', () => {
    let now = 1000
    const clock = new SmoothClock(() => now)
    clock.update(90_000 * MS)
    now += 10
    clock.update(5 * MS)
    expect(clock.read()).toBeCloseTo(5 * MS, -3)
  })
  it('stops soon after updates stop', () => {
    let now = 1000
    const clock = new SmoothClock(() => now)
    clock.update(500 * MS)
    now += 60_000
    expect(clock.read()).toBeLessThanOrEqual(1000 * MS)
  })
})

describe('the rate of entries becoming known committed', () => {
  it('counts over the last seconds', () => {
    const rate = new CommittedRate()
    for (let t = 0; t <= 5; t += 0.5) rate.sample(t * 1e9, t * 100)
    expect(rate.sample(5.5e9, 550)).toBeCloseTo(100)
  })
  it('is zero when nothing comes', () => {
    const rate = new CommittedRate()
    rate.sample(0, 10)
    expect(rate.sample(3e9, 10)).toBe(0)
  })
  it('does not count a commitIndex that begins again after a restart', () => {
    const rate = new CommittedRate()
    rate.sample(0, 1000)
    rate.sample(1e9, 0)
    expect(rate.sample(1.1e9, 0)).toBe(0)
  })
})
