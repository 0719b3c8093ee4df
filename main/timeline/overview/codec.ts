/** The payload of a summary block: its cells, their lanes, and its landmarks. */
import type { TimelineEvent } from '../../node/contract/events'
import { ByteReader, ByteWriter } from '../recording/bytes'
import { type Fields, MAX_ROWS, readNumbers, readRows, writeNumbers, writeRows } from '../recording/columns'
import { decodeEventBlock, encodeEventBlock } from '../recording/event-block'
import type { Cell } from './cells'
import type { Summary } from './summary'

const CELL_FIELDS = {
  seq: 'f64',
  events: 'u32',
  from: 'f64',
  to: 'f64',
  commit: 'f64',
  asked: 'u32',
  ok: 'u32',
  failed: 'u32',
  unknown: 'u32',
  /** Rows of the next table. */
  lanes: 'u32',
} as const satisfies Fields
const LANE_FIELDS = { node: 'u16', messages: 'u32', dropped: 'u32' } as const satisfies Fields

/** As a block of the recording holds it; see docs/recording-format.md. */
export function encodeSummary({ cells, landmarks }: Summary): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
  writeRows(
    out,
    CELL_FIELDS,
    cells.map((cell) => ({ ...cell, lanes: cell.lanes.length })),
  )
  writeRows(
    out,
    LANE_FIELDS,
    cells.flatMap((cell) => cell.lanes),
  )
  out.u32(landmarks.length)
  writeNumbers(
    out,
    landmarks.map((event) => event.seq),
  )
  out.raw(encodeEventBlock(landmarks))
  return out.finish()
}

/** Throws `RangeError` where the bytes are not such a summary. */
export function decodeSummary(payload: Uint8Array): Summary {
  const from = new ByteReader(payload)
  const rows = readRows(from, CELL_FIELDS)
  const lanes = readRows(from, LANE_FIELDS)
  let at = 0
  const cells = rows.map((row): Cell => {
    const own = lanes.slice(at, at + row.lanes)
    at += row.lanes
    if (own.length !== row.lanes) throw new RangeError(`lanes up to ${at} of ${lanes.length}`)
    return { ...row, lanes: own.map((lane) => ({ ...lane })) }
  })
  const count = from.u32()
  if (count > MAX_ROWS) throw new RangeError(`${count} landmarks`)
  const seqs = readNumbers(from, count)
  const events = decodeEventBlock(from.take(from.left), 0)
  if (events.length !== count) throw new RangeError(`${events.length} landmarks of ${count}`)
  return { cells, landmarks: events.map((event, place): TimelineEvent => ({ ...event, seq: seqs[place] ?? 0 })) }
}
