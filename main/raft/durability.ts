/** Which of the writes that the core asked for are on disk, and how much of the log in memory that makes durable. */
import { invariant } from './invariant'
import type { Index } from './types'

interface PendingWrite {
  readonly number: number
  /** The last entry that this write makes durable, of those that are still in the log; 0 when there is none. */
  stableTo: Index
}

/**
 * Writes are numbered 1, 2, 3… and become durable in that order.
 *
 * Why a write's reach can shrink: entries that were written but then replaced by another leader's must not count as
 * durable when the acknowledgement of their own write arrives late; the entry that now stands at that index is another
 * one (ABA). So a truncation clips every write under way.
 */
export class Durability {
  readonly #pending: PendingWrite[] = []
  #issued = 0
  #persisted = 0
  #durableIndex: Index

  constructor(durableIndex: Index) {
    this.#durableIndex = durableIndex
  }

  /** The log in memory is on disk up to here. */
  get durableIndex(): Index {
    return this.#durableIndex
  }

  /** The write that everything told so far waits for: 0 when the disk is idle. */
  get awaited(): number {
    return this.#pending.at(-1)?.number ?? 0
  }

  /** Numbers a new write whose entries reach `lastIndex` (0 = it has no entries). */
  issue(lastIndex: Index): number {
    this.#issued += 1
    this.#pending.push({ number: this.#issued, stableTo: lastIndex })
    return this.#issued
  }

  /** The log lost its entries from `from` on. */
  truncate(from: Index): void {
    this.#durableIndex = Math.min(this.#durableIndex, from - 1)
    for (const write of this.#pending) write.stableTo = Math.min(write.stableTo, from - 1)
  }

  /**
   * A snapshot replaces the log. `kept`: up to where the old log counts still, until the write that installs
   * the snapshot is durable.
   */
  install(kept: Index): void {
    this.#durableIndex = Math.min(this.#durableIndex, kept)
    for (const write of this.#pending) write.stableTo = Math.min(write.stableTo, kept)
  }

  /** The disk has `write` and all before it. Repeating an acknowledgement changes nothing. */
  persisted(write: number): void {
    invariant(write <= this.#issued, `write ${write} was never asked for`)
    this.#persisted = Math.max(this.#persisted, write)
    while (this.#pending[0] && this.#pending[0].number <= write) {
      this.#durableIndex = Math.max(this.#durableIndex, this.#pending[0].stableTo)
      this.#pending.shift()
    }
  }

  isPersisted(write: number): boolean {
    return write <= this.#persisted
  }
}
