/**
 * The state machine's contents as bytes (§7: what a snapshot holds besides its place in the log). Little-endian:
 *
 *     u32 magic, u32 version, f64 log time, f64 session timeout, u32 sessions, f64 pairs
 *     each session, oldest use first: f64 client, f64 sequence, f64 last used, u8 answer, f64 given (too large) or 0
 *     each pair, in the store's own order: u32 length, key, u32 length, value
 *
 * The disk keeps length and checksum of the whole; what is checked here is that it means something.
 */
import { MAX_FRAME_BYTES } from '../contract/limits'
import { Problem } from '../contract/problem'
import type { Answer, Session } from './sessions'

const MAGIC = 0x31564b52
const VERSION = 1
const HEADER_BYTES = 36
const SESSION_BYTES = 33
const CHUNK_BYTES = 64 << 10

const ANSWERS = ['not-found', 'found', 'too-large'] as const

/** What stands at the beginning. */
export interface Head {
  readonly logTime: number
  readonly sessionTimeoutMs: number
}

export interface Contents extends Head {
  readonly sessions: readonly (readonly [number, Session])[]
  readonly size: number
  readonly pairs: Iterable<readonly [string, Uint8Array]>
}

/** Chunks of 64 KiB, and a last one. Each is made when it is asked for. */
export function* writeSnapshot(contents: Contents): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let filled = 0
  for (const part of partsOf(contents)) {
    for (let at = 0; at < part.length; ) {
      const taken = Math.min(part.length - at, CHUNK_BYTES - filled)
      chunk.set(part.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < CHUNK_BYTES) continue
      yield chunk
      chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      filled = 0
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}

function* partsOf({ logTime, sessionTimeoutMs, sessions, size, pairs }: Contents): Generator<Uint8Array> {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt32LE(VERSION, 4)
  header.writeDoubleLE(logTime, 8)
  header.writeDoubleLE(sessionTimeoutMs, 16)
  header.writeUInt32LE(sessions.length, 24)
  header.writeDoubleLE(size, 28)
  yield header
  for (const [client, session] of sessions) yield sessionPart(client, session)
  for (const [key, value] of pairs) {
    const keyBytes = Buffer.byteLength(key)
    const part = Buffer.allocUnsafe(8 + keyBytes)
    part.writeUInt32LE(keyBytes, 0)
    part.write(key, 4, keyBytes)
    part.writeUInt32LE(value.length, 4 + keyBytes)
    yield part
    yield value
  }
}

function sessionPart(client: number, { sequence, lastUsed, answer }: Session): Uint8Array {
  const part = Buffer.allocUnsafe(SESSION_BYTES)
  part.writeDoubleLE(client, 0)
  part.writeDoubleLE(sequence, 8)
  part.writeDoubleLE(lastUsed, 16)
  const name = answer.kind === 'too-large' ? answer.kind : answer.found ? 'found' : 'not-found'
  part[24] = ANSWERS.indexOf(name)
  part.writeDoubleLE(answer.kind === 'too-large' ? answer.given : 0, 25)
  return part
}

export interface SnapshotSink {
  session(client: number, session: Session): void
  /** `value` is a view: copy it. False when the key was there before. */
  pair(key: string, value: Uint8Array): boolean
}

/** Throws Problem 'snapshot-corrupt'; the sink may have got some of it by then. */
export async function readSnapshot(chunks: AsyncIterable<Uint8Array>, sink: SnapshotSink): Promise<Head> {
  const reader = new SnapshotReader(sink)
  for await (const chunk of chunks) reader.push(chunk)
  return reader.end()
}

/** Takes the bytes as they come, cut anywhere. */
class SnapshotReader {
  readonly #sink: SnapshotSink
  /** What could not be read yet; it has room to grow. */
  #rest = Buffer.alloc(0)
  #filled = 0
  /** Where `#rest` begins in the whole. */
  #offset = 0
  #head: Head | undefined
  #sessions = 0
  #pairs = 0
  #lastUsed = 0
  readonly #clients = new Set<number>()

  constructor(sink: SnapshotSink) {
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    this.#append(chunk)
    let at = 0
    for (;;) {
      const taken = this.#take(this.#rest.subarray(at, this.#filled))
      if (taken === 0) break
      at += taken
      this.#offset += taken
    }
    this.#rest.copyWithin(0, at, this.#filled)
    this.#filled -= at
  }

  end(): Head {
    if (this.#head === undefined || this.#sessions > 0 || this.#pairs > 0) this.#fail('it ends too early')
    if (this.#filled > 0) this.#fail(`${this.#filled} bytes too many`)
    return this.#head
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#filled + chunk.length
    if (needed > this.#rest.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#rest.length * 2))
      grown.set(this.#rest.subarray(0, this.#filled))
      this.#rest = grown
    }
    this.#rest.set(chunk, this.#filled)
    this.#filled = needed
  }

  /** Reads the next thing, if all of it is there; returns its bytes, or 0. */
  #take(bytes: Buffer): number {
    if (this.#head === undefined) return this.#takeHead(bytes)
    if (this.#sessions > 0) return this.#takeSession(bytes, this.#head)
    return this.#pairs > 0 ? this.#takePair(bytes) : 0
  }

  #takeHead(bytes: Buffer): number {
    if (bytes.length < HEADER_BYTES) return 0
    if (bytes.readUInt32LE(0) !== MAGIC) this.#fail('it is no snapshot of the store')
    const version = bytes.readUInt32LE(4)
    if (version !== VERSION) this.#fail(`version ${version} instead of ${VERSION}`)
    this.#head = {
      logTime: this.#duration(bytes.readDoubleLE(8), 'a log time'),
      sessionTimeoutMs: this.#duration(bytes.readDoubleLE(16), 'a timeout'),
    }
    this.#sessions = bytes.readUInt32LE(24)
    this.#pairs = this.#count(bytes.readDoubleLE(28), 'a number of pairs')
    return HEADER_BYTES
  }

  #takeSession(bytes: Buffer, { logTime }: Head): number {
    if (bytes.length < SESSION_BYTES) return 0
    const client = this.#count(bytes.readDoubleLE(0), 'a client')
    const sequence = this.#count(bytes.readDoubleLE(8), 'a sequence')
    const lastUsed = this.#duration(bytes.readDoubleLE(16), 'a time')
    if (client === 0 || this.#clients.has(client)) this.#fail(`client ${client} stands there twice, or cannot be`)
    if (lastUsed < this.#lastUsed || lastUsed > logTime) this.#fail(`client ${client} was used out of order`)
    this.#sink.session(client, { sequence, lastUsed, answer: this.#answer(bytes[24], bytes.readDoubleLE(25)) })
    this.#clients.add(client)
    this.#lastUsed = lastUsed
    this.#sessions -= 1
    return SESSION_BYTES
  }

  #answer(code: number | undefined, given: number): Answer {
    const name = ANSWERS[code ?? -1] ?? this.#fail(`unknown answer ${code}`)
    const bytes = this.#count(given, 'a size')
    return name === 'too-large' ? { kind: name, given: bytes } : { kind: 'done', found: name === 'found' }
  }

  #takePair(bytes: Buffer): number {
    const keyEnd = this.#endAt(bytes, 0)
    if (keyEnd === 0) return 0
    const end = this.#endAt(bytes, keyEnd)
    if (end === 0) return 0
    const key = bytes.toString('utf8', 4, keyEnd)
    if (!this.#sink.pair(key, bytes.subarray(keyEnd + 4, end))) this.#fail(`${key} stands there twice`)
    this.#pairs -= 1
    return end
  }

  /** The end of the bytes whose length stands at `at`; 0 while it is not there. */
  #endAt(bytes: Buffer, at: number): number {
    if (bytes.length < at + 4) return 0
    const length = bytes.readUInt32LE(at)
    if (length > MAX_FRAME_BYTES) this.#fail(`a key or value of ${length} bytes`)
    const end = at + 4 + length
    return bytes.length < end ? 0 : end
  }

  #count(value: number, what: string): number {
    if (!Number.isSafeInteger(value) || value < 0) this.#fail(`${what} cannot be ${value}`)
    return value
  }

  #duration(value: number, what: string): number {
    if (!Number.isFinite(value) || value < 0) this.#fail(`${what} cannot be ${value}`)
    return value
  }

  #fail(reason: string): never {
    throw new Problem('snapshot-corrupt', { file: '', offset: this.#offset, reason })
  }
}
