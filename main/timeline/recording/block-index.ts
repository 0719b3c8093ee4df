/** What is known about a recording's blocks without reading them; grows while a recording is written. */
import type { BlockHeader, BlockInfo } from './format'

/** Where an event block is: in the file, or still in memory on its way there. */
export type Place = { readonly offset: number } | { readonly payload: Uint8Array }

export interface EventBlock {
  readonly header: BlockHeader
  place: Place
  /** The greatest `t` up to the end of this block: grows from block to block, so it can be searched. */
  readonly reached: number
}

export class BlockIndex {
  readonly events: EventBlock[] = []
  readonly entries: BlockInfo[] = []
  readonly states: BlockInfo[] = []
  readonly summaries: BlockInfo[] = []
  #count = 0
  #shed = 0

  /** Events in all blocks. */
  get count(): number {
    return this.#count
  }

  get shed(): number {
    return this.#shed
  }

  /** The greatest `t`; 0 when there are no events. */
  get end(): number {
    return this.events.at(-1)?.reached ?? 0
  }

  /** `seq` after the last event. */
  get nextSeq(): number {
    const last = this.events.at(-1)
    return last === undefined ? 0 : last.header.first + last.header.count
  }

  get nextEntry(): number {
    const last = this.entries.at(-1)
    return last === undefined ? 0 : last.first + last.count
  }

  addEvents(header: BlockHeader, place: Place): EventBlock {
    const block = {
      header,
      place,
      reached: Math.max(this.events.at(-1)?.reached ?? Number.NEGATIVE_INFINITY, header.maxT),
    }
    this.events.push(block)
    this.#count += header.count
    this.#shed += header.shed
    return block
  }

  /** Takes a block of a file, in the file's order. False: it can't follow the ones before it, so it is damaged. */
  add(info: BlockInfo): boolean {
    switch (info.type) {
      case 'events':
        if (!(info.first >= this.nextSeq && info.count > 0 && info.minT <= info.maxT)) return false
        this.addEvents(info, { offset: info.offset })
        return true
      case 'entries':
        if (info.first !== this.nextEntry) return false
        this.entries.push(info)
        return true
      case 'state':
        if (info.first !== this.nextSeq || info.count > this.nextEntry) return false
        this.states.push(info)
        return true
      case 'summary':
        return this.#addSummary(info)
      case 'index':
      case undefined:
        return true
    }
  }

  /** Pictures are made of them, not states: one that makes no sense is left out, and its events are looked at instead. */
  #addSummary(info: BlockInfo): true {
    const last = this.summaries.at(-1)
    const after = last === undefined ? 0 : last.first + last.count
    if (info.first >= after && info.first + info.count <= this.nextSeq) this.summaries.push(info)
    return true
  }

  /** Takes back the block that was added last: it turned out to be unfinished. */
  removeLast(info: BlockInfo): void {
    if (info.type === 'entries') this.entries.pop()
    if (info.type === 'state') this.states.pop()
    if (info.type === 'summary' && this.summaries.at(-1)?.offset === info.offset) this.summaries.pop()
    if (info.type !== 'events') return
    this.events.pop()
    this.#count -= info.count
    this.#shed -= info.shed
  }

  /** States are folded from the events alone from now on. */
  forgetStates(): void {
    this.states.length = 0
  }

  /** The blocks that hold the entries with ids from `start` on, `count` of them. Throws `RangeError` when some are nowhere. */
  entryBlocks(start: number, count: number): readonly BlockInfo[] {
    if (count === 0) return []
    const end = start + count
    if (!(start >= 0 && end <= this.nextEntry)) throw new RangeError(`entries ${start} to ${end}`)
    const from = firstPlace(this.entries, (block) => block.first + block.count > start)
    return this.entries.slice(
      from,
      firstPlace(this.entries, (block) => block.first >= end),
    )
  }

  /** Place of the first event block that has an event with `seq` ≥ the given one; the number of blocks when none has. */
  blockOf(seq: number): number {
    return firstPlace(this.events, (block) => block.header.first + block.header.count > seq)
  }

  /** Place of the first event block that has an event with a `t` greater than the given one. */
  blockAfter(t: number): number {
    return firstPlace(this.events, (block) => block.reached > t)
  }

  /** Key frames at or before `seq`, latest first. */
  framesUpTo(seq: number): readonly BlockInfo[] {
    return this.states
      .slice(
        0,
        firstPlace(this.states, (state) => state.first > seq),
      )
      .reverse()
  }
}

/** Binary search: the first place at which `holds` is true, when it is false before and true after. */
function firstPlace<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && holds(item)) high = middle
    else low = middle + 1
  }
  return low
}
