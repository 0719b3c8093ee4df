/**
 * A client's command as the data of a log entry, and as it travels in a client's request: the same bytes, so that a node
 * puts what arrived into its log without building it anew. Little-endian:
 *
 *     u8 op · f64 client · f64 sequence · f64 time · body
 *
 * put, append: u32 length, key, value (the rest) · get, delete: u32 length, key · cas: u32 length, key, u8 whether
 * something is expected, then u32 length and what, value (the rest) · open-session: f64 timeout · close-session: nothing.
 */
import type { ClientRequest, Command, SessionAction } from './client'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from './limits'
import { Problem } from './problem'

/** A client's request as an entry's data. */
export interface LoggedCommand {
  /** 0 = no session. */
  readonly client: number
  readonly sequence: number
  readonly command: Command | SessionAction
  /**
   * The leader's wall clock in milliseconds when it proposed this. Log time is the greatest of them so far: sessions expire
   * by it, the same everywhere.
   */
  readonly time: number
  /**
   * With `open-session`: the leader's setting, 0 or absent = never. The newest one in the log holds for all sessions:
   * nodes that replay the log after the setting was changed must still expire what the others expired.
   */
  readonly sessionTimeoutMs?: number
}

/** In the order of their codes; a code is never reused. */
export const COMMAND_OPS = [
  'put',
  'get',
  'delete',
  'cas',
  'append',
  'open-session',
  'close-session',
] as const satisfies readonly (Command | SessionAction)['op'][]
export type RequestOp = (typeof COMMAND_OPS)[number]

const CLIENT_AT = 1
const SEQUENCE_AT = 9
const TIME_AT = 17
const BODY_AT = 25
const KEY_AT = BODY_AT + 4

/** Where the parts of a command stand in its bytes. */
interface Layout {
  readonly op: RequestOp
  readonly keyEnd: number
  /** Of what a `cas` expects; −1 = nothing. */
  readonly expectedAt: number
  readonly valueAt: number
}

type Fail = (reason: string) => never

function malformed(reason: string): never {
  throw new Problem('frame-malformed', { peer: '', reason })
}

/** Checks everything, so that whoever reads the parts afterwards can't fail. */
function layoutOf(data: Uint8Array, fail: Fail): Layout {
  if (data.length < BODY_AT) fail(`a command of ${data.length} bytes`)
  const op = COMMAND_OPS[data[0] ?? -1] ?? fail(`unknown operation ${data[0]}`)
  if (!isCount(f64At(data, CLIENT_AT))) fail('a client that is no number')
  if (!isCount(f64At(data, SEQUENCE_AT))) fail('a sequence that is no number')
  if (!isDuration(f64At(data, TIME_AT))) fail('a time that is no number')
  switch (op) {
    case 'open-session':
      if (data.length !== BODY_AT + 8 || !isDuration(f64At(data, BODY_AT))) fail('a session without its timeout')
      return { op, keyEnd: 0, expectedAt: -1, valueAt: data.length }
    case 'close-session':
      if (data.length !== BODY_AT) fail('bytes too many')
      return { op, keyEnd: 0, expectedAt: -1, valueAt: data.length }
    default: {
      const keyEnd = endAt(data, BODY_AT, fail)
      if ((op === 'get' || op === 'delete') && keyEnd !== data.length) fail('bytes too many')
      if (op !== 'cas') return { op, keyEnd, expectedAt: -1, valueAt: keyEnd }
      if (data[keyEnd] === 0) return { op, keyEnd, expectedAt: -1, valueAt: keyEnd + 1 }
      if (data[keyEnd] !== 1) fail('a cas that does not say what it expects')
      return { op, keyEnd, expectedAt: keyEnd + 5, valueAt: endAt(data, keyEnd + 1, fail) }
    }
  }
}

/** The end of the bytes whose length stands at `at`. */
function endAt(data: Uint8Array, at: number, fail: Fail): number {
  if (at + 4 > data.length) fail('a length is missing')
  const end = at + 4 + u32At(data, at)
  if (end > data.length) fail(`${end - data.length} bytes are missing`)
  return end
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

// Methods of Buffer work on any bytes; a DataView for each command would cost more than all the rest.
const { readDoubleLE, readUInt32LE, writeDoubleLE } = Buffer.prototype
const f64At = (data: Uint8Array, at: number): number => readDoubleLE.call(data, at)
const u32At = (data: Uint8Array, at: number): number => readUInt32LE.call(data, at)

/** Throws nothing: any command has bytes. Sizes are checked where it is asked ({@link sizeProblem}). */
export function encodeCommand(logged: LoggedCommand): Uint8Array {
  const data = Buffer.allocUnsafe(commandBytes(logged.command))
  putCommand(data, 0, logged)
  return data
}

/** Bytes that {@link putCommand} writes. */
export function commandBytes(command: Command | SessionAction): number {
  switch (command.op) {
    case 'put':
    case 'append':
      return KEY_AT + Buffer.byteLength(command.key) + command.value.length
    case 'get':
    case 'delete':
      return KEY_AT + Buffer.byteLength(command.key)
    case 'cas': {
      const expected = command.expected === null ? 0 : 4 + command.expected.length
      return KEY_AT + Buffer.byteLength(command.key) + 1 + expected + command.value.length
    }
    case 'open-session':
      return BODY_AT + 8
    case 'close-session':
      return BODY_AT
  }
}

/** Writes the command at `at`, where there is room for it. */
export function putCommand(bytes: Buffer, at: number, logged: LoggedCommand): void {
  const { client, sequence, command, time, sessionTimeoutMs = 0 } = logged
  bytes[at] = COMMAND_OPS.indexOf(command.op)
  bytes.writeDoubleLE(client, at + CLIENT_AT)
  bytes.writeDoubleLE(sequence, at + SEQUENCE_AT)
  bytes.writeDoubleLE(time, at + TIME_AT)
  switch (command.op) {
    case 'open-session':
      bytes.writeDoubleLE(sessionTimeoutMs, at + BODY_AT)
      break
    case 'close-session':
      break
    default: {
      const keyBytes = bytes.write(command.key, at + KEY_AT)
      bytes.writeUInt32LE(keyBytes, at + BODY_AT)
      const end = at + KEY_AT + keyBytes
      if (command.op === 'cas') bytes.set(command.value, putExpected(bytes, end, command.expected))
      else if ('value' in command) bytes.set(command.value, end)
    }
  }
}

/** Returns where it ends. */
function putExpected(bytes: Buffer, at: number, expected: Uint8Array | null): number {
  bytes[at] = expected === null ? 0 : 1
  if (expected === null) return at + 1
  bytes.writeUInt32LE(expected.length, at + 1)
  bytes.set(expected, at + 5)
  return at + 5 + expected.length
}

/** Values are views of `data`: copy what is kept. Throws Problem 'frame-malformed' when it is not a command. */
export function decodeCommand(data: Uint8Array): LoggedCommand {
  return logged(data, layoutOf(data, malformed))
}

function logged(data: Uint8Array, layout: Layout): LoggedCommand {
  const command = commandOf(data, layout)
  const client = f64At(data, CLIENT_AT)
  const sequence = f64At(data, SEQUENCE_AT)
  const time = f64At(data, TIME_AT)
  return command.op === 'open-session'
    ? { client, sequence, command, time, sessionTimeoutMs: f64At(data, BODY_AT) }
    : { client, sequence, command, time }
}

function commandOf(data: Uint8Array, { op, keyEnd, expectedAt, valueAt }: Layout): Command | SessionAction {
  if (op === 'open-session' || op === 'close-session') return { op }
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const key = bytes.toString('utf8', KEY_AT, keyEnd)
  switch (op) {
    case 'get':
    case 'delete':
      return { op, key }
    case 'put':
    case 'append':
      return { op, key, value: data.subarray(valueAt) }
    case 'cas': {
      const expected = expectedAt < 0 ? null : data.subarray(expectedAt, valueAt)
      return { op, key, expected, value: data.subarray(valueAt) }
    }
  }
}

/** Why a command is too large (or its key empty); undefined when it is fine. */
export function sizeProblem(command: Command | SessionAction): Problem<'key-size' | 'value-size'> | undefined {
  if (!('key' in command)) return undefined
  const expected = command.op === 'cas' && command.expected !== null ? command.expected.length : 0
  return problemOf(Buffer.byteLength(command.key), Math.max(expected, 'value' in command ? command.value.length : 0))
}

function problemOf(keyBytes: number, valueBytes: number): Problem<'key-size' | 'value-size'> | undefined {
  if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) {
    return new Problem('key-size', { given: keyBytes, max: MAX_KEY_BYTES })
  }
  if (valueBytes > MAX_VALUE_BYTES) return new Problem('value-size', { given: valueBytes, max: MAX_VALUE_BYTES })
  return undefined
}

/**
 * A request as it arrived. Its command is read from the bytes when somebody asks for it: a command on its way into the
 * log never needs it. Keep it no longer than the call: it holds on to the bytes of the whole chunk.
 */
export class ArrivedRequest implements ClientRequest {
  readonly request: number
  readonly consistency: ClientRequest['consistency']
  readonly #data: Uint8Array
  readonly #layout: Layout

  /** `data` is the command as {@link encodeCommand} writes it. Calls `fail` when it is not. */
  constructor(request: number, consistency: ClientRequest['consistency'], data: Uint8Array, fail: Fail) {
    this.request = request
    this.consistency = consistency
    this.#data = data
    this.#layout = layoutOf(data, fail)
  }

  get op(): RequestOp {
    return this.#layout.op
  }

  get client(): number {
    return f64At(this.#data, CLIENT_AT)
  }

  get sequence(): number {
    return f64At(this.#data, SEQUENCE_AT)
  }

  /** Its value is a view. */
  get command(): Command | SessionAction {
    return commandOf(this.#data, this.#layout)
  }

  get sizeProblem(): Problem<'key-size' | 'value-size'> | undefined {
    const { op, keyEnd, expectedAt, valueAt } = this.#layout
    if (op === 'open-session' || op === 'close-session') return undefined
    const expected = expectedAt < 0 ? 0 : valueAt - expectedAt
    return problemOf(keyEnd - KEY_AT, Math.max(expected, this.#data.length - valueAt))
  }

  /** See {@link entryData}. */
  entryData(time: number, sessionTimeoutMs: number): Uint8Array {
    writeDoubleLE.call(this.#data, time, TIME_AT)
    if (this.op === 'open-session') writeDoubleLE.call(this.#data, sessionTimeoutMs, BODY_AT)
    return this.#data
  }
}

/** What is asked for, without reading the rest. */
export function opOf(request: ClientRequest): RequestOp {
  return request instanceof ArrivedRequest ? request.op : request.command.op
}

/**
 * The data of the request's entry: what arrived, with the leader's word written into it. Not copied: whoever keeps it
 * copies.
 */
export function entryData(request: ClientRequest, time: number, sessionTimeoutMs: number): Uint8Array {
  if (request instanceof ArrivedRequest) return request.entryData(time, sessionTimeoutMs)
  const { client, sequence, command } = request
  return encodeCommand({ client, sequence, command, time, sessionTimeoutMs })
}
