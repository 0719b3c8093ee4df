/** Little-endian bytes, written and read in order. */

/** A buffer that grows as it is written. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  u16(value: number): void {
    this.#reserve(2)
    this.#view.setUint16(this.#length, value, true)
    this.#length += 2
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** The first `count` of `values`, each as a number of `width` bytes: an f64 (8), or what it is more than `base`, unsigned. */
  packed(values: Float64Array, count: number, width: 1 | 2 | 4 | 8, base: number): void {
    this.#reserve(count * width)
    const view = this.#view
    let at = this.#length
    this.#length += count * width
    switch (width) {
      case 1:
        for (let i = 0; i < count; i++) view.setUint8(at++, (values[i] as number) - base)
        return
      case 2:
        for (let i = 0; i < count; i++, at += 2) view.setUint16(at, (values[i] as number) - base, true)
        return
      case 4:
        for (let i = 0; i < count; i++, at += 4) view.setUint32(at, (values[i] as number) - base, true)
        return
      case 8:
        for (let i = 0; i < count; i++, at += 8) view.setFloat64(at, values[i] as number, true)
        return
    }
  }

  /** Overwrites four bytes that were written before: a length that is known only afterwards. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  /** The bytes so far, as a copy of exactly that size. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    bytes.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}

/** Reads in order; throws `RangeError` at the end, never reads past it. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    const value = this.#view.getUint8(this.#at)
    this.#at += 1
    return value
  }

  u16(): number {
    const value = this.#view.getUint16(this.#at, true)
    this.#at += 2
    return value
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at, true)
    this.#at += 4
    return value
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#at, true)
    this.#at += 8
    return value
  }

  /** The next `length` bytes, sharing memory with the whole. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError(`${length} bytes wanted, ${this.left} left`)
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return bytes
  }
}
