/** Field values of events as JSON and back. Every value has exactly one form, so that a round trip changes no byte. */
import { isUtf8 } from 'node:buffer'
import { decodeCommand, encodeCommand, type SessionCommand } from '../../node/contract/command'
import type { FieldType } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { Entry, EntryType } from '../../raft/types'

/** What is wrong with a value; import adds the line. */
export class Mismatch extends Error {}

const fail = (field: string, wanted: string): never => {
  throw new Mismatch(`${field}: ${wanted} expected`)
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** JSON has no such numbers. */
const SPECIAL = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

export function numberToJson(value: number): Json {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value)
}

export function numberFromJson(value: unknown, field: string): number {
  if (typeof value === 'number' && !Object.is(value, -0)) return value
  return (typeof value === 'string' ? SPECIAL.get(value) : undefined) ?? fail(field, 'a number')
}

/** A whole number from 0 to `max`. */
export function countFromJson(value: unknown, field: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value
  return fail(field, `a whole number from 0 to ${max}`)
}

// ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Text when the bytes are UTF-8, else `{"base64": …}`. */
function bytesToJson(bytes: Uint8Array): Json {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(buffer) ? buffer.toString('utf8') : { base64: buffer.toString('base64') }
}

function bytesFromJson(value: unknown, field: string): Uint8Array {
  if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'utf8'))
  if (isObject(value) && typeof value.base64 === 'string') {
    const bytes = Buffer.from(value.base64, 'base64')
    if (bytes.toString('base64') === value.base64) return new Uint8Array(bytes)
  }
  return fail(field, 'text or {"base64": …}')
}

// ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────────

function entryToJson({ index, term, type, data }: Entry): Json {
  const head = { index: numberToJson(index), term: numberToJson(term), type }
  const command = type === 'command' ? commandOf(data) : undefined
  if (command === undefined) return data.length === 0 ? head : { ...head, data: bytesToJson(data) }
  const { client, sequence, command: what } = command
  const session = { ...head, client, sequence, op: what.op, key: what.key }
  return what.op === 'put' ? { ...session, value: bytesToJson(what.value) } : session
}

/** The command, when it says everything about these bytes. */
function commandOf(data: Uint8Array): SessionCommand | undefined {
  try {
    const command = decodeCommand(data)
    const same = Buffer.compare(encodeCommand(command), data) === 0
    return same && Number.isSafeInteger(command.client) && Number.isSafeInteger(command.sequence) ? command : undefined
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function entryFromJson(value: unknown, field: string): Entry {
  if (!isObject(value)) return fail(field, 'an object')
  const index = numberFromJson(value.index, `${field}.index`)
  const term = numberFromJson(value.term, `${field}.term`)
  const type = oneOf(ENTRY_TYPES, value.type, `${field}.type`)
  if (type === 'command' && value.op !== undefined) return { index, term, type, data: commandFromJson(value, field) }
  const data = value.data === undefined ? new Uint8Array(0) : bytesFromJson(value.data, `${field}.data`)
  return { index, term, type, data }
}

const ENTRY_TYPES: readonly EntryType[] = ['noop', 'command', 'config']

function commandFromJson(value: Readonly<Record<string, unknown>>, field: string): Uint8Array {
  const client = countFromJson(value.client, `${field}.client`, Number.MAX_SAFE_INTEGER)
  const sequence = countFromJson(value.sequence, `${field}.sequence`, Number.MAX_SAFE_INTEGER)
  const op = oneOf(['put', 'get', 'delete'] as const, value.op, `${field}.op`)
  const key = typeof value.key === 'string' ? value.key : fail(`${field}.key`, 'text')
  const command = op === 'put' ? { op, key, value: bytesFromJson(value.value, `${field}.value`) } : { op, key }
  return new Uint8Array(encodeCommand({ client, sequence, command }))
}

function oneOf<T extends string>(known: readonly T[], value: unknown, field: string): T {
  return known.find((name) => name === value) ?? fail(field, `one of ${known.join(', ')}`)
}

// ── any field ─────────────────────────────────────────────────────────────────────────────────────────────────────

const MAX_OF = { u8: 2 ** 8 - 1, u16: 2 ** 16 - 1, u32: 2 ** 32 - 1 } as const

/** The value is of the type that the table gives the field. */
export function valueToJson(type: FieldType, value: unknown): Json {
  if (typeof type !== 'string') return value as string
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
      return value as number
    case 'f64':
      return numberToJson(value as number)
    case 'flag':
      return value as boolean
    case 'text':
      return value as string
    case 'bytes':
      return bytesToJson(value as Uint8Array)
    case 'entries':
      return (value as readonly Entry[]).map(entryToJson)
  }
}

/** Throws {@link Mismatch} naming the field and what it should be. */
export function valueFromJson(type: FieldType, value: unknown, field: string): unknown {
  if (typeof type !== 'string') return oneOf(type, value, field)
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u32':
      return countFromJson(value, field, MAX_OF[type])
    case 'f64':
      return numberFromJson(value, field)
    case 'flag':
      return typeof value === 'boolean' ? value : fail(field, 'true or false')
    case 'text':
      return typeof value === 'string' ? value : fail(field, 'text')
    case 'bytes':
      return bytesFromJson(value, field)
    case 'entries':
      return Array.isArray(value)
        ? value.map((entry, place) => entryFromJson(entry, `${field}[${place}]`))
        : fail(field, 'a list')
  }
}
