/**
 * Every record of one segment file, for people: also those of a torn write, and those behind damage that recovery would
 * not go past. Never throws and changes nothing.
 */
import { findLaterWrite } from './judge'
import { type LogRecord, type RecordSpan, type RecordType, readRecord, statedType, viewOf } from './record'
import { type Contradiction, type Damage, endOfContents, scanSegment, type WholeWrite } from './scan'
import { readSegmentHeader, SEGMENT_HEADER_BYTES, type SegmentHeader } from './segment'

export type Standing = 'ok' | 'torn' | 'corrupt'

/** `record` is absent when its bytes cannot be read; `stated` is then what its type byte says. */
export interface SurveyedRecord {
  /** In the file, from 1; 0 is the segment header. */
  readonly number: number
  readonly span: RecordSpan
  readonly standing: Standing
  readonly record?: LogRecord
  readonly stated?: RecordType
  /** What is wrong; empty when nothing is. */
  readonly reason: string
}

export interface SegmentSurvey {
  readonly header: SegmentHeader | undefined
  /** Without the segment header, which is judged by `headerRecord`. */
  readonly headerRecord: SurveyedRecord
  /** All of them, or the last ones when only those were asked for. */
  readonly records: readonly SurveyedRecord[]
  /** How many there are. */
  readonly count: number
  readonly tornBytes: number
  readonly damage: Damage | undefined
  /** Sequence of the write that comes after this segment, as far as it is whole. */
  readonly nextSequence: number
}

/** `visit` as in {@link scanSegment}. `tail`: so many records are given, the last ones. */
export function surveySegment(
  bytes: Uint8Array,
  last: boolean,
  visit: (write: WholeWrite) => Contradiction | undefined,
  tail = Number.POSITIVE_INFINITY,
): SegmentSurvey {
  const read = readSegmentHeader(bytes)
  const { storedCrc, computedCrc } = read.ok ? { storedCrc: read.crc, computedCrc: read.crc } : read
  const span = { offset: 0, bytes: Math.min(bytes.length, SEGMENT_HEADER_BYTES), storedCrc, computedCrc }
  if (!read.ok) {
    const headerRecord: SurveyedRecord = { number: 0, span, standing: 'corrupt', reason: read.reason }
    return { header: undefined, headerRecord, records: [], count: 0, tornBytes: 0, damage: undefined, nextSequence: 0 }
  }
  const records = new Listing(tail)
  const scan = scanSegment(bytes, read.header, last, (write) => {
    const contradiction = visit(write)
    if (contradiction === undefined) list(records, write, write.records, 'ok')
    return contradiction
  })
  const damage = scan.damage
  if (damage !== undefined) listDamaged(bytes, read.header, scan.nextSequence, damage, records)
  return {
    header: read.header,
    headerRecord: { number: 0, span, standing: 'ok', reason: '' },
    records: records.last(),
    count: records.count,
    tornBytes: damage?.standing === 'torn' ? endOfContents(bytes, scan.end) - scan.end : 0,
    damage,
    nextSequence: scan.nextSequence,
  }
}

/** A list that keeps the last ones. */
class Listing {
  count = 0
  readonly #tail: number
  #records: SurveyedRecord[] = []

  constructor(tail: number) {
    this.#tail = tail
  }

  push(record: SurveyedRecord): void {
    this.count++
    this.#records.push(record)
    if (this.#records.length > 2 * this.#tail) this.#records = this.last()
  }

  last(): SurveyedRecord[] {
    return this.#records.length > this.#tail ? this.#records.slice(-this.#tail) : this.#records
  }
}

function list(
  into: Listing,
  write: Pick<WholeWrite, 'number' | 'span' | 'head'>,
  records: WholeWrite['records'],
  standing: Standing,
): void {
  into.push({
    number: write.number,
    span: write.span,
    standing,
    record: { type: 'write', head: write.head },
    reason: '',
  })
  for (const { number, span, record } of records) into.push({ number, span, standing, record, reason: '' })
}

function listDamaged(bytes: Uint8Array, header: SegmentHeader, sequence: number, damage: Damage, into: Listing): void {
  const view = viewOf(bytes)
  const { standing, head, span } = damage
  // A torn write counts for nothing, its valid records included; of a corrupt one they are evidence.
  if (head !== undefined && head.span.offset !== span.offset) {
    list(into, head, damage.records, standing === 'torn' ? 'torn' : 'ok')
  }
  const bad = (at: RecordSpan, size: number, reason: string) => {
    const stated = statedType(bytes, at.offset)
    const record = { number: into.count + 1, span: { ...at, bytes: size }, standing, reason }
    into.push(stated === undefined ? record : { ...record, stated })
  }
  if (standing === 'torn') {
    bad(span, Math.max(0, endOfContents(bytes, span.offset) - span.offset), damage.reason)
    return
  }
  /** Where reading can go on after a record that is not right: behind its stated end, or at the next write. */
  const resume = (at: RecordSpan): number => {
    const stated = at.offset + at.bytes
    if (at.bytes > 0 && readRecord(bytes, view, stated, bytes.length).ok) return stated
    return findLaterWrite(bytes, view, at.offset + 1, { salt: header.salt, sequence })?.offset ?? bytes.length
  }
  let offset = resume(span)
  bad(span, offset - span.offset, damage.reason)
  while (offset < bytes.length) {
    const next = readRecord(bytes, view, offset, bytes.length)
    if (next.ok) {
      into.push({ number: into.count + 1, span: next.span, standing: 'ok', record: next.record, reason: '' })
      offset += next.span.bytes
    } else {
      if (bytes.subarray(offset).every((byte) => byte === 0)) return
      const at = resume(next.span)
      bad(next.span, at - offset, next.reason)
      offset = at
    }
  }
}
