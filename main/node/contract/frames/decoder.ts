/** Bytes from a socket, in chunks of any size, to whole frame bodies. */
import { MAX_FRAME_BYTES } from '../limits'
import { Problem } from '../problem'

const LENGTH_BYTES = 4
/** A frame that has begun gets at least this much room. */
const MIN_ROOM = 4096
/** And at most so many times as much as is there of it: a mere length claims no memory. */
const ROOM_FACTOR = 4

export type EachBody = (bytes: Uint8Array, from: number, to: number) => void

// Works on any bytes; a DataView for each frame would cost more than the reading.
const { readUInt32LE } = Buffer.prototype

/** Cuts a stream into the bodies between its length prefixes. Each byte is copied at most a few times. */
export class FrameSplitter {
  readonly #peer: string
  /** A frame that has begun but not ended, length prefix included. */
  #partial: Buffer | undefined
  #filled = 0

  constructor(peer: string) {
    this.#peer = peer
  }

  /**
   * Calls `each` for every body that `chunk` completes, in order: it stands in `bytes`, which may be `chunk`, from `from` to
   * `to`. Throws Problem 'frame-malformed' for a length that no frame has.
   */
  push(chunk: Uint8Array, each: EachBody): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#partial === undefined) {
        const size = this.#sizeAt(chunk, at, chunk.length - at)
        if (size > LENGTH_BYTES && chunk.length - at >= size) {
          each(chunk, at + LENGTH_BYTES, at + size)
          at += size
          continue
        }
        this.#partial = Buffer.allocUnsafeSlow(roomFor(chunk.length - at, size))
        this.#filled = 0
      }
      at = this.#fill(this.#partial, chunk, at, each)
    }
  }

  /** Adds to the frame that has begun; returns where the chunk goes on. */
  #fill(partial: Buffer, chunk: Uint8Array, from: number, each: EachBody): number {
    const wanted = this.#sizeAt(partial, 0, this.#filled)
    const end = Math.min(chunk.length, from + wanted - this.#filled)
    const buffer = this.#room(partial, this.#filled + end - from, wanted)
    buffer.set(chunk.subarray(from, end), this.#filled)
    this.#filled += end - from
    if (this.#filled > LENGTH_BYTES && this.#filled === wanted) {
      this.#partial = undefined
      each(buffer, LENGTH_BYTES, wanted)
    }
    return end
  }

  #room(partial: Buffer, needed: number, wanted: number): Buffer {
    if (needed <= partial.length) return partial
    const grown = Buffer.allocUnsafeSlow(roomFor(needed, wanted))
    partial.copy(grown, 0, 0, this.#filled)
    this.#partial = grown
    return grown
  }

  /** Bytes of the frame at `at`, prefix included; of the prefix alone while that is not complete. */
  #sizeAt(bytes: Uint8Array, at: number, available: number): number {
    if (available < LENGTH_BYTES) return LENGTH_BYTES
    const length = readUInt32LE.call(bytes, at)
    if (length < 1 || length > MAX_FRAME_BYTES) {
      throw new Problem('frame-malformed', { peer: this.#peer, reason: `a frame of ${length} bytes` })
    }
    return LENGTH_BYTES + length
  }
}

function roomFor(there: number, wanted: number): number {
  return Math.min(wanted, Math.max(MIN_ROOM, there * ROOM_FACTOR))
}
