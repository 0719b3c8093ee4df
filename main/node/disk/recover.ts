/** What a directory's segments amount to, before anything is changed. */
import { join } from 'node:path'
import { Problem } from '../contract/problem'
import {
  emptyLog,
  type Identity,
  type Replayed,
  readSegmentHeader,
  replay,
  type SegmentHeader,
  type SegmentScan,
  scanSegment,
  segmentName,
  segmentNumber,
} from '../contract/records'
import type { Files } from './files'
import { checkOwner } from './owner'

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
}

export interface Recovered {
  readonly log: Replayed
  readonly last: LastSegment
}

/**
 * Replays all segments. Returns undefined when there is none. Throws Problem 'record-corrupt', 'identity-mismatch' or
 * 'storage-version'.
 */
export async function recover(files: Files, dir: string, identity: Identity): Promise<Recovered | undefined> {
  const numbers = (await files.list(dir)).map(segmentNumber).filter((number) => number !== undefined)
  numbers.sort((a, b) => a - b)
  numbers.forEach((number, at) => {
    if (number !== at + 1) throw corrupt(join(dir, segmentName(at + 1)), 0, 0, 'this segment is missing')
  })

  const log = emptyLog()
  let before: { readonly path: string; readonly scan: SegmentScan } | undefined
  for (const number of numbers) {
    const path = join(dir, segmentName(number))
    const bytes = await files.read(path)
    const isLast = number === numbers.length
    const header = openHeader(path, bytes, number, identity)
    if (before !== undefined && header.firstSequence !== before.scan.nextSequence) {
      const reason = `write ${before.scan.nextSequence} is missing; the next segment begins with write ${header.firstSequence}`
      throw corrupt(before.path, before.scan.end, before.scan.records + 1, reason)
    }
    const scan = scanSegment(bytes, header, isLast, (write) => replay(log, write))
    if (scan.damage?.standing === 'corrupt') {
      throw corrupt(path, scan.damage.span.offset, scan.damage.record, scan.damage.reason)
    }
    before = { path, scan }
    if (!isLast) continue
    const { end, nextSequence, lastWrite } = scan
    if (lastWrite === undefined) throw corrupt(path, end, 1, 'the segment has no write')
    return {
      log,
      last: {
        path,
        header,
        end,
        nextSequence,
        tornBytes: scan.damage === undefined ? 0 : bytes.length - end,
        lastWrite: { offset: lastWrite.offset, bytes: bytes.subarray(lastWrite.offset, lastWrite.end) },
      },
    }
  }
  return undefined
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
