/**
 * The columnar codec of a recording: rows of named, typed fields, stored field by field. Everything in a file (events,
 * entries, key frames, the index) is made of these; `docs/recording-format.md` tells the layout in words.
 */
import type { FieldType, ValueOf } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import { type LogStretch, sizeOf, type UntoldEntries } from '../fold/entry-log'
import type { ByteReader, ByteWriter } from './bytes'
import { EntryTable } from './entry-table'

export type Fields = Readonly<Record<string, FieldType>>
export type RowOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> }
type Row = Readonly<Record<string, unknown>>
export type Column = ArrayLike<unknown>

const encoder = new TextEncoder()
const NO_BYTES = new Uint8Array(0)

const ENTRY_TYPES = ['noop', 'command', 'config', 'metadata'] as const

// ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a column stands together while it is written: most are as long as a block has events. */
const COLUMN = new Float64Array(4096)

/** A column of what `numberOf` says of each row; see {@link writeColumn}. */
export function writeNumbersOf<R>(out: ByteWriter, rows: readonly R[], numberOf: (row: R) => number): void {
  const column = rows.length <= COLUMN.length ? COLUMN : new Float64Array(rows.length)
  let place = 0
  for (const row of rows) column[place++] = numberOf(row)
  writeColumn(out, column, rows.length)
}

export function writeNumbers(out: ByteWriter, values: readonly number[]): void {
  writeNumbersOf(out, values, (value) => value)
}

/** One byte of width, then: 0 = one f64 for all; 1, 2, 4 = an f64 base and unsigned differences; 8 = f64 each. */
function writeColumn(out: ByteWriter, values: Float64Array, count: number): void {
  let min = count === 0 ? 0 : (values[0] as number)
  let max = min
  let packable = true
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      packable = false
      break
    }
    if (value < min) min = value
    if (value > max) max = value
  }
  const width = packable ? widthOf(max - min) : 8
  out.u8(width)
  if (width !== 8) out.f64(min)
  if (width !== 0) out.packed(values, count, width, min)
}

function widthOf(range: number): 0 | 1 | 2 | 4 | 8 {
  if (range === 0) return 0
  if (range < 2 ** 8) return 1
  if (range < 2 ** 16) return 2
  return range < 2 ** 32 ? 4 : 8
}

export function readNumbers(from: ByteReader, count: number): Float64Array {
  const width = from.u8()
  const base = width === 8 ? 0 : from.f64()
  const bytes = from.take(width * count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Float64Array(count)
  switch (width) {
    case 0:
      return values.fill(base)
    case 1:
      for (let i = 0; i < count; i++) values[i] = base + view.getUint8(i)
      return values
    case 2:
      for (let i = 0; i < count; i++) values[i] = base + view.getUint16(2 * i, true)
      return values
    case 4:
      for (let i = 0; i < count; i++) values[i] = base + view.getUint32(4 * i, true)
      return values
    case 8:
      for (let i = 0; i < count; i++) values[i] = view.getFloat64(8 * i, true)
      return values
    default:
      throw new RangeError(`number width ${width}`)
  }
}

// ── bytes and entries ─────────────────────────────────────────────────────────────────────────────────────────────

function writeBlobs(out: ByteWriter, blobs: readonly Uint8Array[]): void {
  writeNumbersOf(out, blobs, (blob) => blob.length)
  for (const blob of blobs) if (blob.length > 0) out.raw(blob)
}

function readBlobs(from: ByteReader, count: number): Uint8Array[] {
  return mapped(readNumbers(from, count), (length) => (length === 0 ? NO_BYTES : from.take(length)))
}

/** `Array.from(numbers, map)` without its iterator: columns are where reading spends its time. */
function mapped<T>(numbers: Float64Array, map: (value: number) => T): T[] {
  const values = new Array<T>(numbers.length)
  for (let i = 0; i < numbers.length; i++) values[i] = map(numbers[i] as number)
  return values
}

/** How many each row has, then each different entry once, then which one it is, row after row. */
function writeEntryLists(out: ByteWriter, lists: readonly (readonly Entry[])[]): void {
  const table = new EntryTable()
  const ids: number[] = []
  for (const list of lists) for (const entry of list) ids.push(table.idOf(entry))
  writeNumbersOf(out, lists, (list) => list.length)
  writeEntries(out, table.takeFresh())
  writeNumbers(out, ids)
}

function readEntryLists(from: ByteReader, count: number): (readonly Entry[])[] {
  const lengths = readNumbers(from, count)
  const entries = readEntries(from)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  // A width of 0 stores any number of equal ids in nothing: without a limit a few crafted bytes would fill the memory.
  if (!(total >= 0 && total <= MAX_ROWS)) throw new RangeError(`${total} entries in one block`)
  const ids = readNumbers(from, total)
  let at = 0
  return mapped(lengths, (length) => {
    const own = ids.subarray(at, at + length)
    at += length
    return mapped(own, (id) => {
      const entry = entries[id]
      if (entry === undefined) throw new RangeError('an entry that is not in the table')
      return entry
    })
  })
}

// ── fields and rows ───────────────────────────────────────────────────────────────────────────────────────────────

/** More rows than any writer puts into one block. */
export const MAX_ROWS = 1 << 24

/** One field of all rows. The rows are typed by the table that `type` comes from, so the values are of that type. */
export function writeField(out: ByteWriter, name: string, type: FieldType, rows: readonly Row[]): void {
  const values = <T>() => rows.map((row) => row[name] as T)
  if (typeof type !== 'string') {
    writeNumbersOf(out, rows, (row) => type.indexOf(row[name] as string))
    return
  }
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
      writeNumbersOf(out, rows, (row) => row[name] as number)
      return
    case 'flag':
      writeNumbersOf(out, rows, (row) => Number(row[name]))
      return
    case 'text':
      writeBlobs(
        out,
        values<string>().map((value) => (value === '' ? NO_BYTES : encoder.encode(value))),
      )
      return
    case 'bytes':
      writeBlobs(out, values<Uint8Array>())
      return
    case 'entries':
      writeEntryLists(out, values<readonly Entry[]>())
      return
  }
}

export function readField(from: ByteReader, type: FieldType, count: number): Column {
  if (typeof type !== 'string') {
    return mapped(readNumbers(from, count), (place) => {
      const value = type[place]
      if (value === undefined) throw new RangeError(`place ${place} of ${type.length}`)
      return value
    })
  }
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
      return readNumbers(from, count)
    case 'flag':
      return mapped(readNumbers(from, count), (value) => value === 1)
    case 'text':
      return readBlobs(from, count).map(textOf)
    case 'bytes':
      return readBlobs(from, count)
    case 'entries':
      return readEntryLists(from, count)
  }
}

function textOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The value of a field that an older writer did not know. */
export function missing(type: FieldType): unknown {
  if (typeof type !== 'string') return type[0]
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
      return 0
    case 'flag':
      return false
    case 'text':
      return ''
    case 'bytes':
      return NO_BYTES
    case 'entries':
      return []
  }
}

/** The number of rows, then, if there are any, each field. */
export function writeRows<F extends Fields>(out: ByteWriter, fields: F, rows: readonly RowOf<F>[]): void {
  out.u32(rows.length)
  if (rows.length > 0) writeFields(out, fields, rows)
}

function writeFields<F extends Fields>(out: ByteWriter, fields: F, rows: readonly RowOf<F>[]): void {
  for (const [name, type] of Object.entries(fields)) writeField(out, name, type, rows as readonly Row[])
}

/** Throws `RangeError` where the bytes are not such a table. */
export function readRows<F extends Fields>(from: ByteReader, fields: F): RowOf<F>[] {
  const count = from.u32()
  if (count > MAX_ROWS) throw new RangeError(`${count} rows`)
  if (count === 0) return []
  const columns = Object.entries(fields).map(([name, type]) => [name, readField(from, type, count)] as const)
  return Array.from({ length: count }, (_, row) => {
    const values: Record<string, unknown> = {}
    for (const [name, column] of columns) values[name] = column[row]
    return values as RowOf<F>
  })
}

/** A table of entries; its fields (index, term, type, data) are there also when it is empty. */
export function writeEntries(out: ByteWriter, stretches: readonly LogStretch[]): void {
  const count = stretches.reduce((sum, stretch) => sum + sizeOf(stretch), 0)
  out.u32(count)
  const write = (told: (entry: Entry) => number, untold: (stretch: UntoldEntries, place: number) => number) => {
    const column = new Float64Array(count)
    let at = 0
    for (const stretch of stretches) {
      if (stretch.type === 'told') for (const entry of stretch.entries) column[at++] = told(entry)
      else for (let place = 0; place < stretch.count; place++) column[at++] = untold(stretch, place)
    }
    writeColumn(out, column, count)
  }
  write(
    ({ index }) => index,
    ({ firstIndex }, place) => firstIndex + place,
  )
  write(
    ({ term }) => term,
    ({ term }) => term,
  )
  write(
    ({ type }) => ENTRY_TYPES.indexOf(type),
    () => ENTRY_TYPES.indexOf('command'),
  )
  write(
    ({ data }) => data.length,
    () => 0,
  )
  for (const stretch of stretches) {
    if (stretch.type === 'told') for (const { data } of stretch.entries) if (data.length > 0) out.raw(data)
  }
}

/** Not by way of rows, which would be several times slower: a log has many. */
export function readEntries(from: ByteReader): Entry[] {
  const count = from.u32()
  if (count > MAX_ROWS) throw new RangeError(`${count} entries`)
  const indexes = readNumbers(from, count)
  const terms = readNumbers(from, count)
  const types = readField(from, ENTRY_TYPES, count) as readonly Entry['type'][]
  const data = readBlobs(from, count)
  const entries = new Array<Entry>(count)
  for (let i = 0; i < count; i++) {
    entries[i] = {
      index: indexes[i] as number,
      term: terms[i] as number,
      type: types[i] as Entry['type'],
      data: data[i] as Uint8Array,
    }
  }
  return entries
}
