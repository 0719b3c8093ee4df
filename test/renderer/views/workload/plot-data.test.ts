import { describe, expect, it } from 'vitest'
import type { LoadView } from '../../../../preload/contract'
import type { FaultBand } from '../../../../renderer/stores/load'
import { loadRows, plotData, pointsWithin, shownSpan } from '../../../../renderer/views/workload/plot-data'
import { coveredBy, rough, roundUp, short } from '../../../../renderer/views/workload/plot-options'

const S = 1e9
/** The quarter of a second that ends at `t` seconds. */
const point = (t: number, changes: Partial<LoadView> = {}): LoadView => ({
  workload: 1,
  t: t * S,
  millis: 250,
  started: 25,
  ok: 25,
  failed: 0,
  unknown: 0,
  waiting: 1,
  p50: 4,
  p95: 8,
  p99: 12,
  max: 20,
  ...changes,
})
const run = (from: number, to: number) =>
  Array.from({ length: Math.round((to - from) * 4) }, (_, at) => point(from + (at + 1) / 4))
const band = (from: number, to: number): FaultBand => ({
  id: 1,
  type: 'kill',
  detail: '{"nodes":[1]}',
  from: from * S,
  to: to * S,
})

describe('what is plotted', () => {
  it('is a rate: calls of an interval over its length', () => {
    const data = plotData([point(1, { ok: 25, failed: 5, unknown: 1 })], 0, 2 * S)
    expect(data).toMatchObject({ x: [1], ok: [100], failed: [20], unknown: [4], p50: [4], p99: [12] })
  })
  it('has no latency where nothing was answered', () => {
    expect(plotData([point(1, { ok: 0, p50: 0, p95: 0, p99: 0 })], 0, 2 * S)).toMatchObject({ ok: [0], p50: [null] })
  })
  it('does not join what is apart: nobody called between', () => {
    const data = plotData([...run(0, 1), ...run(5, 6)], 0, 10 * S)
    expect(data.ok.filter((value) => value === null)).toHaveLength(1)
    expect(data.x[4]).toBe(3)
    expect(data.x).toHaveLength(9)
  })
  it('is as many points as there is room for; a stall stays visible', () => {
    const points = run(0, 1000).map((each, at) => (at === 2001 ? { ...each, p99: 900 } : each))
    const data = plotData(points, 0, 1000 * S, 500)
    expect(data.x.length).toBeLessThanOrEqual(500)
    expect(Math.max(...data.p99.map(Number))).toBe(900)
    expect(data.ok.every((rate) => rate === 100)).toBe(true)
  })
  it('goes to the edges: one more point on each side', () => {
    expect(pointsWithin(run(0, 10), 2 * S, 3 * S).map(({ t }) => t / S)).toEqual([2, 2.25, 2.5, 2.75, 3, 3.25])
  })
})

describe('the table', () => {
  it('sums each second, newest first, with the faults that touch it', () => {
    const rows = loadRows(run(0, 3), [band(1.2, 1.4)], 0, 3 * S)
    expect(rows.map(({ second }) => second)).toEqual([2, 1, 0])
    expect(rows[0]).toMatchObject({ millis: 1000, ok: 100, max: 20, faults: [] })
    expect(rows[1]?.faults).toHaveLength(1)
  })
  it('tells the slowest quarter of a second', () => {
    expect(loadRows([point(0.25), point(0.5, { p99: 77 })], [], 0, S)[0]?.p99).toBe(77)
  })
})

describe('the span', () => {
  it('is the last stretch of what is live, all when there is less', () => {
    expect(shownSpan('s30', 100 * S, null)).toEqual({ from: 70 * S, to: 100 * S })
    expect(shownSpan('s30', 12 * S, null)).toEqual({ from: 0, to: 12 * S })
    expect(shownSpan('all', 5000 * S, null)).toEqual({ from: 0, to: 5000 * S })
  })
  it('lies around a pinned moment and never outside of what there is', () => {
    expect(shownSpan('m2', 1000 * S, 500 * S)).toEqual({ from: 410 * S, to: 530 * S })
    expect(shownSpan('m2', 1000 * S, 10 * S)).toEqual({ from: 0, to: 120 * S })
    expect(shownSpan('m2', 1000 * S, 995 * S)).toEqual({ from: 880 * S, to: 1000 * S })
  })
})

it('an axis ends at a round number', () => {
  expect([0, 7, 11, 180, 999, 1000, 4200].map(roundUp)).toEqual([10, 10, 20, 200, 1000, 1000, 5000])
  expect([0.25, 12, 1234, 56_000].map(short)).toEqual(['0.25', '12', '1.2k', '56k'])
})

it('a number under the pointer has three digits that count', () => {
  expect([0, 0.256, 31.333, 125.95, 999.4, 4312].map(rough)).toEqual(['0', '0.256', '31.3', '126', '999', '4.3k'])
})

it('faults that overlap cover their time once', () => {
  expect(
    coveredBy([
      [10, 12],
      [0, 4],
      [3, 5],
      [3, 4],
      [12, 13],
    ]),
  ).toEqual([
    [0, 5],
    [10, 13],
  ])
  expect(coveredBy([])).toEqual([])
})
