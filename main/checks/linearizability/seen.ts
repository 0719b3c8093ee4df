/** What a search has been at: sets of calls with a state. Sixteen bytes each, and never more than it may have. */

const WORDS = 4
const FIRST = 1 << 12
/** 512 MiB. */
const MOST = 1 << 25

/**
 * A set of (a, b, c, d) of 32 bits each. When it is full it forgets: who asks it again looks once more where it was before, so
 * a search stays right and only takes longer.
 */
export class Seen {
  readonly #most: number
  #table = new Int32Array(FIRST * WORDS)
  #used = new Uint8Array(FIRST)
  #size = 0

  /** @param most slots; a power of two */
  constructor(most = MOST) {
    this.#most = most
  }

  get size(): number {
    return this.#size
  }

  /** False: it was there. */
  add(a: number, b: number, c: number, d: number): boolean {
    if (!this.#put(a, b, c, d)) return false
    this.#size++
    if (this.#size * 2 > this.#used.length) this.#grow()
    return true
  }

  #put(a: number, b: number, c: number, d: number): boolean {
    const table = this.#table
    const mask = this.#used.length - 1
    let slot = (a ^ Math.imul(d, 0x9e3779b1)) & mask
    while (this.#used[slot] === 1) {
      const at = slot * WORDS
      if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return false
      slot = (slot + 1) & mask
    }
    this.#used[slot] = 1
    table.set([a, b, c, d], slot * WORDS)
    return true
  }

  #grow(): void {
    const slots = this.#used.length
    if (slots >= this.#most) {
      this.#used.fill(0)
      this.#size = 0
      return
    }
    const table = this.#table
    const used = this.#used
    this.#table = new Int32Array(slots * 2 * WORDS)
    this.#used = new Uint8Array(slots * 2)
    for (let slot = 0; slot < slots; slot++) {
      if (used[slot] !== 1) continue
      const at = slot * WORDS
      this.#put(table[at] as number, table[at + 1] as number, table[at + 2] as number, table[at + 3] as number)
    }
  }
}
