/** Field values of events as JSON and back. Every value has exactly one form, so that a round trip changes no byte. */
import { isUtf8 } from 'node:buffer'
import type { Command, SessionAction } from '../../node/contract/client'
import { COMMAND_OPS, decodeCommand, encodeCommand, type LoggedCommand } from '../../node/contract/command'
import { decodeConfiguration, encodeConfiguration } from '../../node/contract/configuration'
import type { FieldType } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { Configuration, Entry, EntryType } from '../../raft/types'

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

/** A number that JSON has: neither NaN nor without end. */
export function finiteFromJson(value: unknown, field: string): number {
  const number = numberFromJson(value, field)
  return Number.isFinite(number) ? number : fail(field, 'a finite number')
}

/** A whole number from 0 to `max`. */
export function countFromJson(value: unknown, field: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value
  return fail(field, `a whole number from 0 to ${max}`)
}

// ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** JSON can name half a character (`\\ud800`), which no UTF-8 can: it would come back as another one. */
function textFromJson(value: unknown, field: string): string {
  if (typeof value !== 'string') return fail(field, 'text')
  return value.isWellFormed() ? value : fail(field, 'text without half a surrogate pair')
}

/** Text when the bytes are UTF-8, else `{"base64": …}`. */
function bytesToJson(bytes: Uint8Array): Json {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(buffer) ? buffer.toString('utf8') : { base64: buffer.toString('base64') }
}

function bytesFromJson(value: unknown, field: string): Uint8Array {
  if (typeof value === 'string') return new Uint8Array(Buffer.from(textFromJson(value, field), 'utf8'))
  if (isObject(value) && typeof value.base64 === 'string') {
    const bytes = Buffer.from(value.base64, 'base64')
    if (bytes.toString('base64') === value.base64) return new Uint8Array(bytes)
  }
  return fail(field, 'text or {"base64": …}')
}

// ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** An entry: `index`, `term`, `type`, then what is in it. */
export function entryToJson({ index, term, type, data }: Entry): Readonly<Record<string, Json>> {
  const head = { index: numberToJson(index), term: numberToJson(term), type }
  if (data.length === 0) return head
  const logged = type === 'command' ? commandOf(data) : undefined
  if (logged !== undefined) return { ...head, ...commandToJson(logged) }
  const configuration = type === 'config' ? configurationOf(data) : undefined
  return configuration === undefined
    ? { ...head, data: bytesToJson(data) }
    : { ...head, configuration: listsOf(configuration) }
}

/** The command, when it says everything about these bytes. */
function commandOf(data: Uint8Array): LoggedCommand | undefined {
  try {
    const command = decodeCommand(data)
    return Buffer.compare(encodeCommand(command), data) === 0 ? command : undefined
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function commandToJson({ client, sequence, time, command, sessionTimeoutMs = 0 }: LoggedCommand) {
  const session = { client, sequence, time: numberToJson(time), op: command.op }
  switch (command.op) {
    case 'put':
    case 'append':
      return { ...session, key: command.key, value: bytesToJson(command.value) }
    case 'get':
    case 'delete':
      return { ...session, key: command.key }
    case 'cas': {
      const expected = command.expected === null ? null : bytesToJson(command.expected)
      return { ...session, key: command.key, expected, value: bytesToJson(command.value) }
    }
    case 'open-session':
      return { ...session, timeout: numberToJson(sessionTimeoutMs) }
    case 'close-session':
      return session
  }
}

/** The configuration, when it says everything about these bytes. */
function configurationOf(data: Uint8Array): Configuration | undefined {
  const configuration = decodeConfiguration(data)
  if (configuration === undefined) return undefined
  return Buffer.compare(encodeConfiguration(configuration), data) === 0 ? configuration : undefined
}

/** Its keys in one order, whoever made it. */
function listsOf({ voters, outgoing, learners, learnersNext, witnesses }: Configuration) {
  return { voters, outgoing, learners, learnersNext, witnesses }
}

function entryFromJson(value: unknown, field: string): Entry {
  if (!isObject(value)) return fail(field, 'an object')
  const foreign = Object.keys(value).find((name) => !ENTRY_NAMES.has(name))
  if (foreign !== undefined) throw new Mismatch(`${field}.${foreign}: no such field of an entry`)
  const index = numberFromJson(value.index, `${field}.index`)
  const term = numberFromJson(value.term, `${field}.term`)
  const type = oneOf(ENTRY_TYPES, value.type, `${field}.type`)
  return { index, term, type, data: dataFromJson(type, value, field) }
}

function dataFromJson(type: EntryType, value: Readonly<Record<string, unknown>>, field: string): Uint8Array {
  if (type === 'command' && value.op !== undefined) {
    const command = commandFromJson(value, field)
    return new Uint8Array(encodeCommand(command))
  }
  if (type === 'config' && value.configuration !== undefined) {
    const data = encodeConfiguration(configurationFromJson(value.configuration, `${field}.configuration`))
    return configurationOf(data) === undefined ? fail(`${field}.configuration`, 'ascending node ids') : data
  }
  return value.data === undefined ? new Uint8Array(0) : bytesFromJson(value.data, `${field}.data`)
}

const ENTRY_NAMES: ReadonlySet<string> = new Set([
  ...['index', 'term', 'type', 'data', 'configuration'],
  ...['client', 'sequence', 'time', 'op', 'key', 'expected', 'value', 'timeout'],
])
const ENTRY_TYPES: readonly EntryType[] = ['noop', 'command', 'config', 'metadata']

function commandFromJson(value: Readonly<Record<string, unknown>>, field: string): LoggedCommand {
  const client = countFromJson(value.client, `${field}.client`, Number.MAX_SAFE_INTEGER)
  const sequence = countFromJson(value.sequence, `${field}.sequence`, Number.MAX_SAFE_INTEGER)
  const time = numberFromJson(value.time, `${field}.time`)
  const op = oneOf(COMMAND_OPS, value.op, `${field}.op`)
  const command = actionFromJson(op, value, field)
  if (op !== 'open-session') return { client, sequence, time, command }
  return { client, sequence, time, command, sessionTimeoutMs: numberFromJson(value.timeout, `${field}.timeout`) }
}

function actionFromJson(
  op: (Command | SessionAction)['op'],
  value: Readonly<Record<string, unknown>>,
  field: string,
): Command | SessionAction {
  if (op === 'open-session' || op === 'close-session') return { op }
  const key = textFromJson(value.key, `${field}.key`)
  switch (op) {
    case 'get':
    case 'delete':
      return { op, key }
    case 'put':
    case 'append':
      return { op, key, value: bytesFromJson(value.value, `${field}.value`) }
    case 'cas': {
      const expected = value.expected === null ? null : bytesFromJson(value.expected, `${field}.expected`)
      return { op, key, expected, value: bytesFromJson(value.value, `${field}.value`) }
    }
  }
}

function configurationFromJson(value: unknown, field: string): Configuration {
  if (!isObject(value)) return fail(field, 'an object')
  const list = (name: keyof Configuration): readonly number[] => {
    const ids = value[name]
    if (!Array.isArray(ids)) return fail(`${field}.${name}`, 'a list')
    return ids.map((id, place) => countFromJson(id, `${field}.${name}[${place}]`, MAX_OF.u16))
  }
  return {
    voters: list('voters'),
    outgoing: list('outgoing'),
    learners: list('learners'),
    learnersNext: list('learnersNext'),
    witnesses: list('witnesses'),
  }
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
      return textFromJson(value, field)
    case 'bytes':
      return bytesFromJson(value, field)
    case 'entries':
      return Array.isArray(value)
        ? value.map((entry, place) => entryFromJson(entry, `${field}[${place}]`))
        : fail(field, 'a list')
  }
}
