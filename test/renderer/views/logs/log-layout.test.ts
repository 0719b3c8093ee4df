import { describe, expect, test } from 'vitest'
import {
  COMFORT,
  COMPACT,
  columnsOf,
  columnX,
  commitLine,
  contentWidth,
  GAP,
  MOST_COLUMNS,
  metricsFor,
  scrollToColumn,
  sightOf,
} from '../../../../renderer/views/logs/log-layout'

const log = (firstIndex: number, lastIndex: number) => ({ firstIndex, lastIndex })

describe('the grid of the logs', () => {
  test('columns reach from the oldest entry to one beyond the newest', () => {
    expect(columnsOf([log(1, 5), log(3, 9)])).toEqual({ first: 1, last: 10 })
    expect(columnsOf([log(1, 0)])).toEqual({ first: 1, last: 1 })
    expect(columnsOf([log(1, 2_000_000)]).first).toBe(2_000_001 - MOST_COLUMNS)
  })

  test('only what is in sight is drawn, however long the log', () => {
    const columns = columnsOf([log(1, 100_000)])
    const left = columnX(COMFORT, columns, 50_000) - COMFORT.left
    const sight = sightOf(COMFORT, columns, 5, { left, top: 0, width: 740, height: 420 })
    expect(sight.from).toBeLessThanOrEqual(50_000)
    expect(sight.to).toBeGreaterThanOrEqual(50_000 + 11)
    expect(sight.to - sight.from).toBeLessThan(25)
    expect(sight).toMatchObject({ top: 0, bottom: 5 })
    const rows = sightOf(COMPACT, columns, 51, { left, top: 600, width: 740, height: 420 })
    expect(rows.bottom - rows.top).toBeLessThan(22)
  })

  test('scrolled to its end, whole columns stand in sight', () => {
    for (const width of [652, 740, 1_700]) {
      const columns = columnsOf([log(1, 380)])
      const beyond = contentWidth(COMFORT, columns, width) - width
      expect(beyond % COMFORT.pitch).toBe(0)
      expect(columnX(COMFORT, columns, columns.last) + COMFORT.pitch).toBeLessThanOrEqual(beyond + width)
    }
    expect(contentWidth(COMFORT, columnsOf([log(1, 3)]), 740)).toBe(740)
  })

  test('the commit line steps right of the last known committed entry of every row', () => {
    const columns = columnsOf([log(1, 8)])
    const sight = sightOf(COMFORT, columns, 3, { left: 0, top: 0, width: 740, height: 420 })
    const path = commitLine(COMFORT, columns, [6, 4, 4], sight)
    const x = (index: number) => columnX(COMFORT, columns, index) + COMFORT.pitch - GAP / 2
    expect(path.startsWith(`M${x(6)} `)).toBe(true)
    expect(path.match(/H[\d.]+/g)).toEqual([`H${x(6)}`, `H${x(4)}`, `H${x(4)}`])
    const downs = (path.match(/V[\d.]+/g) ?? []).map((v) => Number(v.slice(1)))
    expect(downs).toEqual([...downs].sort((a, b) => a - b))
  })

  test('an empty log has its line before the first column', () => {
    const columns = columnsOf([log(1, 0)])
    const sight = sightOf(COMFORT, columns, 1, { left: 0, top: 0, width: 740, height: 420 })
    expect(commitLine(COMFORT, columns, [0], sight)).toContain(`M${COMFORT.left - GAP / 2} `)
  })

  test('rows give way a little before anything scrolls', () => {
    expect(metricsFor(false, 5, 600)).toBe(COMFORT)
    expect(metricsFor(false, 5, 380).row).toBeLessThan(COMFORT.row)
    expect(metricsFor(false, 5, 100).row).toBe(54)
    expect(metricsFor(true, 9, 100)).toBe(COMPACT)
  })

  test('scrolling to a column moves no further than it must', () => {
    const columns = columnsOf([log(1, 500)])
    const view = { left: 5_100, top: 0, width: 740, height: 420 }
    expect(scrollToColumn(COMFORT, columns, 105, view)).toBe(5_100)
    expect(scrollToColumn(COMFORT, columns, 300, view)).toBeGreaterThan(5_100)
    expect(scrollToColumn(COMFORT, columns, 2, view)).toBeLessThan(200)
  })
})
