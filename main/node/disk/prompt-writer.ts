/**
 * Writes to a file that was opened so that each is on the disk when it returns. A small one on a disk that is quick just now
 * is made on the main loop: two changes of thread cost more than the write itself (measured at one outstanding put: a
 * third more puts per second). Everything else goes to the thread pool, so that a slow disk never holds up heartbeats.
 */
import { write, writeSync } from 'node:fs'

const SMALL_BYTES = 4 << 10
/** A disk is quick while its writes take less than this on average. */
const QUICK_MILLIS = 3
/** The weight of the newest write in that average. */
const NEWEST = 1 / 8

export class PromptWriter {
  readonly #fd: number
  #averageMillis = QUICK_MILLIS
  #underWay = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Resolves with how many bytes it took. Rejects with the error of `node:fs`. */
  async write(bytes: Uint8Array, position: number): Promise<number> {
    const isPrompt = bytes.length <= SMALL_BYTES && this.#averageMillis < QUICK_MILLIS && this.#underWay === 0
    this.#underWay += 1
    const began = performance.now()
    try {
      return await (isPrompt ? this.#afterThisTurn(bytes, position) : this.#inThePool(bytes, position))
    } finally {
      this.#underWay -= 1
      this.#averageMillis += (performance.now() - began - this.#averageMillis) * NEWEST
    }
  }

  /** What the turn sends leaves first: peers write at the same time. */
  #afterThisTurn(bytes: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(writeSync(this.#fd, bytes, 0, bytes.length, position))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  #inThePool(bytes: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#fd, bytes, 0, bytes.length, position, (error, count) => {
        if (error === null) resolve(count)
        else reject(error)
      })
    })
  }
}
