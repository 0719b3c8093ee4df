/** The newest part of a recording: events that are in no block yet, and blocks that the file does not have yet. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import type { BlockIndex, EventBlock } from '../recording/block-index'
import type { Block, BlockInfo } from '../recording/format'
import { makeEventBlock } from '../recording/writer'

/** A block is made at the latest when its events are so many, or carry so much, or when the first is so old. */
export const BLOCK_EVENTS = 2048
const BLOCK_WEIGHT = 1 << 20
/** Of entries, each of which a block holds once: five nodes that begin with the same log of 10,000 entries (3 MB) are in one. */
const BLOCK_ENTRIES_WEIGHT = 4 << 20
const BLOCK_MILLIS = 200

interface Unwritten {
  readonly block: EventBlock
  readonly since: number
}

export class Tail {
  readonly #index: BlockIndex
  readonly #post: (block: Block) => void
  readonly #now: () => number
  readonly #unwritten: Unwritten[] = []
  #open: TimelineEvent[] = []
  #openSince = 0
  #openWeight = 0
  readonly #openEntries = new Set<Entry>()
  #openEntriesWeight = 0
  #backlog = 0

  constructor(index: BlockIndex, post: (block: Block) => void, now: () => number) {
    this.#index = index
    this.#post = post
    this.#now = now
  }

  /** Events that are in no block yet. */
  get open(): readonly TimelineEvent[] {
    return this.#open
  }

  /** Bytes of blocks that the file does not have yet. */
  get backlog(): number {
    return this.#backlog
  }

  /** Age of the oldest event that the file does not have; 0 when it has all. */
  get lagMillis(): number {
    const oldest = this.#unwritten[0]?.since ?? (this.#open.length > 0 ? this.#openSince : undefined)
    return oldest === undefined ? 0 : this.#now() - oldest
  }

  add(events: readonly TimelineEvent[]): void {
    for (const event of events) {
      if (this.#open.length === 0) this.#openSince = this.#now()
      this.#open.push(event)
      if (event.kind === 'appended') this.#weighEntries(event)
      else this.#openWeight += weightOf(event)
      if (this.#isFull) this.flush()
    }
  }

  /** Makes a block when the first open event is old enough. */
  tick(): void {
    if (this.#open.length > 0 && this.#now() - this.#openSince >= BLOCK_MILLIS) this.flush()
  }

  /** Makes a block of the open events. */
  flush(): void {
    const [first, ...rest] = this.#open
    if (first === undefined) return
    const block = makeEventBlock([first, ...rest])
    const held = this.#index.addEvents(block.header, { payload: block.payload })
    this.#unwritten.push({ block: held, since: this.#openSince })
    this.#backlog += block.payload.length
    this.#open = []
    this.#openWeight = 0
    this.#openEntries.clear()
    this.#openEntriesWeight = 0
    this.#post(block)
  }

  get #isFull(): boolean {
    if (this.#open.length >= BLOCK_EVENTS) return true
    return this.#openWeight >= BLOCK_WEIGHT || this.#openEntriesWeight >= BLOCK_ENTRIES_WEIGHT
  }

  /** Those that the open block does not hold yet. */
  #weighEntries({ entries }: TimelineEvent<'appended'>): void {
    for (const entry of entries) {
      if (this.#openEntries.has(entry)) continue
      this.#openEntries.add(entry)
      this.#openEntriesWeight += entry.data.length
    }
  }

  /** The file has a block: from now on it is read from there. Blocks are written in the order in which they were made. */
  written(info: BlockInfo): void {
    if (info.type === 'entries') this.#index.entries.push(info)
    if (info.type === 'state') this.#index.states.push(info)
    if (info.type === 'summary') this.#index.summaries.push(info)
    if (info.type !== 'events') return
    const done = this.#unwritten.shift()
    if (done === undefined) return
    done.block.place = { offset: info.offset }
    this.#backlog -= info.length
  }
}

function weightOf(event: TimelineEvent): number {
  switch (event.kind) {
    case 'invoke':
      return event.value.length + event.expected.length
    case 'answer':
      return event.value.length
    case 'output':
    case 'note':
    case 'foreign':
      return event.text.length
    default:
      return 0
  }
}
