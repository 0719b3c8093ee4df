import { describe, expect, test } from 'vitest'
import {
  type LayoutInput,
  laneAt,
  lanesSeen,
  laneY,
  layoutOf,
  minimapT,
  minimapX,
  scrollTo,
  wholeHeight,
} from '../../../main/timeline/diagram/layout'

const input = (changes: Partial<LayoutInput> = {}): LayoutInput => ({
  width: 1_440,
  height: 276,
  nodes: 5,
  scroll: 0,
  faultRows: 1,
  operationRows: 0,
  callRows: 1,
  notes: false,
  ...changes,
})

describe('the timeline’s layout', () => {
  test('bands stand below each other and end at the canvas’s edge', () => {
    for (const changes of [
      {},
      { nodes: 1 },
      { nodes: 9 },
      { nodes: 51 },
      { height: 170 },
      { callRows: 3, faultRows: 3 },
      { operationRows: 2 },
      { callRows: 3, faultRows: 3, operationRows: 2, nodes: 9 },
    ]) {
      const layout = layoutOf(input(changes))
      expect(layout.lanes.top).toBe(layout.axis.height)
      expect(layout.faults.top).toBeGreaterThanOrEqual(layout.lanes.top + layout.lanes.height)
      expect(layout.commits.top + layout.commits.height).toBeLessThanOrEqual(layout.minimap.top)
      expect(layout.minimap.top + layout.minimap.height).toBe(layout.height)
      expect(layout.laneHeight).toBeGreaterThanOrEqual(17)
    }
  })

  test('five lanes fit without scrolling; fifty-one scroll', () => {
    expect(layoutOf(input()).maxScroll).toBe(0)
    const many = layoutOf(input({ nodes: 51 }))
    expect(many.maxScroll).toBeGreaterThan(500)
    expect(layoutOf(input({ nodes: 51, scroll: 1e6 })).scroll).toBe(many.maxScroll)
  })

  test('lanes take the height there is, up to where a message’s ends are too far apart', () => {
    const heights = [276, 400, 500, 700, 1_400].map((height) => layoutOf(input({ height })).laneHeight)
    expect(heights).toEqual(heights.toSorted((a, b) => a - b))
    expect(new Set(heights).size).toBe(4)
    expect(heights.at(-1)).toBe(96)
    const { lanes, laneHeight, laneCount } = layoutOf(input({ height: 500 }))
    expect(lanes.height - laneHeight * laneCount).toBeLessThan(laneCount + 8 + 1)
    // A picture of everything has its own.
    const rows = { nodes: 5, faultRows: 1, operationRows: 0, callRows: 1, notes: true, minimap: false }
    expect(layoutOf({ width: 1_600, scroll: 0, height: wholeHeight(rows), ...rows }).laneHeight).toBe(38)
  })

  test('tracks give way to lanes: first their rows, then they share one', () => {
    expect(layoutOf(input({ callRows: 3 }))).toMatchObject({ folded: false, callRows: 3 })
    expect(layoutOf(input({ callRows: 3, faultRows: 3, nodes: 7 })).callRows).toBeLessThan(3)
    expect(layoutOf(input({ height: 190, nodes: 9 })).folded).toBe(true)
  })

  test('a lane is found where it is drawn, and only there', () => {
    for (const scroll of [0, 120]) {
      const layout = layoutOf(input({ nodes: 51, scroll }))
      const [from, to] = lanesSeen(layout)
      for (let lane = from + 1; lane < to - 1; lane++) expect(laneAt(layout, laneY(layout, lane))).toBe(lane)
    }
    expect(laneAt(layoutOf(input()), 2)).toBe(-1)
    expect(laneAt(layoutOf(input({ nodes: 1, height: 400 })), 200)).toBe(-1)
  })

  test('scrolling to a lane brings it into sight', () => {
    const layout = layoutOf(input({ nodes: 51 }))
    const there = layoutOf(input({ nodes: 51, scroll: scrollTo(layout, 40) }))
    const [from, to] = lanesSeen(there)
    expect(from).toBeLessThanOrEqual(40)
    expect(to).toBeGreaterThan(40)
    expect(scrollTo(there, 40)).toBe(there.scroll)
  })

  test('the minimap maps the whole extent', () => {
    const layout = layoutOf(input())
    const extent = { from: 0, to: 60e9 }
    expect(minimapT(layout, extent, minimapX(layout, extent, 21e9))).toBeCloseTo(21e9)
    expect(minimapT(layout, extent, -50)).toBe(0)
    expect(minimapT(layout, extent, 9_999)).toBe(60e9)
  })
})
