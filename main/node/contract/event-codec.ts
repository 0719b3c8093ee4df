/**
 * Events as bytes, as they travel from a node to the workbench. Everything follows from {@link EVENT_FIELDS}: an event
 * is `u8 code, u16 node, u32 n, f64 t` and its fields in the order of the table. Names of a list are a u8 (position);
 * text, bytes and entries have their length in bytes (u32) before them.
 */
import { ByteReader, ByteWriter } from './bytes'
import type { EventKind, FieldType, ReportedEvent } from './events'
import { EVENT_FIELDS, EVENT_KINDS } from './events'
import { decodeEntries, encodeEntries } from './records'

/** Bytes of an event before its fields. */
export const EVENT_HEADER_BYTES = 15

interface Field {
  readonly name: string
  readonly type: FieldType
}
interface Shape {
  readonly kind: EventKind
  readonly code: number
  readonly fields: readonly Field[]
}

const shapes: readonly Shape[] = EVENT_KINDS.map((kind) => {
  const { code, fields } = EVENT_FIELDS[kind]
  return { kind, code, fields: Object.entries(fields).map(([name, type]) => ({ name, type })) }
})
const byKind = new Map<string, Shape>(shapes.map((shape) => [shape.kind, shape]))
const byCode: readonly (Shape | undefined)[] = shapes.reduce<(Shape | undefined)[]>((codes, shape) => {
  codes[shape.code] = shape
  return codes
}, [])

/** Adds one event. Throws TypeError when a field does not hold what the table says. */
export function writeEvent(writer: ByteWriter, event: ReportedEvent): void {
  const shape = byKind.get(event.kind)
  if (shape === undefined) throw new TypeError(`no such event: ${event.kind}`)
  writer.u8(shape.code)
  writer.u16(event.node)
  writer.u32(event.n)
  writer.f64(event.t)
  const values: Readonly<Record<string, unknown>> = event
  for (const { name, type } of shape.fields) {
    if (!writeField(writer, type, values[name])) throw new TypeError(`${event.kind}.${name} cannot hold that value`)
  }
}

/** False when `value` is not of `type`; the table and the compiler keep that from happening. */
function writeField(writer: ByteWriter, type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
      if (typeof value !== 'number') return false
      writer[type](value)
      return true
    case 'flag':
      if (typeof value !== 'boolean') return false
      writer.flag(value)
      return true
    case 'text':
      if (typeof value !== 'string') return false
      writer.text(value)
      return true
    case 'bytes':
      if (!(value instanceof Uint8Array)) return false
      writer.bytes(value)
      return true
    case 'entries':
      if (!Array.isArray(value)) return false
      writer.bytes(encodeEntries(value))
      return true
    default: {
      const code = typeof value === 'string' ? type.indexOf(value) : -1
      if (code >= 0) writer.u8(code)
      return code >= 0
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
