/**
 * Draws a timeline of any length from afar. What the file's summaries say is held in memory, thinned so that it never takes
 * more than so much; what has none yet (the end of a recording that grows, one whose writer was killed, one of an older
 * version) is summarized here, block by block. A short span is counted finer than the summaries are.
 */
import type { TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { BlockIndex, EventBlock } from '../recording/block-index'
import { Cache } from '../recording/cache'
import type { BlockInfo } from '../recording/format'
import { CELL_EVENTS, type Cell, join, newCell } from './cells'
import { decodeSummary } from './codec'
import { standingAt, thinned } from './landmarks'
import { type Summary, summaryOf, summaryOfBlock } from './summary'
import type { CallDensity, LaneDensity, Overview, OverviewRange } from './types'

export interface OverviewParts {
  readonly index: BlockIndex
  readonly open: () => readonly TimelineEvent[]
  /** The payload of a block; throws a `Problem` where it is damaged. */
  readonly payload: (block: EventBlock | BlockInfo) => Promise<Uint8Array>
  /** Whether blocks are still added. */
  readonly growing: () => boolean
}

/** So many cells are held; when there are more, each two become one. */
const MOST_CELLS = 1 << 16
/** So many landmarks are held, and handed out at most. */
const MOST_LANDMARKS = 100_000
const MOST_SHOWN = 6_000
/** A span of at most so many blocks is counted in finer cells than the summaries have. */
const FINE_BLOCKS = 48
const FINE_CELL_EVENTS = 16
const FINE_CACHE_BYTES = 24 << 20
/** Roughly what a fine summary of one event takes. */
const FINE_BYTES = 40
/** While a recording grows, its last blocks wait for the file's own summary. */
const WAITING_BLOCKS = 40
/** So many summaries are read at once. */
const READ_AHEAD = 12
/** One question is answered after at most so long, though not everything has been looked at. */
const PATIENCE_MILLIS = 250

export class Overviews {
  readonly #parts: OverviewParts
  readonly #fine = new Cache<EventBlock, Summary>(FINE_CACHE_BYTES)
  #cells: Cell[] = []
  #cellEvents = CELL_EVENTS
  #landmarks: TimelineEvent[] = []
  /** Everything before this `seq` is in `#cells`. */
  #covered = 0
  #nextSummary = 0
  #damaged = 0
  #work: Promise<void> | undefined
  /** Summaries that are being read before their turn: one after the other, the disk's answers would add up. */
  readonly #ahead = new Map<BlockInfo, Promise<Uint8Array>>()
  #closed = false

  constructor(parts: OverviewParts) {
    this.#parts = parts
  }

  async of(range: OverviewRange, signal?: AbortSignal): Promise<Overview> {
    const deadline = performance.now() + PATIENCE_MILLIS
    this.#work ??= this.#cover().finally(() => {
      this.#work = undefined
    })
    // It goes on when nobody waits any more: the next question finds more.
    await Promise.race([this.#work, after(deadline - performance.now())])
    signal?.throwIfAborted()
    const { index } = this.#parts
    const open = [...this.#parts.open()]
    const touches = ({ header }: EventBlock) => header.maxT >= range.from && header.minT < range.to
    const seen = index.events.filter(touches)
    const fine = seen.length <= FINE_BLOCKS
    const covered = this.#covered
    const picture = new Picture(range)
    // Cells before the span tell what was committed when it begins.
    for (const cell of this.#cells) if (!fine || cell.to < range.from) picture.add(cell)
    const found = new Map(this.#landmarks.map((event) => [event.seq, event]))
    let whole = true
    let damaged = fine ? 0 : this.#damaged
    const blocks = fine
      ? [...seen, ...index.events.slice(index.blockOf(covered)).filter((block) => !touches(block))]
      : seen
    for (const block of blocks) {
      const { first, count, minT, maxT } = block.header
      if (!fine && first + count <= covered) continue
      if (minT >= range.to) continue
      if ((fine && touches(block)) || this.#waits(block)) {
        try {
          const { cells, landmarks } = await this.#fineOf(block)
          for (const cell of cells) picture.add(cell)
          for (const event of landmarks) found.set(event.seq, event)
          continue
        } catch (error) {
          if (!isDamage(error)) throw error
          damaged++
        }
      } else whole = false
      picture.add({ ...newCell(first, minT), to: maxT, events: count })
    }
    const rest = summaryOf(open, FINE_CELL_EVENTS)
    for (const cell of rest.cells) picture.add(cell)
    for (const event of rest.landmarks) found.set(event.seq, event)
    const landmarks = [...found.values()].sort((a, b) => a.seq - b.seq)
    return { ...picture.take(), landmarks: shown(landmarks, range), whole, damaged }
  }

  close(): void {
    this.#closed = true
  }

  #fineOf(block: EventBlock): Promise<Summary> {
    const { first, count } = block.header
    return this.#fine.get(block, count * FINE_BYTES, async () =>
      summaryOfBlock(await this.#parts.payload(block), first, FINE_CELL_EVENTS),
    )
  }

  /** Whether a summary of the file is still to come for it. */
  #waits(block: EventBlock): boolean {
    const { growing, index } = this.#parts
    const first = index.events.at(-WAITING_BLOCKS)?.header.first ?? 0
    return growing() && block.header.first >= first
  }

  /** Takes in what is there: the file's own summaries, and where there is none, the events. */
  async #cover(): Promise<void> {
    const { index } = this.#parts
    while (!this.#closed) {
      const summary = index.summaries[this.#nextSummary]
      const block = index.events[index.blockOf(this.#covered)]
      if (block === undefined) return
      if (summary !== undefined && summary.first + summary.count <= this.#covered) {
        this.#nextSummary++
        continue
      }
      if (summary !== undefined && summary.first <= block.header.first) {
        this.#nextSummary++
        if (await this.#takeSummary(summary)) continue
      }
      if (this.#waits(block) && summary === undefined) return
      await this.#takeBlock(block)
      // The workbench has other things to do as well.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #takeSummary(info: BlockInfo): Promise<boolean> {
    try {
      const summary = decodeSummary(await this.#read(info))
      // One that begins before what is covered would count events twice.
      if (info.first < this.#covered) return false
      this.#take(summary, info.first + info.count)
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }

  #read(info: BlockInfo): Promise<Uint8Array> {
    const { summaries } = this.#parts.index
    for (const next of summaries.slice(this.#nextSummary - 1, this.#nextSummary - 1 + READ_AHEAD)) {
      if (this.#ahead.has(next)) continue
      const payload = this.#parts.payload(next)
      // Whoever takes it hears of it.
      payload.catch(() => undefined)
      this.#ahead.set(next, payload)
    }
    const payload = this.#ahead.get(info) ?? this.#parts.payload(info)
    this.#ahead.delete(info)
    return payload
  }

  async #takeBlock(block: EventBlock): Promise<void> {
    const { first, count, minT, maxT } = block.header
    try {
      this.#take(summaryOfBlock(await this.#parts.payload(block), first), first + count)
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#damaged++
      const cell = { ...newCell(first, minT), to: maxT, events: count }
      this.#take({ cells: [cell], landmarks: [] }, first + count)
    }
  }

  #take({ cells, landmarks }: Summary, covered: number): void {
    for (const cell of cells) {
      const last = this.#cells.at(-1)
      if (last !== undefined && last.events + cell.events <= this.#cellEvents) join(last, cell)
      else this.#cells.push(cell)
    }
    for (const event of landmarks) this.#landmarks.push(event)
    this.#covered = covered
    if (this.#cells.length > MOST_CELLS) this.#widen()
    if (this.#landmarks.length > MOST_LANDMARKS) {
      this.#landmarks = thinnedTo(this.#landmarks, MOST_LANDMARKS / 2)
    }
  }

  #widen(): void {
    this.#cellEvents *= 2
    const cells = this.#cells
    this.#cells = []
    for (const cell of cells) {
      const last = this.#cells.at(-1)
      if (last !== undefined && last.events + cell.events <= this.#cellEvents) join(last, cell)
      else this.#cells.push(cell)
    }
  }
}

/** Damaged, or nonsense in spite of its checksum; a disk that refuses is neither. */
function isDamage(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Problem && error.code === 'recording-corrupt')
}

function after(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))
}

/** What is shown of them in the span: what held at its beginning, then what came. */
function shown(landmarks: readonly TimelineEvent[], { from, to }: OverviewRange): readonly TimelineEvent[] {
  const past = standingAt(landmarks.filter((event) => event.t < from))
  const within = landmarks.filter((event) => event.t >= from && event.t < to)
  return [...past, ...thinnedTo(within, MOST_SHOWN)].sort((a, b) => a.seq - b.seq)
}

/** At most about `most` of them, evenly over their time. */
function thinnedTo(landmarks: readonly TimelineEvent[], most: number): TimelineEvent[] {
  let kept = [...landmarks]
  const first = kept[0]?.t ?? 0
  const length = (kept.at(-1)?.t ?? 0) - first
  for (let slots = most; kept.length > most && slots >= 1; slots /= 2) {
    kept = thinned(kept, Math.max(1, length / slots))
  }
  return kept
}

/** Counts cells into the buckets of a span. */
class Picture {
  readonly #range: OverviewRange
  readonly #width: number
  readonly #events: Float64Array
  readonly #commits: Float64Array
  readonly #calls: Readonly<Record<keyof CallDensity, Float64Array>>
  readonly #lanes = new Map<number, { readonly messages: Float64Array; readonly dropped: Float64Array }>()
  #total = 0

  constructor(range: OverviewRange) {
    this.#range = range
    this.#width = (range.to - range.from) / range.buckets
    const blank = () => new Float64Array(range.buckets)
    this.#events = blank()
    this.#commits = blank()
    this.#calls = { asked: blank(), ok: blank(), failed: blank(), unknown: blank() }
  }

  /** A cell that lies over several buckets is shared out by time. */
  add(cell: Cell): void {
    const { from, to, buckets } = this.#range
    if (cell.from >= to) return
    if (cell.to < from) {
      this.#commits[0] = Math.max(this.#commits[0] ?? 0, cell.commit)
      return
    }
    const length = cell.to - cell.from
    const first = Math.max(0, Math.floor((cell.from - from) / this.#width))
    const last = Math.min(buckets - 1, Math.floor((cell.to - from) / this.#width))
    for (let bucket = first; bucket <= last; bucket++) {
      const start = from + bucket * this.#width
      const covered = Math.min(cell.to, start + this.#width) - Math.max(cell.from, start)
      const share = length === 0 ? 1 : Math.max(0, covered) / length
      this.#share(cell, bucket, share)
    }
    if (cell.to < to) this.#commits[last] = Math.max(this.#commits[last] ?? 0, cell.commit)
  }

  #share(cell: Cell, bucket: number, share: number): void {
    this.#total += cell.events * share
    this.#events[bucket] = (this.#events[bucket] ?? 0) + cell.events * share
    if (cell.asked > 0) add(this.#calls.asked, bucket, cell.asked * share)
    if (cell.ok > 0) add(this.#calls.ok, bucket, cell.ok * share)
    if (cell.failed > 0) add(this.#calls.failed, bucket, cell.failed * share)
    if (cell.unknown > 0) add(this.#calls.unknown, bucket, cell.unknown * share)
    for (const { node, messages, dropped } of cell.lanes) {
      const lane = this.#laneOf(node)
      add(lane.messages, bucket, messages * share)
      if (dropped > 0) add(lane.dropped, bucket, dropped * share)
    }
  }

  #laneOf(node: number): { readonly messages: Float64Array; readonly dropped: Float64Array } {
    const known = this.#lanes.get(node)
    if (known !== undefined) return known
    const { buckets } = this.#range
    const lane = { messages: new Float64Array(buckets), dropped: new Float64Array(buckets) }
    this.#lanes.set(node, lane)
    return lane
  }

  take(): Omit<Overview, 'landmarks' | 'whole' | 'damaged'> {
    const { from, to, buckets } = this.#range
    let commit = 0
    const lanes = [...this.#lanes].map(
      ([node, { messages, dropped }]): LaneDensity => ({ node, messages: tidy(messages), dropped: tidy(dropped) }),
    )
    return {
      from,
      to,
      buckets,
      total: Math.round(this.#total),
      events: tidy(this.#events),
      lanes: lanes.sort((a, b) => a.node - b.node),
      calls: {
        asked: tidy(this.#calls.asked),
        ok: tidy(this.#calls.ok),
        failed: tidy(this.#calls.failed),
        unknown: tidy(this.#calls.unknown),
      },
      commits: Array.from(this.#commits, (index) => {
        commit = Math.max(commit, index)
        return commit
      }),
    }
  }
}

function add(counts: Float64Array, bucket: number, more: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + more
}

/** A hundredth of an event is near enough: it crosses as text. */
function tidy(counts: Float64Array): readonly number[] {
  return Array.from(counts, (value) => Math.round(value * 100) / 100)
}
