/** Numbers for entries: all nodes append the same ones, so each is stored, and after reading held in memory, once. */
import type { Entry, Index, Term } from '../../raft/types'
import type { LogStretch, UntoldEntries } from '../fold/entry-log'

/** `count` consecutive numbers from `start` on. */
export interface NumberRun {
  readonly start: number
  readonly count: number
}

/** Numbers equal entries alike, from 0 in order of appearance. */
export class EntryTable {
  #fresh: Fresh[] = []
  #next = 0
  /** By number: logs have their indexes in a row, but a file of others may have any. */
  readonly #shelves = new Map<number, Shelf>()
  /** The one that was asked last, and is nearly always asked next. */
  #latest: Shelf | undefined
  /** Of which nothing was told: the newest last. */
  #untold: NumberedRun[] = []

  idOf(entry: Entry): number {
    const shelf = this.#shelfOf(entry.index)
    const place = entry.index - shelf.from
    const known = shelf.entries[place]
    if (known === undefined) {
      shelf.entries[place] = entry
      shelf.ids[place] = this.#next
      return this.#add(entry)
    }
    if (sameEntry(known, entry)) return shelf.ids[place] as number
    const rival = shelf.rivals.find((other) => sameEntry(other.entry, entry))
    if (rival !== undefined) return rival.id
    shelf.rivals.push({ id: this.#next, entry })
    return this.#add(entry)
  }

  /** The numbers of entries of which nothing was told, in their order. */
  *idsOf({ firstIndex, term, count }: UntoldEntries): Generator<NumberRun, void> {
    const end = firstIndex + count
    for (let index = firstIndex; index < end; ) {
      const known = this.#untold.findLast((run) => run.term === term && run.firstIndex <= index && index < endOf(run))
      const run = known ?? this.#number(index, term, this.#nextUntold(index, end, term) - index)
      const here = Math.min(end, endOf(run)) - index
      yield { start: run.id + index - run.firstIndex, count: here }
      index += here
    }
  }

  /** The entries that got a number since this was asked last, in the order of their numbers. */
  takeFresh(): readonly LogStretch[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }

  /** Lets go of what is far from all of these; an entry that comes again gets a new number. */
  keepRanges(ranges: readonly { readonly firstIndex: number; readonly lastIndex: number }[]): void {
    const isKept = (first: Index, end: Index) =>
      ranges.some(({ firstIndex, lastIndex }) => firstIndex < end && first <= lastIndex)
    for (const [number, { from }] of this.#shelves) if (!isKept(from, from + SHELF)) this.#shelves.delete(number)
    this.#untold = this.#untold.filter((run) => isKept(run.firstIndex, endOf(run)))
    this.#latest = undefined
  }

  /** Where the next run of `term` begins that is known, between `index` and `end`; else `end`. */
  #nextUntold(index: Index, end: Index, term: Term): Index {
    return this.#untold.reduce(
      (next, run) => (run.term === term && run.firstIndex > index ? Math.min(next, run.firstIndex) : next),
      end,
    )
  }

  /** Numbers `count` entries of which nothing was told; returns the run in which they are. */
  #number(firstIndex: Index, term: Term, count: number): NumberedRun {
    const fresh = this.#fresh.at(-1)
    if (fresh?.type === 'untold' && fresh.term === term && endOf(fresh) === firstIndex) fresh.count += count
    else this.#fresh.push({ type: 'untold', firstIndex, term, count })
    const id = this.#next
    this.#next += count
    const last = this.#untold.at(-1)
    if (last !== undefined && last.term === term && endOf(last) === firstIndex && last.id + last.count === id) {
      last.count += count
      return last
    }
    const run = { id, firstIndex, term, count }
    this.#untold.push(run)
    return run
  }

  #shelfOf(index: number): Shelf {
    const number = Math.floor(index / SHELF)
    if (this.#latest?.number === number) return this.#latest
    let shelf = this.#shelves.get(number)
    if (shelf === undefined) {
      shelf = newShelf(number)
      this.#shelves.set(number, shelf)
    }
    this.#latest = shelf
    return shelf
  }

  #add(entry: Entry): number {
    const fresh = this.#fresh.at(-1)
    if (fresh?.type === 'told') fresh.entries.push(entry)
    else this.#fresh.push({ type: 'told', entries: [entry] })
    return this.#next++
  }
}

/** Entries of which nothing was told. */
interface UntoldRun {
  readonly firstIndex: Index
  readonly term: Term
  count: number
}

interface NumberedRun extends UntoldRun {
  /** The number of the first. */
  readonly id: number
}

type Fresh = { readonly type: 'told'; readonly entries: Entry[] } | (UntoldRun & { readonly type: 'untold' })

const endOf = ({ firstIndex, count }: UntoldRun): Index => firstIndex + count

/** So many consecutive indexes share a place in a table, and are forgotten together. */
const SHELF = 32

interface Shelf {
  readonly number: number
  /** Its first index. */
  readonly from: number
  readonly entries: (Entry | undefined)[]
  readonly ids: (number | undefined)[]
  /** Others at the same indexes, where terms disagree about them: almost never any. */
  readonly rivals: { readonly id: number; readonly entry: Entry }[]
}

function newShelf(number: number): Shelf {
  return { number, from: number * SHELF, entries: new Array(SHELF), ids: new Array(SHELF), rivals: [] }
}

export function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true
  return a.index === b.index && a.term === b.term && a.type === b.type && sameBytes(a.data, b.data)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
