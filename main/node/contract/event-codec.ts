/**
 * Events as bytes, as they travel from a node to the workbench. Everything follows from {@link EVENT_FIELDS}: an event
 * is `u8 code, u16 node, u32 n, f64 t` and its fields in the order of the table. Names of a list are a u8 (position);
 * text, bytes and entries have their length in bytes (u32) before them.
 */
import { ByteReader, ByteWriter } from './bytes'
import type { EventKind, FieldType, ReportedEvent } from './events'
import { EVENT_FIELDS, EVENT_KINDS } from './events'
import { decodeEntries } from './records'
import { entriesBytes, putEntries } from './records/entries'

/** Bytes of an event before its fields. */
const EVENT_HEADER_BYTES = 15

/** Bytes of a field, where every value of its type takes the same; a name of a list is one byte. */
const FIXED_BYTES: ReadonlyMap<FieldType, number> = new Map<FieldType, number>([
  ['u8', 1],
  ['u16', 2],
  ['u32', 4],
  ['f64', 8],
  ['flag', 1],
])

interface Field {
  readonly name: string
  readonly type: FieldType
  /** Of a list: the code of each name. */
  readonly codes: ReadonlyMap<unknown, number> | undefined
  /** Behind the event's begin, when all fields before it are of fixed size. */
  readonly offset: number
}
interface Shape {
  readonly kind: EventKind
  readonly code: number
  readonly fields: readonly Field[]
  /** Of the whole event; undefined when it varies. */
  readonly bytes: number | undefined
}

const shapes: readonly Shape[] = EVENT_KINDS.map(shapeOf)
const byKind: ReadonlyMap<string, Shape> = new Map(shapes.map((shape) => [shape.kind, shape]))
const byCode: readonly (Shape | undefined)[] = shapes.reduce<(Shape | undefined)[]>((codes, shape) => {
  codes[shape.code] = shape
  return codes
}, [])

function shapeOf(kind: EventKind): Shape {
  const { code } = EVENT_FIELDS[kind]
  let offset = EVENT_HEADER_BYTES
  let isFixed = true
  const fields = Object.entries<FieldType>(EVENT_FIELDS[kind].fields).map(([name, type]): Field => {
    const codes = typeof type === 'string' ? undefined : new Map(type.map((one, at) => [one, at]))
    const size = codes === undefined ? FIXED_BYTES.get(type) : 1
    const field = { name, type, codes, offset }
    isFixed &&= size !== undefined
    offset += size ?? 0
    return field
  })
  return { kind, code, fields, bytes: isFixed ? offset : undefined }
}

/** Adds one event. Throws TypeError when a field does not hold what the table says. */
export function writeEvent(writer: ByteWriter, event: ReportedEvent): void {
  writeEventBody(writer, event.node, event.n, event.t, event)
}

/** The same for an event whose place among its reporter's events is told beside it. */
export function writeEventBody(
  writer: ByteWriter,
  node: number,
  n: number,
  t: number,
  body: { readonly kind: EventKind },
): void {
  const shape = byKind.get(body.kind)
  if (shape === undefined) throw new TypeError(`no such event: ${body.kind}`)
  const values: Readonly<Record<string, unknown>> = body
  const at = writer.reserve(shape.bytes ?? EVENT_HEADER_BYTES)
  const { view } = writer
  view.setUint8(at, shape.code)
  view.setUint16(at + 1, node, true)
  view.setUint32(at + 3, n, true)
  view.setFloat64(at + 7, t, true)
  for (const field of shape.fields) {
    const value = values[field.name]
    // Nearly all events are of fixed size: they are put into place with a single look at the room that there is.
    const isWritten = shape.bytes === undefined ? writeField(writer, field, value) : putField(view, at, field, value)
    if (!isWritten) throw new TypeError(`${body.kind}.${field.name} cannot hold that value`)
  }
}

/** False when `value` is not of the field's type; the table and the compiler keep that from happening. */
function putField(view: DataView, event: number, { type, codes, offset }: Field, value: unknown): boolean {
  const at = event + offset
  if (typeof value === 'number') {
    switch (type) {
      case 'f64':
        view.setFloat64(at, value, true)
        return true
      case 'u32':
        view.setUint32(at, value, true)
        return true
      case 'u16':
        view.setUint16(at, value, true)
        return true
      case 'u8':
        view.setUint8(at, value)
        return true
      default:
        return false
    }
  }
  const code = typeof value === 'boolean' ? flagCode(type, value) : codes?.get(value)
  if (code === undefined) return false
  view.setUint8(at, code)
  return true
}

function flagCode(type: FieldType, value: boolean): number | undefined {
  return type === 'flag' ? Number(value) : undefined
}

/** The same at the end of what was written, for fields of any size. */
function writeField(writer: ByteWriter, field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') return false
      writer.text(value)
      return true
    case 'bytes':
      if (!(value instanceof Uint8Array)) return false
      writer.bytes(value)
      return true
    case 'entries': {
      if (!Array.isArray(value)) return false
      const size = entriesBytes(value)
      writer.u32(size)
      const at = writer.reserve(size)
      putEntries(writer.target, writer.view, at, value)
      return true
    }
    default: {
      const at = writer.reserve(FIXED_BYTES.get(field.type) ?? 1)
      return putField(writer.view, at - field.offset, field, value)
    }
  }
}

function readField(reader: ByteReader, type: FieldType): unknown {
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
    case 'flag':
    case 'text':
    case 'bytes':
      return reader[type]()
    case 'entries':
      return decodeEntries(reader.view())
    default:
      return reader.choice(type, 'name')
  }
}

export function encodeEvents(events: readonly ReportedEvent[]): Uint8Array {
  const writer = new ByteWriter(64 * (events.length + 1))
  for (const event of events) writeEvent(writer, event)
  return writer.finish()
}

/** Throws Problem 'frame-malformed' for an unknown code and for anything that does not fit the table. */
export function decodeEvents(bytes: Uint8Array, peer = ''): ReportedEvent[] {
  const reader: ByteReader = new ByteReader(bytes, peer)
  const events: ReportedEvent[] = []
  while (reader.left > 0) {
    const code = reader.u8()
    const shape = byCode[code]
    if (shape === undefined) reader.fail(`unknown event code ${code}`)
    const event: Record<string, unknown> = { kind: shape.kind, node: reader.u16(), n: reader.u32(), t: reader.f64() }
    for (const { name, type } of shape.fields) event[name] = readField(reader, type)
    // The table says what each kind holds, and every field was just read by it.
    events.push(event as ReportedEvent)
  }
  return events
}
