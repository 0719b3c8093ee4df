/**
 * The few methods of Node's Buffer that reading a timeline needs, for a page that runs without Node. Must be imported before
 * everything that uses them.
 */
class PageBuffer extends Uint8Array {
  static isBuffer(value: unknown): boolean {
    return value instanceof PageBuffer
  }

  static alloc(size: number): PageBuffer {
    return new PageBuffer(size)
  }

  static allocUnsafe(size: number): PageBuffer {
    return new PageBuffer(size)
  }

  static byteLength(value: string | Uint8Array): number {
    return typeof value === 'string' ? encoder.encode(value).length : value.byteLength
  }

  override toString(encoding = 'utf8', start = 0, end = this.length): string {
    const part = this.subarray(start, end)
    if (encoding === 'hex') return Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return decoder.decode(part)
  }

  readDoubleLE(at = 0): number {
    return viewOf(this).getFloat64(at, true)
  }

  readUInt32LE(at = 0): number {
    return viewOf(this).getUint32(at, true)
  }

  writeDoubleLE(value: number, at = 0): number {
    viewOf(this).setFloat64(at, value, true)
    return at + 8
  }

  write(text: string, at = 0): number {
    const bytes = encoder.encode(text)
    this.set(bytes.subarray(0, this.length - at), at)
    return bytes.length
  }

  copy(target: Uint8Array, at = 0, start = 0, end = this.length): number {
    target.set(this.subarray(start, end), at)
    return end - start
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Methods are also called on bytes that are no PageBuffer. */
function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** As Node has it: a copy of bytes, a view of memory, or the bytes of a text. */
function from(value: string | ArrayBuffer | Uint8Array, start?: number, length?: number): PageBuffer {
  if (typeof value === 'string') return from(encoder.encode(value))
  if (value instanceof Uint8Array) return new PageBuffer(value)
  return new PageBuffer(value, start, length)
}

Object.defineProperty(PageBuffer, 'from', { value: from })
Object.defineProperty(globalThis, 'Buffer', { value: PageBuffer, configurable: true })

export {}
