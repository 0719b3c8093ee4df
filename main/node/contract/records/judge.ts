/**
 * Torn or corrupt? A write that does not check out was either under way when the machine stopped, and promised to
 * nobody, or it was durable and something destroyed it. `docs/storage-format.md` has the table and the reasoning.
 */
import { type RecordSpan, readRecord, statedType, WRITE_RECORD_BYTES, type WriteHead } from './record'
import type { ScannedRecord } from './scan'

/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512
/** Length field of every write record. */
const WRITE_LENGTH = WRITE_RECORD_BYTES - 8

export interface DamagedWrite {
  readonly offset: number
  /** The first record that is not right, its number in the file, and what is wrong with it. */
  readonly span: RecordSpan
  readonly record: number
  readonly reason: string
  /** Its write record is valid, but another write's than the one that belongs here. */
  readonly stranger: boolean
  readonly head?: { readonly number: number; readonly span: RecordSpan; readonly head: WriteHead }
  readonly records: readonly ScannedRecord[]
}

export interface Place {
  /** No segment follows. */
  readonly last: boolean
  /** It is the first write of its segment. */
  readonly first: boolean
  readonly salt: number
  readonly sequence: number
}

export interface Judgement {
  readonly standing: 'torn' | 'corrupt'
  readonly because: string
}

/** Judges the first damaged write of a segment. `place` says which write belongs there. */
export function judge(bytes: Uint8Array, view: DataView, damaged: DamagedWrite, place: Place): Judgement {
  const corrupt = (because: string): Judgement => ({ standing: 'corrupt', because })
  const torn = (because: string): Judgement => ({ standing: 'torn', because })

  if (!place.last) return corrupt('it was durable, since a later segment exists')
  if (place.first) return corrupt('it was durable before the file had its name')
  const later = findLaterWrite(bytes, view, damaged.offset + 1, place)
  if (later !== undefined)
    return corrupt(`it was durable, since write ${later.sequence} follows at byte ${later.offset}`)
  if (damaged.stranger) return corrupt('no crash leaves that behind')

  const head = damaged.head
  const end = head === undefined ? bytes.length : damaged.offset + WRITE_RECORD_BYTES + head.head.bytes
  if (end > bytes.length) return torn('the file ends before the write does')
  const valid =
    head === undefined ? afterHead(bytes, view, damaged.offset) : findValidRest(bytes, view, damaged.span, end)
  if (valid === undefined) return torn('nothing valid follows')
  if (missesSector(bytes, damaged.span.offset, valid, damaged.offset, end)) {
    return torn('a sector of it never reached the disk')
  }
  return corrupt(`a valid record of the same write follows at byte ${valid}`)
}

/**
 * A write record of this segment with a later sequence, at any byte from `from` on. Salt and sequence make sure that
 * bytes which a user stored are not taken for one: no such record existed when they were chosen.
 */
export function findLaterWrite(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  place: Pick<Place, 'salt' | 'sequence'>,
): { readonly offset: number; readonly sequence: number } | undefined {
  for (let offset = from; offset + WRITE_RECORD_BYTES <= bytes.length; offset++) {
    if (bytes[offset] !== WRITE_LENGTH || view.getUint32(offset, true) !== WRITE_LENGTH) continue
    const read = readRecord(bytes, view, offset, bytes.length)
    if (!read.ok || read.record.type !== 'write') continue
    const { salt, sequence } = read.record.head
    if (salt === place.salt && sequence > place.sequence) return { offset, sequence }
  }
  return undefined
}

/** Where the write record is destroyed: does its first record stand where it should? */
function afterHead(bytes: Uint8Array, view: DataView, offset: number): number | undefined {
  const at = offset + WRITE_RECORD_BYTES
  return isContent(bytes, view, at, bytes.length) === undefined ? undefined : at
}

/** The first place after a bad record from which valid records reach exactly to the end of the write. */
function findValidRest(bytes: Uint8Array, view: DataView, bad: RecordSpan, end: number): number | undefined {
  const stated = bad.offset + bad.bytes
  if (bad.bytes > 0 && reaches(bytes, view, stated, end)) return stated
  for (let at = bad.offset + 1; at < end; at++) if (reaches(bytes, view, at, end)) return at
  return undefined
}

function reaches(bytes: Uint8Array, view: DataView, from: number, end: number): boolean {
  if (from >= end) return false
  for (let at = from; at < end; ) {
    const size = isContent(bytes, view, at, end)
    if (size === undefined) return false
    at += size
  }
  return true
}

/** The size of the valid record at `at` that is no write record. Looks at the cheap bytes first. */
function isContent(bytes: Uint8Array, view: DataView, at: number, end: number): number | undefined {
  if (at + 9 > end || statedType(bytes, at) === undefined) return undefined
  const read = readRecord(bytes, view, at, end)
  return read.ok && read.record.type !== 'write' ? read.span.bytes : undefined
}

/** Whether a sector that holds a part of [from, to) is all zeros, as far as it lies within the write [start, end). */
function missesSector(bytes: Uint8Array, from: number, to: number, start: number, end: number): boolean {
  for (let sector = Math.floor(from / SECTOR_BYTES) * SECTOR_BYTES; sector < to; sector += SECTOR_BYTES) {
    const part = bytes.subarray(Math.max(sector, start), Math.min(sector + SECTOR_BYTES, end))
    if (part.every((byte) => byte === 0)) return true
  }
  return false
}
