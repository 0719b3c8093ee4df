/** What a directory's segments amount to, before anything is changed. */
import { join } from 'node:path'
import { Problem } from '../contract/problem'
import {
  emptyLog,
  endOfContents,
  type Identity,
  isComplete,
  lastIndexOf,
  type Replayed,
  readSegmentHeader,
  replay,
  type SegmentHeader,
  type SegmentScan,
  scanSegment,
  segmentName,
  segmentNumber,
  type WholeWrite,
} from '../contract/records'
import type { Files } from './files'
import { checkOwner } from './owner'
import type { SegmentFile } from './segments'

/** The segment that goes on growing. */
export interface LastSegment {
  readonly path: string
  readonly header: SegmentHeader
  /** Where the log ends, and the sequence of the write that comes there. */
  readonly end: number
  readonly nextSequence: number
  /** Bytes after `end` of a write that was under way when the process died. */
  readonly tornBytes: number
  /** The last whole write of this segment, and where it stands. */
  readonly lastWrite: { readonly offset: number; readonly bytes: Uint8Array }
  /** Records of this file that are whole. */
  readonly records: number
}

export interface Recovered {
  readonly log: Replayed
  readonly last: LastSegment
  readonly segments: readonly SegmentFile[]
  /** Names of segments that an interrupted removal left behind. */
  readonly leftOver: readonly string[]
}

/**
 * Replays the segments: the unbroken run of numbers that ends with the last one. Returns undefined when there is none.
 * Throws Problem 'record-corrupt', 'identity-mismatch' or 'storage-version'.
 */
export async function recover(
  files: Files,
  dir: string,
  names: readonly string[],
  identity: Identity,
): Promise<Recovered | undefined> {
  const numbers = names.map(segmentNumber).filter((number) => number !== undefined)
  numbers.sort((a, b) => a - b)
  const begin = numbers.findLastIndex((number, at) => number !== (numbers[at - 1] ?? Number.NaN) + 1)
  const run = numbers.slice(Math.max(0, begin))

  const log = emptyLog()
  const segments: SegmentFile[] = []
  let before: { readonly path: string; readonly scan: SegmentScan } | undefined
  for (const number of run) {
    const path = join(dir, segmentName(number))
    const bytes = await files.read(path)
    const isLast = number === run.at(-1)
    const header = openHeader(path, bytes, number, identity)
    if (before !== undefined && header.firstSequence !== before.scan.nextSequence) {
      const reason = `write ${before.scan.nextSequence} is missing; the next segment begins with write ${header.firstSequence}`
      throw corrupt(before.path, before.scan.end, before.scan.records + 1, reason)
    }
    const scan = scanSegment(bytes, header, isLast, (write) => {
      const contradiction = replay(log, write)
      if (write.first) segments.push({ segment: number, floor: lastIndexOf(log) })
      else lowerFloors(segments, write)
      return contradiction
    })
    if (scan.damage?.standing === 'corrupt') {
      throw corrupt(path, scan.damage.span.offset, scan.damage.record, scan.damage.reason)
    }
    before = { path, scan }
    if (!isLast) continue
    const { end, nextSequence, lastWrite, records } = scan
    if (lastWrite === undefined) throw corrupt(path, end, 1, 'the segment has no write')
    if (!isComplete(log)) {
      throw corrupt(join(dir, segmentName((run[0] ?? 1) - 1)), 0, 0, 'this segment is missing')
    }
    const last = {
      path,
      header,
      end,
      nextSequence,
      tornBytes: scan.damage === undefined ? 0 : endOfContents(bytes, end) - end,
      lastWrite: { offset: lastWrite.offset, bytes: bytes.subarray(lastWrite.offset, lastWrite.end) },
      records,
    }
    return { log, last, segments, leftOver: numbers.slice(0, Math.max(0, begin)).map(segmentName) }
  }
  return undefined
}

/** As {@link SegmentFile.floor} says. */
function lowerFloors(segments: readonly SegmentFile[], write: WholeWrite): void {
  for (const record of write.contents) {
    const cut =
      record.type === 'truncate'
        ? record.fromIndex - 1
        : record.type === 'install' && !record.keepsLog
          ? record.position.index
          : undefined
    if (cut === undefined) continue
    for (const one of segments) one.floor = Math.min(one.floor, cut)
  }
}

function openHeader(path: string, bytes: Uint8Array, number: number, identity: Identity): SegmentHeader {
  const read = readSegmentHeader(bytes)
  if (!read.ok) throw corrupt(path, 0, 0, read.reason)
  checkOwner(path, read.header, identity)
  if (read.header.segment !== number) throw corrupt(path, 0, 0, `it says that it is segment ${read.header.segment}`)
  return read.header
}

export function corrupt(file: string, offset: number, record: number, reason: string): Problem<'record-corrupt'> {
  return new Problem('record-corrupt', { file, offset, record, reason })
}
