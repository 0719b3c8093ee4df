/** The entries of a log, in order, as a fold keeps them: of those that were not told only where they stand. */
import type { Entry, Index, Term } from '../../raft/types'
import type { LogEntries, NodeState } from '../state'

/** Commands in a row, of one term, of which nothing was told but that they are there. */
export interface UntoldEntries {
  readonly type: 'untold'
  /** Index of the first. */
  readonly firstIndex: Index
  readonly term: Term
  readonly count: number
}

export interface ToldEntries {
  readonly type: 'told'
  readonly entries: readonly Entry[]
}

export type LogStretch = ToldEntries | UntoldEntries

/** `from`: the place of its first entry, counted from a place that stays the same while the log's beginning goes. */
type Segment =
  | { readonly from: number; readonly type: 'told'; readonly entries: Entry[] }
  | { readonly from: number; readonly type: 'untold'; readonly firstIndex: Index; readonly term: Term; count: number }

const NO_DATA = new Uint8Array(0)

/** A command of which nothing was told but that it is there. */
export function untoldEntry(index: Index, term: Term): Entry {
  return { index, term, type: 'command', data: NO_DATA }
}

/**
 * Below level `entry` nearly all entries are alike but for their index, and a busy cluster has tens of thousands of them in a
 * second on each node: as objects they were half of what recording costs (docs/performance.md, telemetry).
 */
export class EntryLog implements LogEntries {
  /** In order, none of them empty. */
  #segments: Segment[] = []
  /** The place of the first entry, counted as segments count. */
  #begin = 0
  #end = 0

  get length(): number {
    return this.#end - this.#begin
  }

  at(place: number): Entry | undefined {
    const at = (place < 0 ? this.#end : this.#begin) + place
    const segment = at < this.#begin ? undefined : this.#segments[this.#segmentOf(at)]
    if (segment === undefined || at >= this.#end) return undefined
    const within = at - segment.from
    return segment.type === 'told' ? segment.entries[within] : untoldEntry(segment.firstIndex + within, segment.term)
  }

  slice(from = 0, to = this.length): readonly Entry[] {
    const begin = from < 0 ? Math.max(0, this.length + from) : from
    const end = to < 0 ? this.length + to : to
    const entries: Entry[] = []
    for (const stretch of this.stretches(begin, end)) {
      if (stretch.type === 'told') for (const entry of stretch.entries) entries.push(entry)
      else for (let i = 0; i < stretch.count; i++) entries.push(untoldEntry(stretch.firstIndex + i, stretch.term))
    }
    return entries
  }

  *[Symbol.iterator](): Generator<Entry, void> {
    for (const stretch of this.stretches()) {
      if (stretch.type === 'told') yield* stretch.entries
      else for (let i = 0; i < stretch.count; i++) yield untoldEntry(stretch.firstIndex + i, stretch.term)
    }
  }

  /** The entries from place `from` to before place `to`, part by part. Good until the log changes. */
  *stretches(from = 0, to = this.length): Generator<LogStretch, void> {
    const [begin, end] = [this.#begin + from, Math.min(this.#end, this.#begin + to)]
    if (begin >= end) return
    for (let number = this.#segmentOf(begin); number < this.#segments.length; number++) {
      const segment = this.#segments[number] as Segment
      if (segment.from >= end) return
      const [first, last] = [
        Math.max(begin, segment.from) - segment.from,
        Math.min(end - segment.from, sizeOf(segment)),
      ]
      if (segment.type === 'told') yield { type: 'told', entries: segment.entries.slice(first, last) }
      else yield { type: 'untold', firstIndex: segment.firstIndex + first, term: segment.term, count: last - first }
    }
  }

  /** Is any entry here a command of which nothing was told? */
  get hasUntold(): boolean {
    return this.#segments.some(
      (segment) => segment.type === 'untold' || segment.entries.some((entry) => isUntold(entry)),
    )
  }

  push(entry: Entry): void {
    const last = this.#segments.at(-1)
    if (last?.type === 'told') last.entries.push(entry)
    else this.#segments.push({ from: this.#end, type: 'told', entries: [entry] })
    this.#end++
  }

  /** `count` commands of `term` of which nothing was told, from `firstIndex` on. */
  pushUntold(firstIndex: Index, term: Term, count: number): void {
    if (count <= 0) return
    const last = this.#segments.at(-1)
    if (last?.type === 'untold' && last.term === term && last.firstIndex + last.count === firstIndex)
      last.count += count
    else this.#segments.push({ from: this.#end, type: 'untold', firstIndex, term, count })
    this.#end += count
  }

  /** Only the first `length` entries stay. */
  truncate(length: number): void {
    const end = this.#begin + Math.max(0, length)
    if (end >= this.#end) return
    this.#end = end
    const kept = this.#segmentOf(end - 1) + 1
    this.#segments.length = kept
    const last = this.#segments[kept - 1]
    if (last?.type === 'told') last.entries.length = end - last.from
    else if (last !== undefined) last.count = end - last.from
  }

  /** The first `count` entries go. */
  dropFront(count: number): void {
    const begin = Math.min(this.#end, this.#begin + Math.max(0, count))
    const gone = this.#segments.findIndex((segment) => segment.from + sizeOf(segment) > begin)
    this.#segments = gone < 0 ? [] : this.#segments.slice(gone)
    this.#begin = begin
    const [first] = this.#segments
    if (first === undefined || first.from >= begin) return
    const cut = begin - first.from
    this.#segments[0] =
      first.type === 'told'
        ? { from: begin, type: 'told', entries: first.entries.slice(cut) }
        : { ...first, from: begin, firstIndex: first.firstIndex + cut, count: first.count - cut }
  }

  /** The number of the last segment that begins at `at` or before; −1 when none does. */
  #segmentOf(at: number): number {
    // Nearly everybody asks about the end.
    let [low, high] = [0, this.#segments.length - 1]
    if ((this.#segments[high]?.from ?? 0) <= at) return high
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#segments[middle] as Segment).from <= at) low = middle
      else high = middle - 1
    }
    return (this.#segments[low]?.from ?? Number.POSITIVE_INFINITY) <= at ? low : -1
  }
}

/** The entry at `index` of a log that was read from its first entry on; undefined when it has none there. */
export function entryOf({ log, firstIndex }: Pick<NodeState, 'log' | 'firstIndex'>, index: Index): Entry | undefined {
  // An array's last ones have negative places as well.
  return index < firstIndex ? undefined : log.at(index - firstIndex)
}

/** Is this a command of which nothing was told? One that was has at least its operation. */
export function isUntold({ type, data }: Entry): boolean {
  return type === 'command' && data.length === 0
}

/** How many entries it has. */
export function sizeOf(stretch: LogStretch): number {
  return stretch.type === 'told' ? stretch.entries.length : stretch.count
}
