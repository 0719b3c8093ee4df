/** The segment files of a log: how large they are, making the next one, and letting go those that nobody needs. */
import { join } from 'node:path'
import type { Index } from '../../raft/types'
import { encodeSegment, type LogState, type SegmentHeader, segmentName } from '../contract/records'
import type { Files, OpenFile } from './files'
import { Spare } from './spare'

/** Segment 1 has this size, and each one four times that of the one before, up to the largest. */
export const FIRST_SEGMENT_BYTES = 64 << 10
const GROWTH = 4

export interface LogPlace {
  readonly files: Files
  readonly dir: string
  /** Size of the largest segments. */
  readonly segmentBytes: number
  /** A new segment's salt: uniform over 32 bits. */
  readonly salt: () => number
}

/** A segment file that exists. */
export interface SegmentFile {
  readonly segment: number
  /**
   * A reader who begins here does not know the entries up to this one: those before him, less what was truncated since.
   */
  floor: Index
}

/** The segment that grows. */
export interface OpenSegment {
  readonly file: OpenFile
  readonly header: Omit<SegmentHeader, 'version'>
  /** Where the next write goes. */
  readonly position: number
}

export class Segments {
  readonly #place: LogPlace
  readonly #spare: Spare
  /** In order, without holes; the last one grows. */
  readonly #all: SegmentFile[]
  #dropping: Promise<void> | undefined

  constructor(place: LogPlace, all: readonly SegmentFile[]) {
    this.#place = place
    this.#all = [...all]
    this.#spare = new Spare(place)
  }

  /** How large `segment` may become before the next one begins. */
  capacity(segment: number): number {
    return Math.min(this.#place.segmentBytes, FIRST_SEGMENT_BYTES * GROWTH ** Math.min(segment - 1, 20))
  }

  /** Makes the segment after `full`; whole and durable when it returns. The caller closes the old one. */
  async next(header: Omit<SegmentHeader, 'version' | 'salt'>, state: LogState): Promise<OpenSegment> {
    const { files, dir, salt } = this.#place
    const path = join(dir, segmentName(header.segment))
    const complete = { ...header, salt: salt() }
    const bytes = encodeSegment(complete, state)
    await this.#spare.become(path, bytes, Math.min(this.capacity(header.segment), FIRST_SEGMENT_BYTES))
    this.#all.push({ segment: header.segment, floor: state.lastIndex })
    return { file: await files.open(path, 'through'), header: complete, position: bytes.length }
  }

  /** The log was cut after `index`: what stood behind it is not missed by any reader. */
  lower(index: Index): void {
    for (const one of this.#all) one.floor = Math.min(one.floor, index)
  }

  /** The current segment is used up to `position`: from a quarter on the next one is made, which is ready at three. */
  prepare(segment: number, position: number): void {
    const share = Math.min(1, 2 * (position / this.capacity(segment)) - 0.5)
    const next = this.capacity(segment + 1)
    if (share > 0) this.#spare.fill(Math.ceil(next * share), next)
  }

  /** Lets go the segments before the first whose readers know everything behind `base`. Never waits; a failure ends the disk. */
  drop(base: Index): void {
    const keep = this.#all.findLastIndex(({ floor }) => floor <= base)
    if (keep <= 0) return
    const gone = this.#all.splice(0, keep)
    const before = this.#dropping
    this.#dropping = (async () => {
      // Begun at once: what goes becomes the next segment before a new file is made for that.
      if (before !== undefined) await before
      for (const { segment } of gone) await this.#remove(segment)
    })().catch(() => undefined)
  }

  /** Ends what is under way. Never throws. */
  async close(): Promise<void> {
    await this.#dropping
    await this.#spare.close()
  }

  async #remove(segment: number): Promise<void> {
    const path = join(this.#place.dir, segmentName(segment))
    const isLarge = this.capacity(segment) === this.#place.segmentBytes && segment > 1
    if (isLarge && this.#spare.isWanted) await this.#spare.recycle(path)
    else await this.#place.files.remove(path)
  }
}
