/** The log in memory (§5.3). What of it is on disk is `durability.ts`'s business. */
import { broken, invariant } from './invariant'
import type { Entry, Index, Position, Term } from './types'

/** What an entry costs besides its data, counted so that a batch of empty entries is bounded too. */
export const ENTRY_OVERHEAD_BYTES = 32

const START: Position = { index: 0, term: 0 }

/** A stretch of entries with one term; it reaches to the start of the next run. */
interface TermRun {
  readonly term: Term
  readonly first: Index
}

/**
 * Entries with consecutive indexes and terms that never decrease, behind a `base`: the last entry that a snapshot replaced
 * (§7), known by index and term only; {0, 0} when nothing was.
 *
 * Entries sit in one array that begins at `base.index + 1`. Beside them stand the runs of equal terms, a handful even in a
 * long log: a conflict (§5.3) is then found by term without walking entries.
 */
export class RaftLog {
  #base: Position
  #entries: Entry[] = []
  readonly #runs: TermRun[] = []

  /** @throws InvariantViolation when `entries` do not follow `base` or have holes */
  constructor(entries: readonly Entry[] = [], base: Position = START) {
    this.#base = base
    this.append(entries)
  }

  /** The entry before the first one. */
  get base(): Position {
    return this.#base
  }

  get firstIndex(): Index {
    return this.#base.index + 1
  }

  get lastIndex(): Index {
    return this.#base.index + this.#entries.length
  }

  get lastTerm(): Term {
    return this.#runs.at(-1)?.term ?? this.#base.term
  }

  /** The term of the entry at `index`, the base included; undefined before it and beyond the end. */
  termAt(index: Index): Term | undefined {
    if (index === this.#base.index) return this.#base.term
    return this.#entries[index - this.firstIndex]?.term
  }

  /** The consistency check: does this log hold an entry of that term there (§5.3)? Position 0 always matches. */
  matches(index: Index, term: Term): boolean {
    return this.termAt(index) === term
  }

  /** Is a log that ends so at least as up-to-date as this one (§5.4.1)? */
  isUpToDate(lastLogIndex: Index, lastLogTerm: Term): boolean {
    return lastLogTerm > this.lastTerm || (lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)
  }

  /** The first index with `term`, or 0 when there is none. */
  firstIndexOfTerm(term: Term): Index {
    return this.#runs[this.#findRun(term)]?.first ?? 0
  }

  /** The last index with `term`, or 0 when there is none. */
  lastIndexOfTerm(term: Term): Index {
    const position = this.#findRun(term)
    if (position < 0) return 0
    const next = this.#runs[position + 1]
    return next ? next.first - 1 : this.lastIndex
  }

  /** @throws InvariantViolation when an index leaves a hole or a term decreases */
  append(entries: readonly Entry[]): void {
    let { lastIndex, lastTerm } = this
    for (const entry of entries) {
      if (entry.index !== lastIndex + 1) broken(`entry ${entry.index} cannot follow entry ${lastIndex}`)
      if (entry.term < lastTerm) broken(`term ${entry.term} cannot follow term ${lastTerm}`)
      if (this.#runs.length === 0 || entry.term > lastTerm) this.#runs.push({ term: entry.term, first: entry.index })
      this.#entries.push(entry)
      lastIndex = entry.index
      lastTerm = entry.term
    }
  }

  /** Removes every entry with an index ≥ `from`. */
  truncate(from: Index): void {
    invariant(from >= this.firstIndex, `cannot truncate from ${from}, before the first index ${this.firstIndex}`)
    if (from > this.lastIndex) return
    this.#entries.length = from - this.firstIndex
    while ((this.#runs.at(-1)?.first ?? 0) >= from) this.#runs.pop()
  }

  /** Lets everything up to `index` go (§7); what follows stays. */
  compactTo(index: Index): void {
    const term = this.termAt(index)
    invariant(term !== undefined, `cannot compact to ${index}: the log holds ${this.firstIndex}…${this.lastIndex}`)
    this.#entries = this.#entries.slice(index - this.#base.index)
    this.#base = { index, term }
    while (this.#runs[1] !== undefined && this.#runs[1].first <= index + 1) this.#runs.shift()
    if (this.#entries.length === 0) this.#runs.length = 0
    else if (this.#runs[0] !== undefined) this.#runs[0] = { term: this.#runs[0].term, first: index + 1 }
  }

  /** Forgets everything: the log begins, empty, after `base` (§7, a snapshot that conflicts with the log). */
  reset(base: Position): void {
    this.#base = { index: base.index, term: base.term }
    this.#entries = []
    this.#runs.length = 0
  }

  /** Entries `from`…`to`, both included, as far as they exist. */
  slice(from: Index, to: Index): readonly Entry[] {
    return this.#entries.slice(Math.max(0, from - this.firstIndex), Math.max(0, to - this.#base.index))
  }

  /** Entries from `from` on, as many as fit into `maxBytes`, and at least one when there is one. */
  batch(from: Index, maxBytes: number): readonly Entry[] {
    const start = from - this.firstIndex
    let end = start
    let bytes = 0
    for (; end < this.#entries.length; end += 1) {
      bytes += ENTRY_OVERHEAD_BYTES + (this.#entries[end]?.data.byteLength ?? 0)
      if (bytes > maxBytes && end > start) break
    }
    return this.#entries.slice(start, end)
  }

  #findRun(term: Term): number {
    let low = 0
    let high = this.#runs.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#runs[middle]?.term ?? 0
      if (found === term) return middle
      if (found < term) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
