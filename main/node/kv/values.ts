/**
 * Where values are kept. An array buffer of its own for each would cost ten times as much as the rest of a `put`, so small
 * values share one; a shared buffer is freed when the last of its values is gone, which is why it is not larger. The
 * smallest lie on the heap anyway.
 */
const SHARED_BYTES = 8192
const LARGE_BYTES = SHARED_BYTES / 2
/** V8 keeps arrays up to this on its heap. */
const TINY_BYTES = 64

export class Values {
  #shared = new Uint8Array(0)
  #used = 0

  /** Room for a value that lives on; what it holds before it is written is not defined. */
  allocate(bytes: number): Uint8Array {
    if (bytes <= TINY_BYTES || bytes > LARGE_BYTES) return new Uint8Array(bytes)
    if (this.#used + bytes > this.#shared.length) {
      this.#shared = new Uint8Array(SHARED_BYTES)
      this.#used = 0
    }
    const at = this.#used
    this.#used += bytes
    return this.#shared.subarray(at, at + bytes)
  }

  copy(value: Uint8Array): Uint8Array {
    const copy = this.allocate(value.length)
    copy.set(value)
    return copy
  }
}
