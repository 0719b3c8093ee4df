/** The segment header, and making the bytes of a write (`docs/storage-format.md`). */
import type { HardState, Index, Position, Write } from '../../../raft/types'
import { crc32c } from '../crc32c'
import { entriesBytes, putEntries } from './entries'
import {
  BEGIN_RECORD_BYTES,
  COMPACT_RECORD_BYTES,
  getU64,
  HARD_STATE_RECORD_BYTES,
  INSTALL_RECORD_BYTES,
  putBegin,
  putCompact,
  putHardState,
  putInstall,
  putTruncate,
  putWriteHead,
  RECORD_HEADER_BYTES,
  setU64,
  TRUNCATE_RECORD_BYTES,
  viewOf,
  WRITE_RECORD_BYTES,
} from './record'

export const STORAGE_VERSION = 2
export const SEGMENT_HEADER_BYTES = 36
/** A segment's header and its first write. */
const FIRST_WRITE_END = SEGMENT_HEADER_BYTES + WRITE_RECORD_BYTES + BEGIN_RECORD_BYTES + HARD_STATE_RECORD_BYTES
const MAGIC = new TextEncoder().encode('RAFTLOG\0')

export interface SegmentHeader {
  readonly version: number
  readonly node: number
  readonly segment: number
  readonly clusterHash: number
  readonly salt: number
  readonly firstSequence: number
}

export type ReadSegmentHeader =
  | { readonly ok: true; readonly header: SegmentHeader; readonly crc: number }
  | { readonly ok: false; readonly reason: string; readonly storedCrc: number; readonly computedCrc: number }

/** How a segment names its cluster. */
export function clusterHash(clusterId: string): number {
  return crc32c(new TextEncoder().encode(clusterId))
}

export function segmentName(segment: number): string {
  return `${String(segment).padStart(6, '0')}.log`
}

/** The number of a segment file; undefined when the name is not one. */
export function segmentNumber(name: string): number | undefined {
  return /^\d{6,}\.log$/.test(name) ? Number.parseInt(name, 10) : undefined
}

function encodeSegmentHeader(header: Omit<SegmentHeader, 'version'>): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES)
  const view = viewOf(bytes)
  bytes.set(MAGIC)
  view.setUint16(8, STORAGE_VERSION, true)
  view.setUint16(10, header.node, true)
  view.setUint32(12, header.segment, true)
  view.setUint32(16, header.clusterHash, true)
  view.setUint32(20, header.salt, true)
  setU64(view, 24, header.firstSequence)
  view.setUint32(32, crc32c(bytes, 0, 32), true)
  return bytes
}

export function readSegmentHeader(bytes: Uint8Array): ReadSegmentHeader {
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    return { ok: false, reason: `the segment header needs ${SEGMENT_HEADER_BYTES} bytes`, storedCrc: 0, computedCrc: 0 }
  }
  const view = viewOf(bytes)
  const storedCrc = view.getUint32(32, true)
  const computedCrc = crc32c(bytes, 0, 32)
  const bad = (reason: string): ReadSegmentHeader => ({ ok: false, reason, storedCrc, computedCrc })
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) return bad('it does not begin like a segment')
  if (storedCrc !== computedCrc) return bad('the checksum of the segment header is wrong')
  const header: SegmentHeader = {
    version: view.getUint16(8, true),
    node: view.getUint16(10, true),
    segment: view.getUint32(12, true),
    clusterHash: view.getUint32(16, true),
    salt: view.getUint32(20, true),
    firstSequence: getU64(view, 24),
  }
  return { ok: true, header, crc: storedCrc }
}

/** What goes into a write, in this order. */
export type WriteContent = Omit<Write, 'number'>

/** Bytes of the content's records, without the write record before them. */
export function contentBytes({ install, truncateFrom, entries, hardState, compactTo }: WriteContent): number {
  return (
    (install === undefined ? 0 : INSTALL_RECORD_BYTES) +
    (truncateFrom === undefined ? 0 : TRUNCATE_RECORD_BYTES) +
    entriesBytes(entries) +
    (hardState === undefined ? 0 : HARD_STATE_RECORD_BYTES) +
    (compactTo === undefined ? 0 : COMPACT_RECORD_BYTES)
  )
}

function putContent(bytes: Uint8Array, view: DataView, from: number, content: WriteContent): number {
  const { install, truncateFrom, entries, hardState, compactTo } = content
  let at = from
  if (install !== undefined) at = putInstall(bytes, view, at, install.snapshot, install.keepsLog)
  if (truncateFrom !== undefined) at = putTruncate(bytes, view, at, truncateFrom)
  at = putEntries(bytes, view, at, entries)
  if (hardState !== undefined) at = putHardState(bytes, view, at, hardState)
  if (compactTo !== undefined) at = putCompact(bytes, view, at, compactTo)
  return at
}

/** One write: its write record and the records of all `contents`, ready for one `write()`. */
export function encodeWrite(sequence: number, salt: number, contents: readonly WriteContent[]): Uint8Array {
  let size = 0
  for (const content of contents) size += contentBytes(content)
  const bytes = new Uint8Array(WRITE_RECORD_BYTES + size)
  const view = viewOf(bytes)
  let at = WRITE_RECORD_BYTES
  for (const content of contents) at = putContent(bytes, view, at, content)
  seal(bytes, view, sequence, salt)
  return bytes
}

/** Puts the write record before the records that stand behind its place. */
function seal(bytes: Uint8Array, view: DataView, sequence: number, salt: number): void {
  let records = 0
  let crc = 0
  for (let at = WRITE_RECORD_BYTES; at < bytes.length; records++) {
    crc = crc32c(bytes, at + 4, at + 8, crc)
    at += RECORD_HEADER_BYTES + view.getUint32(at, true)
  }
  putWriteHead(bytes, view, 0, { sequence, salt, records, bytes: bytes.length - WRITE_RECORD_BYTES, seal: crc })
}

/** Where a log stands when a new segment begins: all that its reader needs of the segments before it. */
export interface LogState {
  readonly hardState: HardState
  readonly base: Position
  readonly lastIndex: Index
}

/** A whole new segment: header, and a first write that repeats where the log stands. */
export function encodeSegment(header: Omit<SegmentHeader, 'version'>, state: LogState): Uint8Array {
  const bytes = new Uint8Array(FIRST_WRITE_END)
  const write = bytes.subarray(SEGMENT_HEADER_BYTES)
  const view = viewOf(write)
  bytes.set(encodeSegmentHeader(header))
  putHardState(write, view, putBegin(write, view, WRITE_RECORD_BYTES, state.base, state.lastIndex), state.hardState)
  seal(write, view, header.firstSequence, header.salt)
  return bytes
}
