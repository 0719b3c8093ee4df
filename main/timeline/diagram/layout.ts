/**
 * Where everything stands on the timeline's canvas, from its size and the number of nodes. From top to bottom: axis,
 * lanes (which scroll when they don't fit), fault track, operations (when there are any), client calls, committed steps,
 * minimap. Pure; CSS pixels.
 */
import type { Plot } from './camera'

export interface Band {
  readonly top: number
  readonly height: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly plot: Plot
  readonly axis: Band
  /** The window onto the lanes. */
  readonly lanes: Band
  readonly laneHeight: number
  readonly laneCount: number
  /** Pixels that the lanes are scrolled up by. */
  readonly scroll: number
  readonly maxScroll: number
  /** One row for everything when there is little height: faults above, calls below, no committed steps. */
  readonly folded: boolean
  readonly faults: Band
  readonly faultRows: number
  /** Height 0 when there are none, and when folded. */
  readonly operations: Band
  readonly operationRows: number
  readonly calls: Band
  readonly callRows: number
  readonly commits: Band
  /** Height 0 when there are none. Where a row of their own would push out what matters more, they stand at the axis. */
  readonly notes: Band
  /** Height 0 in a picture that shows all there is. */
  readonly minimap: Band
}

const GUTTER = 132
const RIGHT = 16
const AXIS = 20
const MINIMAP = 26
/** The height of a lane in a picture that shows all there is. */
const LANE = 38
/** Where there is room lanes grow to this: farther apart a message's ends are hard to see together. */
const LANE_MOST = 96
const LANE_MIN = 17
const LANES_PAD = 4
/** So many lanes should be seen at once before tracks may take their room. */
const LANES_LEAST = 9
const TRACK_ROW = 14
const TRACK_PAD = 6
const COMMITS = 22
const NOTES = 18
const NOTES_AT_AXIS = 11
/** Height of all tracks when they share a row. */
const FOLDED = 20

export interface LayoutInput {
  readonly width: number
  readonly height: number
  readonly nodes: number
  readonly scroll: number
  /** Rows that the tracks use; 0 operations = no such track. */
  readonly faultRows: number
  readonly operationRows: number
  readonly callRows: number
  /** Whether there is anything noted or marked. */
  readonly notes: boolean
  /** False: no minimap. */
  readonly minimap?: boolean
}

export function layoutOf(input: LayoutInput): Layout {
  const { width, height, nodes, scroll, faultRows, operationRows, callRows, notes, minimap = true } = input
  const minimapHeight = minimap ? MINIMAP : 0
  const fixed = AXIS + minimapHeight
  const room = Math.max(0, height - fixed)
  const least = Math.min(nodes, LANES_LEAST) * LANE_MIN + LANES_PAD * 2
  // Rows of tracks give way first, then the tracks themselves, before lanes are squeezed below what can be read.
  let rows = { faults: Math.max(1, faultRows), operations: operationRows, calls: Math.max(1, callRows) }
  const operationsOf = (of: number) => (of === 0 ? 0 : TRACK_ROW * of + TRACK_PAD)
  const heightOf = (of: typeof rows) =>
    TRACK_ROW * (of.faults + of.calls) + TRACK_PAD * 2 + operationsOf(of.operations) + COMMITS + (notes ? NOTES : 0) + 4
  while (room - heightOf(rows) < least && rows.faults + rows.calls + Math.max(1, rows.operations) > 3) {
    if (rows.operations > 1) rows = { ...rows, operations: rows.operations - 1 }
    else if (rows.calls > rows.faults) rows = { ...rows, calls: rows.calls - 1 }
    else rows = { ...rows, faults: rows.faults - 1 }
  }
  const atAxis = notes && room - heightOf(rows) < least
  const full = heightOf(rows) - (atAxis ? NOTES : 0)
  const faultsHeight = TRACK_ROW * rows.faults + TRACK_PAD
  const callsHeight = TRACK_ROW * rows.calls + TRACK_PAD
  const folded = room - full < least
  const tracks = folded ? FOLDED + 4 : full
  const lanesRoom = Math.max(0, room - tracks)
  const laneHeight = Math.max(
    LANE_MIN,
    Math.min(LANE_MOST, Math.floor((lanesRoom - LANES_PAD * 2) / Math.max(1, nodes))),
  )
  const content = laneHeight * nodes + LANES_PAD * 2
  const lanes: Band = { top: AXIS, height: Math.min(lanesRoom, Math.max(content, lanesRoom)) }
  const maxScroll = Math.max(0, content - lanes.height)
  const tracksTop = lanes.top + lanes.height
  const faults: Band = { top: tracksTop + 4, height: folded ? FOLDED : faultsHeight }
  const operations: Band = {
    top: faults.top + faults.height,
    height: folded ? 0 : operationsOf(rows.operations),
  }
  const calls: Band = folded
    ? { top: faults.top + 10, height: 10 }
    : { top: operations.top + operations.height, height: callsHeight }
  const commits: Band = { top: calls.top + calls.height, height: folded ? 0 : COMMITS }
  const commitsBottom = commits.top + commits.height
  return {
    width,
    height,
    plot: { left: Math.min(GUTTER, width / 2), right: Math.max(Math.min(GUTTER, width / 2) + 1, width - RIGHT) },
    axis: { top: 0, height: AXIS },
    lanes,
    laneHeight,
    laneCount: nodes,
    scroll: Math.min(maxScroll, Math.max(0, scroll)),
    maxScroll,
    folded,
    faults,
    faultRows: folded ? 1 : rows.faults,
    operations,
    operationRows: folded ? 0 : rows.operations,
    calls,
    callRows: folded ? 1 : rows.calls,
    commits,
    notes: atAxis
      ? { top: AXIS - NOTES_AT_AXIS, height: NOTES_AT_AXIS }
      : { top: commitsBottom, height: notes ? NOTES : 0 },
    minimap: { top: height - minimapHeight, height: minimapHeight },
  }
}

/** The middle of a lane. Lanes that don't fill their window start at its top. */
export function laneY(layout: Layout, lane: number): number {
  return layout.lanes.top + LANES_PAD + layout.laneHeight * (lane + 0.5) - layout.scroll
}

/** The lane under `y`, or −1. */
export function laneAt(layout: Layout, y: number): number {
  if (y < layout.lanes.top || y >= layout.lanes.top + layout.lanes.height) return -1
  const lane = Math.floor((y - layout.lanes.top - LANES_PAD + layout.scroll) / layout.laneHeight)
  return lane >= 0 && lane < layout.laneCount ? lane : -1
}

/** Lanes that are at least partly seen, as a half-open range. */
export function lanesSeen(layout: Layout): readonly [from: number, to: number] {
  const from = Math.max(0, Math.floor((layout.scroll - LANES_PAD) / layout.laneHeight))
  const to = Math.ceil((layout.scroll + layout.lanes.height - LANES_PAD) / layout.laneHeight)
  return [from, Math.min(layout.laneCount, to)]
}

/** The scroll at which a lane is wholly seen, as near to the present one as can be. */
export function scrollTo(layout: Layout, lane: number): number {
  const top = LANES_PAD + lane * layout.laneHeight
  const least = top + layout.laneHeight + LANES_PAD - layout.lanes.height
  return Math.min(layout.maxScroll, Math.max(0, Math.min(top - LANES_PAD, Math.max(least, layout.scroll))))
}

export const within = (band: Band, y: number): boolean => y >= band.top && y < band.top + band.height

/** Maps the minimap's whole width to the extent of the recording. */
export function minimapX(layout: Layout, extent: { from: number; to: number }, t: number): number {
  const { left, right } = layout.plot
  return left + ((t - extent.from) / Math.max(1, extent.to - extent.from)) * (right - left)
}

export function minimapT(layout: Layout, extent: { from: number; to: number }, x: number): number {
  const { left, right } = layout.plot
  const share = Math.min(1, Math.max(0, (x - left) / (right - left)))
  return extent.from + share * (extent.to - extent.from)
}

/** The height at which every lane and every row of the tracks has its room. */
export function wholeHeight(input: Omit<LayoutInput, 'width' | 'height' | 'scroll'>): number {
  const operations = input.operationRows === 0 ? 0 : TRACK_ROW * input.operationRows + TRACK_PAD
  const tracks = TRACK_ROW * (Math.max(1, input.faultRows) + Math.max(1, input.callRows)) + TRACK_PAD * 2 + operations
  const notes = input.notes ? NOTES : 0
  const minimap = input.minimap === false ? 0 : MINIMAP
  return AXIS + LANE * input.nodes + LANES_PAD * 2 + tracks + COMMITS + notes + 4 + minimap
}
