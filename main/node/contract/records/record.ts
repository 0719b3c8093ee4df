/** One record of `docs/storage-format.md`, as bytes and as data. */
import type { Entry, EntryType, HardState, Index, Position, Term } from '../../../raft/types'
import { crc32c, crc32cOfWord } from '../crc32c'

/** Length and CRC, before what the length counts. */
export const RECORD_HEADER_BYTES = 8
/** Longest type and payload together; a longer one is damage. */
export const MAX_RECORD_BYTES = 16 << 20
/** An entry record without its data. */
export const ENTRY_OVERHEAD_BYTES = 26
export const HARD_STATE_RECORD_BYTES = 19
export const TRUNCATE_RECORD_BYTES = 17
export const WRITE_RECORD_BYTES = 33
export const BEGIN_RECORD_BYTES = 33
export const INSTALL_RECORD_BYTES = 26
export const COMPACT_RECORD_BYTES = 25

/** The head of a write: see "Write: the unit of durability". */
export interface WriteHead {
  readonly sequence: number
  readonly salt: number
  readonly records: number
  readonly bytes: number
  readonly seal: number
}

export type ContentRecord = { readonly type: 'entry'; readonly entry: RecordedEntry } | PlainRecord
/** What is in a write besides entries. */
export type PlainRecord =
  | { readonly type: 'hardState'; readonly hardState: HardState }
  | { readonly type: 'truncate'; readonly fromIndex: Index }
  /** Where the log stood when its segment began. */
  | { readonly type: 'begin'; readonly base: Position; readonly lastIndex: Index }
  | { readonly type: 'install'; readonly position: Position; readonly keepsLog: boolean }
  | { readonly type: 'compact'; readonly position: Position }
export type LogRecord = ContentRecord | { readonly type: 'write'; readonly head: WriteHead }
export type RecordType = LogRecord['type']

const TYPE_CODES = {
  entry: 1,
  hardState: 2,
  truncate: 3,
  write: 4,
  begin: 5,
  install: 6,
  compact: 7,
} as const satisfies Record<RecordType, number>
const ENTRY_CODES = { noop: 1, command: 2, config: 3, metadata: 4 } as const satisfies Record<EntryType, number>
const ENTRY_TYPES: readonly (EntryType | undefined)[] = [undefined, 'noop', 'command', 'config', 'metadata']

/** An entry that has its record along. */
export interface RecordedEntry extends Entry {
  /** The whole entry record, checksum included; `data` is a view of its end. */
  readonly record: Uint8Array
}

/**
 * An entry whose record stands around its data. `record` is no property of its own on purpose: a copy with other contents
 * (`{ ...entry, data }`) is a plain entry, and is encoded anew.
 */
export class Recorded implements RecordedEntry {
  readonly #checksum: number

  /** `checksum`: the record's, as a signed number: V8 needs no object for one. */
  constructor(
    readonly index: Index,
    readonly term: Term,
    readonly type: EntryType,
    readonly data: Uint8Array,
    checksum: number,
  ) {
    this.#checksum = checksum
  }

  /** The CRC-32C in an entry's record, signed; undefined for an entry without a record. */
  static checksumOf(entry: Entry): number | undefined {
    return #checksum in entry ? entry.#checksum : undefined
  }

  get record(): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.data
    return new Uint8Array(buffer, byteOffset - ENTRY_OVERHEAD_BYTES, byteLength + ENTRY_OVERHEAD_BYTES)
  }
}

/** Where a record stands and what its checksum says; `bytes` includes the eight of length and CRC. */
export interface RecordSpan {
  readonly offset: number
  readonly bytes: number
  readonly storedCrc: number
  readonly computedCrc: number
}
export type ReadRecord =
  | { readonly ok: true; readonly span: RecordSpan; readonly record: LogRecord }
  | {
      readonly ok: false
      readonly span: RecordSpan
      /** The record's end lies beyond the end of what there is. */
      readonly incomplete: boolean
      readonly reason: string
    }

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true)
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true)
}

/** Above 2^53 the result is not exact, and {@link Number.isSafeInteger} says so. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
}

/** The bytes that {@link putEntry} writes. Throws RangeError for an entry that no record can hold. */
export function entryBytes(entry: Entry): number {
  const bytes = ENTRY_OVERHEAD_BYTES + entry.data.length
  if (bytes - RECORD_HEADER_BYTES > MAX_RECORD_BYTES) {
    throw new RangeError(`entry ${entry.index} has ${entry.data.length} bytes of data, too many for one record`)
  }
  return bytes
}

/** Sets length, CRC and type around a payload that already stands at `at + 9`; returns where the next record begins. */
function finish(bytes: Uint8Array, view: DataView, at: number, type: RecordType, size: number): number {
  view.setUint32(at, size - RECORD_HEADER_BYTES, true)
  view.setUint8(at + 8, TYPE_CODES[type])
  view.setUint32(at + 4, checksum(bytes, view, at, at + size), true)
  return at + size
}

function checksum(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  return crc32c(bytes, at + RECORD_HEADER_BYTES, end, crc32cOfWord(view.getInt32(at, true)), view)
}

export function putEntry(bytes: Uint8Array, view: DataView, at: number, entry: Entry): number {
  view.setUint8(at + 9, ENTRY_CODES[entry.type])
  setU64(view, at + 10, entry.term)
  setU64(view, at + 18, entry.index)
  bytes.set(entry.data, at + ENTRY_OVERHEAD_BYTES)
  return finish(bytes, view, at, 'entry', ENTRY_OVERHEAD_BYTES + entry.data.length)
}

export function putHardState(bytes: Uint8Array, view: DataView, at: number, hardState: HardState): number {
  setU64(view, at + 9, hardState.currentTerm)
  view.setUint16(at + 17, hardState.votedFor, true)
  return finish(bytes, view, at, 'hardState', HARD_STATE_RECORD_BYTES)
}

export function putTruncate(bytes: Uint8Array, view: DataView, at: number, fromIndex: Index): number {
  setU64(view, at + 9, fromIndex)
  return finish(bytes, view, at, 'truncate', TRUNCATE_RECORD_BYTES)
}

export function putBegin(bytes: Uint8Array, view: DataView, at: number, base: Position, lastIndex: Index): number {
  putPosition(view, at + 9, base)
  setU64(view, at + 25, lastIndex)
  return finish(bytes, view, at, 'begin', BEGIN_RECORD_BYTES)
}

export function putInstall(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  position: Position,
  keepsLog: boolean,
): number {
  putPosition(view, at + 9, position)
  view.setUint8(at + 25, keepsLog ? 1 : 0)
  return finish(bytes, view, at, 'install', INSTALL_RECORD_BYTES)
}

export function putCompact(bytes: Uint8Array, view: DataView, at: number, position: Position): number {
  putPosition(view, at + 9, position)
  return finish(bytes, view, at, 'compact', COMPACT_RECORD_BYTES)
}

function putPosition(view: DataView, at: number, { index, term }: Position): void {
  setU64(view, at, index)
  setU64(view, at + 8, term)
}

function getPosition(view: DataView, at: number): Position {
  return { index: getU64(view, at), term: getU64(view, at + 8) }
}

export function putWriteHead(bytes: Uint8Array, view: DataView, at: number, head: WriteHead): number {
  setU64(view, at + 9, head.sequence)
  view.setUint32(at + 17, head.salt, true)
  view.setUint32(at + 21, head.records, true)
  view.setUint32(at + 25, head.bytes, true)
  view.setUint32(at + 29, head.seal, true)
  return finish(bytes, view, at, 'write', WRITE_RECORD_BYTES)
}

/**
 * The entry whose record stands whole and right at `offset` and ends by `end`; undefined for anything else, which
 * {@link readRecord} explains. Entries are nearly all there is to read, so this makes nothing but the entry.
 */
export function readEntry(bytes: Uint8Array, view: DataView, offset: number, end: number): RecordedEntry | undefined {
  if (end - offset < ENTRY_OVERHEAD_BYTES || view.getUint8(offset + 8) !== TYPE_CODES.entry) return undefined
  const length = view.getUint32(offset, true)
  const size = RECORD_HEADER_BYTES + length
  if (length > MAX_RECORD_BYTES || size > end - offset || size < ENTRY_OVERHEAD_BYTES) return undefined
  if (view.getUint32(offset + 4, true) !== checksum(bytes, view, offset, offset + size)) return undefined
  return readEntryContent(bytes, view, offset, size)
}

function readEntryContent(bytes: Uint8Array, view: DataView, at: number, size: number): RecordedEntry | undefined {
  const type = ENTRY_TYPES[view.getUint8(at + 9)]
  const term = getU64(view, at + 10)
  const index = getU64(view, at + 18)
  if (type === undefined || !isPosition(index) || !Number.isSafeInteger(term)) return undefined
  return new Recorded(
    index,
    term,
    type,
    bytes.subarray(at + ENTRY_OVERHEAD_BYTES, at + size),
    view.getInt32(at + 4, true),
  )
}

/**
 * Reads the record at `offset`; nothing at or after `end` is looked at. Never throws. The data of an entry is a view
 * into `bytes`.
 */
export function readRecord(bytes: Uint8Array, view: DataView, offset: number, end: number): ReadRecord {
  const bad = (
    size: number,
    storedCrc: number,
    computedCrc: number,
    incomplete: boolean,
    reason: string,
  ): ReadRecord => ({
    ok: false,
    span: { offset, bytes: size, storedCrc, computedCrc },
    incomplete,
    reason,
  })
  const room = end - offset
  if (room < RECORD_HEADER_BYTES) return bad(room, 0, 0, true, `only ${room} bytes of a record are there`)
  const length = view.getUint32(offset, true)
  const storedCrc = view.getUint32(offset + 4, true)
  if (length < 1 || length > MAX_RECORD_BYTES) return bad(room, storedCrc, 0, false, `its length cannot be ${length}`)
  const size = RECORD_HEADER_BYTES + length
  if (size > room) return bad(room, storedCrc, 0, true, `only ${room} of its ${size} bytes are there`)
  const computedCrc = checksum(bytes, view, offset, offset + size)
  if (storedCrc !== computedCrc) {
    return bad(
      size,
      storedCrc,
      computedCrc,
      false,
      `checksum ${hex(storedCrc)} is stored, the bytes give ${hex(computedCrc)}`,
    )
  }
  const record = readContent(bytes, view, offset, size)
  if (record === undefined)
    return bad(size, storedCrc, computedCrc, false, 'its checksum is right but its contents make no sense')
  return { ok: true, span: { offset, bytes: size, storedCrc, computedCrc }, record }
}

function readContent(bytes: Uint8Array, view: DataView, at: number, size: number): LogRecord | undefined {
  switch (view.getUint8(at + 8)) {
    case TYPE_CODES.entry: {
      if (size < ENTRY_OVERHEAD_BYTES) return undefined
      const entry = readEntryContent(bytes, view, at, size)
      return entry && { type: 'entry', entry }
    }
    case TYPE_CODES.hardState: {
      const currentTerm = getU64(view, at + 9)
      if (size !== HARD_STATE_RECORD_BYTES || !Number.isSafeInteger(currentTerm)) return undefined
      return { type: 'hardState', hardState: { currentTerm, votedFor: view.getUint16(at + 17, true) } }
    }
    case TYPE_CODES.truncate: {
      const fromIndex = getU64(view, at + 9)
      return size === TRUNCATE_RECORD_BYTES && isPosition(fromIndex) ? { type: 'truncate', fromIndex } : undefined
    }
    case TYPE_CODES.write: {
      const sequence = getU64(view, at + 9)
      if (size !== WRITE_RECORD_BYTES || !isPosition(sequence)) return undefined
      const head: WriteHead = {
        sequence,
        salt: view.getUint32(at + 17, true),
        records: view.getUint32(at + 21, true),
        bytes: view.getUint32(at + 25, true),
        seal: view.getUint32(at + 29, true),
      }
      return { type: 'write', head }
    }
    case TYPE_CODES.begin: {
      if (size !== BEGIN_RECORD_BYTES) return undefined
      const base = getPosition(view, at + 9)
      const lastIndex = getU64(view, at + 25)
      const { index, term } = base
      if (![index, term, lastIndex].every(Number.isSafeInteger) || lastIndex < index) return undefined
      return { type: 'begin', base, lastIndex }
    }
    case TYPE_CODES.install: {
      if (size !== INSTALL_RECORD_BYTES) return undefined
      const position = getPosition(view, at + 9)
      const keepsLog = view.getUint8(at + 25)
      if (!isPosition(position.index) || !Number.isSafeInteger(position.term) || keepsLog > 1) return undefined
      return { type: 'install', position, keepsLog: keepsLog === 1 }
    }
    case TYPE_CODES.compact: {
      if (size !== COMPACT_RECORD_BYTES) return undefined
      const position = getPosition(view, at + 9)
      return isPosition(position.index) && Number.isSafeInteger(position.term)
        ? { type: 'compact', position }
        : undefined
    }
    default:
      return undefined
  }
}

function isPosition(value: number): boolean {
  return value >= 1 && Number.isSafeInteger(value)
}

/** What a record that does not check out says of its own type; undefined when that makes no sense either. */
export function statedType(bytes: Uint8Array, offset: number): RecordType | undefined {
  const code = bytes[offset + RECORD_HEADER_BYTES]
  return (Object.keys(TYPE_CODES) as RecordType[]).find((type) => TYPE_CODES[type] === code)
}

/** A CRC as people compare it: eight hexadecimal digits. */
export function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}
