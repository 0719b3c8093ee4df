/** Reading a segment back, write by write ("Reading it back" in `docs/storage-format.md`). Nothing here changes a file. */
import { type Content, ContentReader, recordsOf } from './contents'
import { type DamagedWrite, judge } from './judge'
import {
  type ContentRecord,
  RECORD_HEADER_BYTES,
  type RecordSpan,
  readRecord,
  viewOf,
  WRITE_RECORD_BYTES,
  type WriteHead,
} from './record'
import { SEGMENT_HEADER_BYTES, type SegmentHeader } from './segment'

/** A record with its number in the file, from 1. */
export interface ScannedRecord {
  readonly number: number
  readonly span: RecordSpan
  readonly record: ContentRecord
}

/** A write all of whose checks hold. */
export interface WholeWrite {
  readonly number: number
  readonly span: RecordSpan
  readonly head: WriteHead
  /** It is the first write of its segment. */
  readonly first: boolean
  /** What its records say. */
  readonly contents: readonly Content[]
  /** How many records that are. */
  readonly count: number
  /** The same with their places, found when somebody asks. */
  readonly records: readonly ScannedRecord[]
  /** Where the next write begins. */
  readonly end: number
}

/** Why a write whose bytes are right cannot be part of this log, and at which of its contents. */
export interface Contradiction {
  readonly at: number
  readonly reason: string
}

export interface Damage {
  /** torn: to be cut at `writeOffset`. corrupt: to be left alone. */
  readonly standing: 'torn' | 'corrupt'
  /** The write that is damaged begins here. */
  readonly writeOffset: number
  /** The first record that is not right. */
  readonly span: RecordSpan
  readonly record: number
  readonly reason: string
  /** What is still right of the damaged write, before the first record that is not. */
  readonly head?: { readonly number: number; readonly span: RecordSpan; readonly head: WriteHead }
  readonly records: readonly ScannedRecord[]
}

export interface SegmentScan {
  /** Where the log ends: the next write goes here. With damage: where the damaged write begins. */
  readonly end: number
  readonly nextSequence: number
  /** Whole records, write records included. */
  readonly records: number
  /** The last whole write, unless there is none. */
  readonly lastWrite: { readonly offset: number; readonly end: number } | undefined
  readonly damage: Damage | undefined
}

/**
 * Hands every whole write of a segment to `visit`, in order, and judges the damage where it stops. `visit` may return a
 * contradiction with what came before, which is corruption. Entry data are views into `bytes`. `last`: no segment
 * follows this one.
 */
export function scanSegment(
  bytes: Uint8Array,
  header: SegmentHeader,
  last: boolean,
  visit: (write: WholeWrite) => Contradiction | undefined,
): SegmentScan {
  const view = viewOf(bytes)
  let end = SEGMENT_HEADER_BYTES
  let sequence = header.firstSequence
  let records = 0
  let lastWrite: SegmentScan['lastWrite']
  const stop = (damage: Damage | undefined): SegmentScan => ({
    end,
    nextSequence: sequence,
    records,
    lastWrite,
    damage,
  })

  while (!isEnd(bytes, view, end)) {
    const first = sequence === header.firstSequence
    const read = readWrite(bytes, view, end, { number: records + 1, salt: header.salt, sequence, first })
    if (!read.ok) {
      const { standing, because } = judge(bytes, view, read.damaged, { last, first, salt: header.salt, sequence })
      const { span, reason, record, head, records: good } = read.damaged
      const damage = { standing, writeOffset: end, span, record, reason: `${reason}; ${because}`, records: good }
      return stop(head === undefined ? damage : { ...damage, head })
    }
    const contradiction = visit(read.write)
    if (contradiction !== undefined) {
      const { number, span, head, records: all } = read.write
      const at = all[contradiction.at]
      return stop({
        standing: 'corrupt',
        writeOffset: end,
        span: at?.span ?? span,
        record: at?.number ?? number,
        reason: contradiction.reason,
        head: { number, span, head },
        records: all.slice(0, contradiction.at),
      })
    }
    lastWrite = { offset: end, end: read.write.end }
    end = read.write.end
    records += 1 + read.write.count
    sequence++
  }
  if (last && records === 0) {
    return stop({
      standing: 'corrupt',
      writeOffset: end,
      span: { offset: end, bytes: 0, storedCrc: 0, computedCrc: 0 },
      record: 1,
      reason: 'the first write of the segment is missing; it was durable before the file had its name',
      records: [],
    })
  }
  return stop(undefined)
}

/** End of file, or a length of zero with nothing but zeros behind it. */
function isEnd(bytes: Uint8Array, view: DataView, offset: number): boolean {
  if (offset + 4 <= bytes.length && view.getUint32(offset, true) !== 0) return false
  return isZero(bytes, offset)
}

const ZEROS = Buffer.alloc(64 << 10)

/** Nothing but zeros from `from` on. Compared in pieces: a segment may hold many megabytes of them. */
function isZero(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length)
    if (ZEROS.compare(bytes, at, end, 0, end - at) !== 0) return false
  }
  return true
}

/** Where the last byte that is not zero ends, at or after `from`. */
export function endOfContents(bytes: Uint8Array, from: number): number {
  let end = bytes.length
  for (; end - from > ZEROS.length && isZero(bytes.subarray(0, end), end - ZEROS.length); ) end -= ZEROS.length
  while (end > from && bytes[end - 1] === 0) end--
  return end
}

type ReadWrite =
  | { readonly ok: true; readonly write: WholeWrite }
  | { readonly ok: false; readonly damaged: DamagedWrite }

function readWrite(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  { number, salt, sequence, first: isFirst }: { number: number; salt: number; sequence: number; first: boolean },
): ReadWrite {
  const first = readRecord(bytes, view, offset, bytes.length)
  const noHead = (reason: string, stranger: boolean): ReadWrite => ({
    ok: false,
    damaged: { offset, span: first.span, record: number, reason, stranger, records: [] },
  })
  if (!first.ok) return noHead(first.reason, false)
  if (first.record.type !== 'write') return noHead(`a ${first.record.type} record stands where a write begins`, false)
  const head = first.record.head
  if (head.salt !== salt) return noHead('this write belongs to another segment', true)
  if (head.sequence !== sequence)
    return noHead(`this is write ${head.sequence}, write ${sequence} has its place here`, true)

  const start = offset + WRITE_RECORD_BYTES
  const end = start + head.bytes
  const reader = new ContentReader(bytes, view, start, Math.min(end, bytes.length))
  const places = () => placed(view, start, recordsOf(reader.contents), number + 1)
  const damaged = (span: RecordSpan, record: number, reason: string): ReadWrite => {
    const good = record === number ? [] : places()
    return {
      ok: false,
      damaged: {
        offset,
        span,
        record,
        reason,
        stranger: false,
        head: { number, span: first.span, head },
        records: good,
      },
    }
  }
  while (reader.at < end) {
    if (reader.readEntries()) continue
    const read = reader.readOther()
    if (read.ok && read.record.type !== 'write') continue
    const reason = read.ok ? 'a write begins inside of another' : read.reason
    return damaged(read.span, number + 1 + reader.count, reason)
  }
  const { contents, count, seal } = reader
  if (count !== head.records || seal !== head.seal) {
    return damaged(first.span, number, `${head.records} records were written here, these are not they`)
  }
  const write = {
    number,
    span: first.span,
    head,
    first: isFirst,
    contents,
    count,
    end,
    get records() {
      return places()
    },
  }
  return { ok: true, write }
}

/** The places of records that stand one after the other from `start` on and have all been found right. */
function placed(view: DataView, start: number, contents: readonly ContentRecord[], number: number): ScannedRecord[] {
  let offset = start
  return contents.map((record, at) => {
    const storedCrc = view.getUint32(offset + 4, true)
    const span = {
      offset,
      bytes: RECORD_HEADER_BYTES + view.getUint32(offset, true),
      storedCrc,
      computedCrc: storedCrc,
    }
    offset += span.bytes
    return { number: number + at, span, record }
  })
}
