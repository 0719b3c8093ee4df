import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReportedEvent } from '../../main/node/contract/events'
import { MERGE_RULE, Merge } from '../../main/timeline/order/merge'
import { note } from './support/traces'

const ts = (events: readonly ReportedEvent[]) => events.map((event) => event.t)

describe('merging reporters', () => {
  it('releases in the order of t, up to the least watermark', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.push([note(1, 1, 10), note(1, 2, 30)], 0)
    expect(merge.release(0)).toEqual([])
    merge.push([note(2, 1, 20)], 1)
    expect(ts(merge.release(1))).toEqual([10, 20])
    merge.watermark(2, 35, 2)
    expect(ts(merge.release(2))).toEqual([30])
    expect(merge.held).toBe(0)
  })

  it('does not wait for a reporter that is silent', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.push([note(1, 1, 10)], 100)
    expect(merge.release(150)).toEqual([])
    expect(ts(merge.release(151))).toEqual([10])
  })

  it('does not wait for a reporter that has said its last word, until it speaks again', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.watermark(2, Number.POSITIVE_INFINITY, 0)
    merge.push([note(1, 1, 10)], 0)
    expect(ts(merge.release(0))).toEqual([10])
    merge.push([note(2, 1, 15)], 1)
    merge.push([note(1, 2, 20)], 1)
    expect(ts(merge.release(1))).toEqual([15])
  })

  it('gives a late event a later place and leaves its t', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.push([note(1, 1, 10), note(1, 2, 500)], 0)
    expect(ts(merge.release(200))).toEqual([10, 500])
    merge.push([note(2, 1, 20)], 201)
    merge.push([note(1, 3, 600)], 201)
    expect(ts(merge.release(201))).toEqual([20])
  })

  it('releases what has waited too long though another reporter keeps talking about the past', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.push([note(1, 1, 1000)], 0)
    for (let now = 100; now < 300; now += 100) {
      merge.push([note(2, now, now)], now)
      expect(ts(merge.release(now))).toEqual([now])
    }
    merge.push([note(2, 300, 300)], 300)
    expect(ts(merge.release(300))).toEqual([300, 1000])
  })

  it('keeps the order of one reporter even when its clock readings go back', () => {
    const merge = new Merge(MERGE_RULE, [1, 2], 0)
    merge.push([note(1, 1, 50), note(1, 2, 40)], 0)
    merge.push([note(2, 1, 45)], 0)
    expect(merge.releaseAll().map((event) => [event.node, event.n])).toEqual([
      [2, 1],
      [1, 1],
      [1, 2],
    ])
  })
})

interface Step {
  readonly node: number
  readonly wait: number
  readonly delay: number
  readonly action: 'events' | 'watermark' | 'last' | 'release'
  readonly count: number
}
const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  node: fc.integer({ min: 0, max: 4 }),
  wait: fc.nat(80),
  delay: fc.nat(400),
  action: fc.constantFrom('events', 'events', 'watermark', 'last', 'release'),
  count: fc.integer({ min: 1, max: 5 }),
})

/** Plays the steps: reporters speak of what happened `delay` ago, in their own order. */
function play(steps: readonly Step[]): { released: ReportedEvent[][]; pushed: ReportedEvent[] } {
  const merge = new Merge(MERGE_RULE, [1, 2, 3], 0)
  const counts = new Map<number, number>()
  const clocks = new Map<number, number>()
  const released: ReportedEvent[][] = []
  const pushed: ReportedEvent[] = []
  let now = 0
  for (const { node, wait, delay, action, count } of steps) {
    now += wait
    const t = Math.max(clocks.get(node) ?? 0, now - delay)
    clocks.set(node, t)
    if (action === 'events') {
      const from = counts.get(node) ?? 0
      counts.set(node, from + count)
      const events = Array.from({ length: count }, (_, i) => note(node, from + i + 1, t))
      pushed.push(...events)
      merge.push(events, now)
    } else if (action === 'watermark') merge.watermark(node, t, now)
    else if (action === 'last') merge.watermark(node, Number.POSITIVE_INFINITY, now)
    else released.push(merge.release(now))
  }
  released.push(merge.release(now + MERGE_RULE.patience))
  expect(merge.held).toBe(0)
  return { released, pushed }
}

describe('for any reporters', () => {
  it('loses nothing, adds nothing, keeps each reporter in order, sorts each release, holds nothing for ever', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
        const { released, pushed } = play(steps)
        const all = released.flat()
        expect(new Set(all)).toEqual(new Set(pushed))
        expect(all).toHaveLength(pushed.length)
        for (const node of [0, 1, 2, 3, 4]) {
          const ns = all.filter((event) => event.node === node).map((event) => event.n)
          expect(ns).toEqual(ns.toSorted((a, b) => a - b))
        }
        for (const batch of released) expect(ts(batch)).toEqual(ts(batch).toSorted((a, b) => a - b))
      }),
      { numRuns: 300 },
    )
  })

  it('gives the same order for the same calls', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 40 }), (steps) => {
        expect(play(steps).released).toEqual(play(steps).released)
      }),
    )
  })

  it('is one global order by t while everybody keeps the promise in time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ node: fc.integer({ min: 1, max: 3 }), step: fc.nat(20) }), { maxLength: 80 }),
        (steps) => {
          const merge = new Merge(MERGE_RULE, [1, 2, 3], 0)
          const counts = [0, 0, 0, 0]
          const order: number[] = []
          let now = 0
          for (const { node, step } of steps) {
            now += step
            merge.push([note(node, ++counts[node]!, now)], now)
            for (const id of [1, 2, 3]) if (now % 3 === 0) merge.watermark(id, now, now)
            order.push(...ts(merge.release(now)))
          }
          order.push(...ts(merge.releaseAll()))
          expect(order).toEqual(order.toSorted((a, b) => a - b))
        },
      ),
    )
  })
})
