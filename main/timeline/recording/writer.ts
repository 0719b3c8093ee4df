/** Writes a recording: event blocks as they come, key frames between them, the index at the end. */

import type { TimelineEvent } from '../../node/contract/events'
import { newCluster } from '../fold/cluster'
import { changesState, fold, foldStory } from '../fold/fold'
import { encodeSummary } from '../overview/codec'
import { Summarizer, wantsWhole } from '../overview/summary'
import { encodeEventBlock, readEventBlock } from './event-block'
import {
  BLOCK_HEADER_BYTES,
  type Block,
  type BlockHeader,
  type BlockInfo,
  encodeBlockHeader,
  encodeHeader,
  makeBlock,
  type RecordingHeader,
} from './format'
import { encodeIndex } from './index-block'
import { KeyFrameMaker } from './key-frames'

/** Where a recording goes: a file, or in tests something that fails. A failed write may have written a part. */
export interface RecordingFile {
  write(bytes: Uint8Array, position: number): Promise<void>
  /** Returns when the disk has everything. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface KeyFrameRule {
  /** A key frame follows when this many events, or bytes of event blocks, have come since the last. */
  readonly everyEvents: number
  readonly everyBytes: number
}

/** Chosen by measurement (docs/recording-format.md): folding this much takes some milliseconds. */
const KEY_FRAME_RULE: KeyFrameRule = { everyEvents: 4_096, everyBytes: 1 << 20 }

/** A summary follows when so many events, or blocks of them, have come since the last. */
const SUMMARY_EVENTS = 16_384
const SUMMARY_BLOCKS = 32

/** One block of consecutive events; at least one. */
export function makeEventBlock(events: readonly [TimelineEvent, ...TimelineEvent[]]): Block {
  let minT = Number.POSITIVE_INFINITY
  let maxT = Number.NEGATIVE_INFINITY
  let shed = 0
  for (const event of events) {
    minT = Math.min(minT, event.t)
    maxT = Math.max(maxT, event.t)
    if (event.kind === 'gap') shed += event.shed
  }
  return makeBlock('events', encodeEventBlock(events), { first: events[0].seq, count: events.length, minT, maxT, shed })
}

export class RecordingWriter {
  readonly #file: RecordingFile
  readonly #rule: KeyFrameRule
  readonly #frames = new KeyFrameMaker()
  readonly #summarizer = new Summarizer()
  readonly #state
  readonly #index: BlockInfo[] = []
  /** Headers of the event blocks since the last summary. */
  #summarized: BlockHeader[] = []
  /** Made, not yet written: stays here when a write fails, so that the next attempt goes on at the same place. */
  readonly #waiting: Block[] = []
  #offset: number
  #events = 0
  #bytes = 0
  #lastFrameBytes = 0
  #indexed = false

  private constructor(file: RecordingFile, header: RecordingHeader, headerBytes: number, rule: KeyFrameRule) {
    this.#file = file
    this.#rule = rule
    this.#offset = headerBytes
    this.#state = newCluster(header.clusterId, header.clusterName)
  }

  /** Writes the header. */
  static async create(file: RecordingFile, header: RecordingHeader, rule = KEY_FRAME_RULE): Promise<RecordingWriter> {
    const bytes = encodeHeader(header)
    await file.write(bytes, 0)
    return new RecordingWriter(file, header, bytes.length, rule)
  }

  /** Bytes of the file so far. */
  get bytes(): number {
    return this.#offset
  }

  /** Takes an event block (in order, without a `seq` twice) and the key frame that falls due; `flush` writes them. */
  append(block: Block): void {
    this.#waiting.push(block)
    readEventBlock(block.payload, block.header.first, {
      wants: (kind) => changesState(kind) || wantsWhole(kind),
      whole: (event) => {
        this.#frames.note(event)
        fold(this.#state, event)
        this.#summarizer.whole(event)
      },
      head: (event, kind) => {
        foldStory(this.#state, event)
        this.#summarizer.head(event, kind)
      },
    })
    this.#events += block.header.count
    this.#bytes += block.payload.length
    this.#summarized.push(block.header)
    const due = this.#events >= this.#rule.everyEvents || this.#bytes >= this.#rule.everyBytes
    if (this.#summarizer.events >= SUMMARY_EVENTS || this.#summarized.length >= SUMMARY_BLOCKS) this.#summarize()
    // A frame that is larger than what it spares the reader would make the file grow by the square.
    if (due && this.#bytes >= this.#lastFrameBytes) this.#frame()
  }

  /** What is needed to draw all that came since the last summary from afar. */
  #summarize(): void {
    const [first] = this.#summarized
    const last = this.#summarized.at(-1)
    if (first === undefined || last === undefined) return
    this.#waiting.push(
      makeBlock('summary', encodeSummary(this.#summarizer.take()), {
        first: first.first,
        count: last.first + last.count - first.first,
        minT: this.#summarized.reduce((least, { minT }) => Math.min(least, minT), Number.POSITIVE_INFINITY),
        maxT: this.#summarized.reduce((most, { maxT }) => Math.max(most, maxT), Number.NEGATIVE_INFINITY),
      }),
    )
    this.#summarized = []
  }

  #frame(): void {
    const blocks = this.#frames.make(this.#state)
    this.#waiting.push(...blocks)
    this.#events = this.#bytes = 0
    this.#lastFrameBytes = blocks.at(-1)?.payload.length ?? 0
  }

  /** Writes what waits; tells what it wrote. When the file fails, it throws and can be called again. */
  async flush(written: (info: BlockInfo) => void): Promise<void> {
    for (let block = this.#waiting[0]; block !== undefined; block = this.#waiting[0]) {
      const bytes = new Uint8Array(BLOCK_HEADER_BYTES + block.payload.length)
      bytes.set(encodeBlockHeader(block.header))
      bytes.set(block.payload, BLOCK_HEADER_BYTES)
      await this.#file.write(bytes, this.#offset)
      const info = { ...block.header, offset: this.#offset }
      this.#offset += bytes.length
      this.#index.push(info)
      this.#waiting.shift()
      written(info)
    }
  }

  /** Writes what waits, a last key frame and the index, which makes the recording complete. Can be called again when it fails. */
  async finish(written: (info: BlockInfo) => void): Promise<void> {
    this.#summarize()
    if (this.#events > 0) this.#frame()
    await this.flush(written)
    if (!this.#indexed) {
      this.#indexed = true
      this.#waiting.push(makeBlock('index', encodeIndex(this.#index, this.#offset), { count: this.#index.length }))
      await this.flush(written)
    }
    await this.#file.sync()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
