/** Counts of consecutive events: how many of what kind each reporter told, and over what time. */
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import type { EventHead } from '../recording/event-block'

/** What one reporter told within a cell. */
export interface LaneCount {
  readonly node: number
  /** Sent by it, handed to it, or dropped where it stands. */
  messages: number
  /** Of these, the ones that were dropped. */
  dropped: number
}

export interface Cell {
  /** `seq` of the first event. */
  readonly seq: number
  events: number
  /** The least and the greatest `t`. */
  from: number
  to: number
  /** The greatest `commitIndex` that was told; 0 = none was. */
  commit: number
  /** Calls of clients: how many were made, and how many were answered in which way. */
  asked: number
  ok: number
  failed: number
  unknown: number
  /** By node; those that had to do with messages. */
  lanes: LaneCount[]
}

/** A cell ends with so many events. */
export const CELL_EVENTS = 256

/** Kinds of which a cell needs more than that there was one. */
export function isCounted(kind: EventKind): boolean {
  return kind === 'committed' || kind === 'answer'
}

/** One that has counted nothing, and begins at `seq`. */
export function newCell(seq: number, t: number): Cell {
  return { seq, events: 0, from: t, to: t, commit: 0, asked: 0, ok: 0, failed: 0, unknown: 0, lanes: [] }
}

/** Adds an event of which only its kind is known; {@link countWhole} adds what else counts of some. */
export function count(cell: Cell, { node, t }: EventHead, kind: EventKind): void {
  cell.events++
  if (t < cell.from) cell.from = t
  if (t > cell.to) cell.to = t
  switch (kind) {
    case 'sent':
    case 'received':
      laneOf(cell, node).messages++
      return
    case 'dropped': {
      const lane = laneOf(cell, node)
      lane.messages++
      lane.dropped++
      return
    }
    case 'invoke':
      cell.asked++
      return
    default:
      return
  }
}

/** What is counted for the whole cluster, besides the lanes. */
export function countWhole(cell: Cell, event: TimelineEvent): void {
  if (event.kind === 'committed') cell.commit = Math.max(cell.commit, event.commitIndex)
  if (event.kind === 'answer') cell[event.outcome]++
}

function laneOf(cell: Cell, node: number): LaneCount {
  for (const lane of cell.lanes) if (lane.node === node) return lane
  const lane = { node, messages: 0, dropped: 0 }
  cell.lanes.push(lane)
  return lane
}

/** Takes in the cell that follows. */
export function join(cell: Cell, next: Cell): void {
  cell.events += next.events
  cell.from = Math.min(cell.from, next.from)
  cell.to = Math.max(cell.to, next.to)
  cell.commit = Math.max(cell.commit, next.commit)
  cell.asked += next.asked
  cell.ok += next.ok
  cell.failed += next.failed
  cell.unknown += next.unknown
  for (const { node, messages, dropped } of next.lanes) {
    const lane = laneOf(cell, node)
    lane.messages += messages
    lane.dropped += dropped
  }
}
