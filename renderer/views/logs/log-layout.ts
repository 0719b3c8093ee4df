/** Geometry of the log grid: comfort and compact, which part is in sight, and the commit line. Pure; CSS pixels. */

export interface Metrics {
  readonly compact: boolean
  /** Left of the first column: node, then the start of the log. */
  readonly left: number
  readonly pitch: number
  readonly row: number
  readonly cell: number
  /** Height of the header: bracket, index, copies. */
  readonly top: number
  /** Above the cell inside its row. */
  readonly pad: number
}

export const COMFORT: Metrics = { compact: false, left: 148, pitch: 51, row: 69, cell: 38, top: 70, pad: 8 }
export const COMPACT: Metrics = { compact: true, left: 116, pitch: 51, row: 26, cell: 20, top: 44, pad: 3 }
/** Comfort rows give way a little before anything has to scroll. */
const ROW_LEAST = 54
const TAG = 24

/** The metrics for so many rows in a view of this height. */
export function metricsFor(compact: boolean, rows: number, viewHeight: number): Metrics {
  if (compact) return COMPACT
  const fitting = Math.floor((viewHeight - COMFORT.top - TAG) / Math.max(1, rows))
  const row = Math.max(ROW_LEAST, Math.min(COMFORT.row, fitting))
  return row === COMFORT.row ? COMFORT : { ...COMFORT, row, cell: row < 62 ? 34 : 38, pad: 6 }
}

export const contentHeight = (metrics: Metrics, rows: number): number => metrics.top + rows * metrics.row + TAG

/** More nodes than this are shown compact by themselves. */
export const COMFORT_NODES = 7
export const GAP = 3
/** Browsers cannot lay out more pixels than some tens of millions: the oldest columns beyond are left out. */
export const MOST_COLUMNS = 400_000

export interface Columns {
  /** Index of the first column. */
  readonly first: number
  /** One column beyond the longest log stays empty: there the next entry will stand. */
  readonly last: number
}

export function columnsOf(logs: readonly { readonly firstIndex: number; readonly lastIndex: number }[]): Columns {
  const last = logs.reduce((longest, log) => Math.max(longest, log.lastIndex), 0) + 1
  const least = logs.reduce((first, log) => Math.min(first, Math.max(1, log.firstIndex)), last)
  // Where every log was compacted, one column before the first entry shows the snapshots.
  return { first: Math.max(least > 1 ? least - 1 : 1, last - MOST_COLUMNS), last }
}

export const columnX = (metrics: Metrics, columns: Columns, index: number): number =>
  metrics.left + (index - columns.first) * metrics.pitch

/** Room right of the last column for what is said of nextIndex. */
const TAIL = { comfort: 72, compact: 8 }

/** Width of everything; at its end, whole columns stand in sight. */
export function contentWidth(metrics: Metrics, columns: Columns, viewWidth: number): number {
  const least =
    metrics.left + (columns.last - columns.first + 1) * metrics.pitch + (metrics.compact ? TAIL.compact : TAIL.comfort)
  const beyond = least - viewWidth
  return beyond <= 0 ? viewWidth : viewWidth + Math.ceil(beyond / metrics.pitch) * metrics.pitch
}

export interface Sight {
  /** Columns in sight, inclusive. */
  readonly from: number
  readonly to: number
  /** Rows in sight, half open. */
  readonly top: number
  readonly bottom: number
}

export interface Viewport {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** What is in sight, with a little more around it so that scrolling shows no holes. */
export function sightOf(metrics: Metrics, columns: Columns, rows: number, view: Viewport, over = 3): Sight {
  const from = columns.first + Math.floor(view.left / metrics.pitch) - over
  const to = columns.first + Math.ceil((view.left + view.width - metrics.left) / metrics.pitch) + over
  const top = Math.floor((view.top - metrics.top) / metrics.row) - 1
  const bottom = Math.ceil((view.top + view.height - metrics.top) / metrics.row) + 1
  return {
    from: Math.max(columns.first, from),
    to: Math.min(columns.last, Math.max(columns.first, to)),
    top: Math.max(0, Math.min(rows, top)),
    bottom: Math.max(0, Math.min(rows, bottom)),
  }
}

/**
 * One stroke that steps through every node's commitIndex from the header down to the last row: right of the last entry
 * that the node knows to be committed.
 * @param commits commitIndex per row
 */
export function commitLine(metrics: Metrics, columns: Columns, commits: readonly number[], rows: Sight): string {
  const x = (commit: number) => {
    const near = Math.min(columns.last, Math.max(rows.from - 2, Math.max(columns.first - 1, commit)))
    return columnX(metrics, columns, near) + metrics.pitch - GAP / 2
  }
  const begin = commits[rows.top]
  if (begin === undefined) return ''
  const start = rows.top === 0 ? metrics.top - (metrics.compact ? 2 : 44) : metrics.top + rows.top * metrics.row
  let path = `M${x(begin)} ${start}`
  for (let row = rows.top; row < rows.bottom; row++) {
    const commit = commits[row]
    if (commit === undefined) break
    const bottom = metrics.top + (row + 1) * metrics.row
    path += `H${x(commit)}V${row === commits.length - 1 ? bottom + 4 : bottom}`
  }
  return path
}

/** The scroll position at which a column is wholly in sight, as near to the present one as can be. */
export function scrollToColumn(metrics: Metrics, columns: Columns, index: number, view: Viewport): number {
  const x = columnX(metrics, columns, index)
  const least = x + metrics.pitch * 1.5 - view.width
  const most = x - metrics.left - metrics.pitch * 0.5
  return Math.max(0, Math.min(most, Math.max(least, view.left)))
}
