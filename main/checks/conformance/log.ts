/** The log of one server as the specification needs it: terms by index, and nothing else. */

/** A stretch of entries of one term; it reaches to the next run, or to the end. */
export interface Run {
  readonly first: number
  readonly term: number
}

/** Runs of consecutive entries up to `last`. */
export interface Terms {
  readonly runs: readonly Run[]
  readonly last: number
}

/** The term at an index; undefined where the runs say nothing. */
export function termIn({ runs, last }: Terms, index: number): number | undefined {
  if (index > last) return undefined
  let low = 0
  let high = runs.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const run = runs[middle]
    if (run === undefined) return undefined
    if (run.first > index) high = middle - 1
    else if ((runs[middle + 1]?.first ?? Number.POSITIVE_INFINITY) > index) return run.term
    else low = middle + 1
  }
  return undefined
}

/** Terms never fall, so a long log is a handful of runs. Whatever is told is taken; what is allowed is judged elsewhere. */
export class SpecLog implements Terms {
  runs: Run[] = []
  /** The entry before the first. */
  base: { readonly index: number; readonly term: number }
  last: number

  constructor(index: number, term: number) {
    this.base = { index, term }
    this.last = index
  }

  get lastTerm(): number {
    return this.runs.at(-1)?.term ?? this.base.term
  }

  /** Of the base as well, where that is known; undefined before it and beyond the end. */
  termAt(index: number): number | undefined {
    if (index === this.base.index) return this.isBaseKnown ? this.base.term : undefined
    // Mostly one asks for the end.
    const run = this.runs.at(-1)
    if (run !== undefined && index >= run.first && index <= this.last) return run.term
    return termIn(this, index)
  }

  /** Recordings of old do not tell the term before the log. */
  get isBaseKnown(): boolean {
    return this.base.index === 0 || this.base.term > 0
  }

  /** Puts `count` entries of one term at `first`; what stood there goes. */
  append(first: number, count: number, term: number): void {
    if (first > this.last + 1 || first <= this.base.index) this.reset(first - 1, 0)
    else if (first <= this.last) this.truncate(first)
    if (count === 0) return
    if (this.runs.at(-1)?.term !== term) this.runs.push({ first, term })
    this.last = first + count - 1
  }

  truncate(from: number): void {
    if (from > this.last) return
    this.last = Math.max(from - 1, this.base.index)
    while ((this.runs.at(-1)?.first ?? 0) > this.last) this.runs.pop()
  }

  /** Entries up to `index`, the last of `term`, go. */
  compact(index: number, term: number): void {
    if (index <= this.base.index) return
    if (index >= this.last) {
      this.reset(index, term)
      return
    }
    const next = this.termAt(index + 1) ?? 0
    this.runs = [{ first: index + 1, term: next }, ...this.runs.filter(({ first }) => first > index + 1)]
    this.base = { index, term }
  }

  reset(index: number, term: number): void {
    this.runs = []
    this.base = { index, term }
    this.last = index
  }

  /** Entries `from`…`to` by themselves, as they are now. */
  slice(from: number, to: number): Terms {
    const run = this.runs.at(-1)
    if (from > to) return { runs: [], last: to }
    if (run !== undefined && from >= run.first) return { runs: [{ first: from, term: run.term }], last: to }
    const first = this.termAt(from)
    const later = this.runs.filter((each) => each.first > from && each.first <= to)
    return { runs: first === undefined ? later : [{ first: from, term: first }, ...later], last: to }
  }

  /** The first index in `from`…`to` at which another log has another term, or nothing; undefined: they are the same there. */
  difference(other: SpecLog, from: number, to: number): number | undefined {
    if (from > to) return undefined
    const places = [from, to]
    for (const { first } of [...this.runs, ...other.runs]) if (first > from && first < to) places.push(first)
    if (other.last < to) places.push(Math.max(from, other.last + 1))
    places.sort((a, b) => a - b)
    return places.find((index) => this.termAt(index) !== other.termAt(index))
  }
}
