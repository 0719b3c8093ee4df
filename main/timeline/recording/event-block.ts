/** The payload of an event block: what all events share as columns, then each kind that occurs with its own fields. */
import { EVENT_FIELDS, EVENT_KINDS, type EventKind, type TimelineEvent } from '../../node/contract/events'
import { ByteReader, ByteWriter } from './bytes'
import { type Column, type Fields, missing, readField, readNumbers, writeField, writeNumbersOf } from './columns'
import { type MakeEvent, makerOf } from './frequent'

const fieldsOf = (kind: EventKind): Fields => EVENT_FIELDS[kind].fields
const KIND_BY_CODE = new Map<number, EventKind>(EVENT_KINDS.map((kind) => [EVENT_FIELDS[kind].code, kind]))

/** `seq` is not in the payload: the block says the first, and they are consecutive. */
export function encodeEventBlock(events: readonly TimelineEvent[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
  const byKind = new Map<EventKind, TimelineEvent[]>()
  for (const event of events) {
    const rows = byKind.get(event.kind)
    if (rows === undefined) byKind.set(event.kind, [event])
    else rows.push(event)
  }
  out.u32(events.length)
  writeNumbersOf(out, events, (event) => EVENT_FIELDS[event.kind].code)
  writeNumbersOf(out, events, (event) => event.node)
  writeNumbersOf(out, events, (event) => event.n)
  writeNumbersOf(out, events, (event) => event.t)
  out.u8(byKind.size)
  for (const [kind, rows] of byKind) {
    const fields = Object.entries(fieldsOf(kind))
    out.u8(EVENT_FIELDS[kind].code)
    out.u8(fields.length)
    out.u32(rows.length)
    const length = out.length
    out.u32(0)
    for (const [name, type] of fields) writeField(out, name, type, rows)
    out.patchU32(length, out.length - length - 4)
  }
  return out.finish()
}

/** A table of a kind that is not wanted. */
interface Unread {
  readonly unread: EventKind
}

interface KindTable {
  readonly kind: EventKind
  /** By the names of its fields. */
  readonly columns: Readonly<Record<string, Column>>
  readonly make: MakeEvent | undefined
  next: number
}

/** The events of a block again. Throws `RangeError` where the bytes are not such a block. */
export function decodeEventBlock(payload: Uint8Array, firstSeq: number): TimelineEvent[] {
  const events: TimelineEvent[] = []
  readEventBlock(payload, firstSeq, {
    wants: () => true,
    whole: (event) => events.push(event),
    head: () => undefined,
  })
  return events
}

/** What every event has, whatever its kind. */
export type EventHead = Pick<TimelineEvent, 'node' | 'n' | 't' | 'seq'>

export interface EventReader {
  wants(kind: EventKind): boolean
  /** An event of a kind that is wanted. */
  whole(event: TimelineEvent): void
  /** Another one: its fields are not even read. */
  head(event: EventHead, kind: EventKind): void
}

/** Hands over the events of a block in order. Throws `RangeError` where the bytes are not such a block. */
export function readEventBlock(payload: Uint8Array, firstSeq: number, reader: EventReader): void {
  const from = new ByteReader(payload)
  const count = from.u32()
  const codes = readNumbers(from, count)
  const nodes = readNumbers(from, count)
  const ns = readNumbers(from, count)
  const ts = readNumbers(from, count)
  const tables = readTables(from, reader)
  for (let i = 0; i < count; i++) {
    const table = tables.get(codes[i] ?? 0)
    if (table === undefined) throw new RangeError(`no table of kind ${codes[i]}`)
    const [node, n, t, seq] = [nodes[i] as number, ns[i] as number, ts[i] as number, firstSeq + i]
    if ('unread' in table) {
      reader.head({ node, n, t, seq }, table.unread)
      continue
    }
    const row = table.next++
    const { kind, columns, make } = table
    reader.whole(
      make === undefined ? fieldByField({ kind, node, n, t, seq }, columns, row) : make(node, n, t, seq, columns, row),
    )
  }
}

function fieldByField(event: Record<string, unknown>, columns: KindTable['columns'], row: number): TimelineEvent {
  for (const name in columns) event[name] = columns[name]?.[row]
  return event as TimelineEvent
}

function readTables(from: ByteReader, { wants }: EventReader): Map<number, KindTable | Unread> {
  const tables = new Map<number, KindTable | Unread>()
  for (let left = from.u8(); left > 0; left--) {
    const code = from.u8()
    const stored = from.u8()
    const rows = from.u32()
    const bytes = new ByteReader(from.take(from.u32()))
    const kind = KIND_BY_CODE.get(code)
    if (kind === undefined) throw new RangeError(`kind ${code}`)
    if (!wants(kind)) {
      tables.set(code, { unread: kind })
      continue
    }
    // An older writer knew fewer fields; new ones only ever come at the end.
    const columns = Object.entries(fieldsOf(kind)).map(([name, type], place): [string, Column] => [
      name,
      place < stored ? readField(bytes, type, rows) : Array.from({ length: rows }, () => missing(type)),
    ])
    tables.set(code, { kind, columns: Object.fromEntries(columns), make: makerOf(kind), next: 0 })
  }
  return tables
}
