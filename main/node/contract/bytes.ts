/** Writing and reading little-endian bytes with a limit on everything read. */
import { Problem } from './problem'

/** Grows as it is written to. Integers above 32 bits travel as f64: exact up to 2^53, which is all that we count to. */
export class ByteWriter {
  #bytes: Buffer
  #view: DataView
  #at = 0

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity)
    this.#view = viewOf(this.#bytes)
  }

  get length(): number {
    return this.#at
  }

  u8(value: number): void {
    const at = this.reserve(1)
    this.#view.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.reserve(2)
    this.#view.setUint16(at, value, true)
  }

  u32(value: number): void {
    const at = this.reserve(4)
    this.#view.setUint32(at, value, true)
  }

  f64(value: number): void {
    const at = this.reserve(8)
    this.#view.setFloat64(at, value, true)
  }

  flag(value: boolean): void {
    this.u8(value ? 1 : 0)
  }

  /** Bytes with their length (u32) before them. */
  bytes(value: Uint8Array): void {
    this.u32(value.length)
    this.rest(value)
  }

  /** Text as UTF-8 with its length in bytes (u32) before it. */
  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.u32(size)
    const at = this.reserve(size)
    this.#bytes.write(value, at, size)
  }

  /** Bytes without a length: the last thing of a body, or something that knows its own. */
  rest(value: Uint8Array): void {
    const at = this.reserve(value.length)
    this.#bytes.set(value, at)
  }

  /**
   * Room for `size` bytes; returns where it begins. Whoever fills it looks at {@link target} and {@link view} only then:
   * they may be others afterwards.
   */
  reserve(size: number): number {
    const at = this.#at
    const end = at + size
    if (end > this.#bytes.length) this.#grow(end)
    this.#at = end
    return at
  }

  /** Where the bytes are written to. */
  get target(): Buffer {
    return this.#bytes
  }

  get view(): DataView {
    return this.#view
  }

  /** Puts a u32 where one was written before. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  /** Forgets what was written from `at` on. */
  cut(at: number): void {
    this.#at = at
  }

  /** What was written. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  #grow(end: number): void {
    const grown = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
    this.#view = viewOf(grown)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Reads what {@link ByteWriter} wrote. Everything it can't read is a Problem 'frame-malformed' that blames `peer`. */
export class ByteReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #peer: string
  #at = 0
  #end: number

  constructor(bytes: Uint8Array, peer = '') {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = viewOf(bytes)
    this.#peer = peer
    this.#end = bytes.length
  }

  /** Reads `from`…`to` next, and nothing else: one reader serves for all that lies in the same bytes. */
  window(from: number, to: number): void {
    this.#at = from
    this.#end = to
  }

  get left(): number {
    return this.#end - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** A count or an identifier: an integer from 0 to 2^53 − 1, as f64. */
  count(what: string): number {
    const value = this.f64()
    if (!Number.isSafeInteger(value) || value < 0) this.fail(`${what} cannot be ${value}`)
    return value
  }

  flag(): boolean {
    const value = this.u8()
    if (value > 1) this.fail(`a flag cannot be ${value}`)
    return value === 1
  }

  /** One of `names`, by its position. */
  choice<T>(names: readonly T[], what: string): T {
    const code = this.u8()
    const name = names[code]
    if (name === undefined) this.fail(`unknown ${what} ${code}`)
    return name
  }

  /** A view of bytes that have their length before them; copy it to keep it. */
  view(): Uint8Array {
    const size = this.u32()
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size)
  }

  /** A copy of bytes that have their length before them. */
  bytes(): Uint8Array {
    return new Uint8Array(this.view())
  }

  /** Text; bytes that are not UTF-8 read as U+FFFD. */
  text(): string {
    const size = this.u32()
    const at = this.#take(size)
    return this.#bytes.toString('utf8', at, at + size)
  }

  /** A view of everything that is left. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#take(this.left), this.#end)
  }

  end(): void {
    if (this.left > 0) this.fail(`${this.left} bytes too many`)
  }

  fail(reason: string): never {
    throw new Problem('frame-malformed', { peer: this.#peer, reason })
  }

  #take(size: number): number {
    if (size > this.left) this.fail(`${size} bytes wanted, ${this.left} left`)
    const at = this.#at
    this.#at += size
    return at
  }
}
