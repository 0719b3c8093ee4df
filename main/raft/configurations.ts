/** The configurations in a server's log (§6: a server always uses the latest one in its log, committed or not). */
import { type Configuration, decodeConfiguration } from './configuration'
import { invariant } from './invariant'
import type { Entry, Index } from './types'

export interface Placed {
  /** 0 = the first configuration, before any entry. */
  readonly index: Index
  readonly configuration: Configuration
}

/**
 * The oldest one is committed (or the first of all) and never goes; those after it go with their entries when the log is
 * truncated, however many there are (dissertation §4.1).
 */
export class Configurations {
  #placed: readonly [Placed, ...Placed[]]

  constructor(oldest: Placed, entries: readonly Entry[]) {
    this.#placed = [oldest]
    this.append(entries)
  }

  get latest(): Placed {
    return this.#placed[this.#placed.length - 1] ?? this.#placed[0]
  }

  /** The one in force at `index`. */
  at(index: Index): Placed {
    return this.#placed.findLast((placed) => placed.index <= index) ?? this.#placed[0]
  }

  /** Takes up the configurations among `entries`; returns true when there is one. */
  append(entries: readonly Entry[]): boolean {
    let found = false
    for (const entry of entries) {
      if (entry.type !== 'config' || entry.index <= this.latest.index) continue
      const configuration = decodeConfiguration(entry.data)
      invariant(configuration !== undefined, `entry ${entry.index} holds no configuration`)
      this.#placed = [...this.#placed, { index: entry.index, configuration }]
      found = true
    }
    return found
  }

  /** The log lost its entries from `from` on; returns true when a configuration was among them. */
  truncate(from: Index): boolean {
    const [oldest, ...later] = this.#placed
    const kept = later.filter(({ index }) => index < from)
    this.#placed = [oldest, ...kept]
    return kept.length < later.length
  }

  /** Nothing before `index` can be asked for or rolled back to any more. */
  forgetBefore(index: Index): void {
    const oldest = this.at(index)
    this.#placed = [oldest, ...this.#placed.filter((placed) => placed.index > oldest.index)]
  }

  /** A snapshot says what was in force at its index; later ones stay when the log does. */
  restore(oldest: Placed, keepsLog: boolean): void {
    this.#placed = [oldest, ...(keepsLog ? this.#placed.filter(({ index }) => index > oldest.index) : [])]
  }
}
