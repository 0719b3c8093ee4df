/** The segment header, and making the bytes of a write (`docs/storage-format.md`). */
import type { HardState, Write } from '../../../raft/types'
import { crc32c } from '../crc32c'
import { entriesBytes, putEntries } from './entries'
import {
  getU64,
  HARD_STATE_RECORD_BYTES,
  putHardState,
  putTruncate,
  putWriteHead,
  RECORD_HEADER_BYTES,
  setU64,
  TRUNCATE_RECORD_BYTES,
  viewOf,
  WRITE_RECORD_BYTES,
} from './record'

export const STORAGE_VERSION = 1
export const SEGMENT_HEADER_BYTES = 36
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

export function encodeSegmentHeader(header: Omit<SegmentHeader, 'version'>): Uint8Array {
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
export type WriteContent = Pick<Write, 'truncateFrom' | 'entries' | 'hardState'>

/** Bytes of the content's records, without the write record before them. */
export function contentBytes(content: WriteContent): number {
  let bytes = content.truncateFrom === undefined ? 0 : TRUNCATE_RECORD_BYTES
  bytes += entriesBytes(content.entries)
  return content.hardState === undefined ? bytes : bytes + HARD_STATE_RECORD_BYTES
}

/** One write: its write record and the records of all `contents`, ready for one `write()`. */
export function encodeWrite(sequence: number, salt: number, contents: readonly WriteContent[]): Uint8Array {
  let size = 0
  for (const content of contents) size += contentBytes(content)
  const bytes = new Uint8Array(WRITE_RECORD_BYTES + size)
  const view = viewOf(bytes)
  let at = WRITE_RECORD_BYTES
  for (const content of contents) {
    if (content.truncateFrom !== undefined) at = putTruncate(bytes, view, at, content.truncateFrom)
    at = putEntries(bytes, view, at, content.entries)
    if (content.hardState !== undefined) at = putHardState(bytes, view, at, content.hardState)
  }
  let records = 0
  let seal = 0
  for (at = WRITE_RECORD_BYTES; at < bytes.length; records++) {
    seal = crc32c(bytes, at + 4, at + 8, seal)
    at += RECORD_HEADER_BYTES + view.getUint32(at, true)
  }
  putWriteHead(bytes, view, 0, { sequence, salt, records, bytes: size, seal })
  return bytes
}

/** A whole new segment: header, and a first write that repeats the hard state. */
export function encodeSegment(header: Omit<SegmentHeader, 'version'>, hardState: HardState): Uint8Array {
  const head = encodeSegmentHeader(header)
  const write = encodeWrite(header.firstSequence, header.salt, [{ entries: [], hardState }])
  const bytes = new Uint8Array(head.length + write.length)
  bytes.set(head)
  bytes.set(write, head.length)
  return bytes
}
