/** Reads a timeline: blocks of a file, blocks on their way there, and events that are in no block yet, as one. */
import type { FileHandle } from 'node:fs/promises'
import { crc32c } from '../../node/contract/crc32c'
import type { TimelineEvent } from '../../node/contract/events'
import { asProblem, Problem } from '../../node/contract/problem'
import type { Entry } from '../../raft/types'
import type { EventRange, RecordingInfo, TimelineSource } from '../api'
import { type MutableCluster, newCluster } from '../fold/cluster'
import { addRuns, type DecodedState, decodeState, type Run } from '../fold/codec'
import { fold } from '../fold/fold'
import type { BlockIndex, EventBlock } from './block-index'
import { ByteReader } from './bytes'
import { Cache } from './cache'
import { readEntries } from './columns'
import { decodeEventBlock } from './event-block'
import { BLOCK_HEADER_BYTES, type BlockInfo, type RecordingHeader } from './format'
import { readAt } from './scan'

export interface ReaderParts {
  readonly path: string
  readonly file: FileHandle
  readonly header: RecordingHeader
  readonly index: BlockIndex
  /** Events after the last block; the array only grows, or is replaced when they become a block. */
  readonly open: () => readonly TimelineEvent[]
  readonly info: () => RecordingInfo
}

/** What decoded blocks may weigh together. */
const CACHE_BYTES = 64 << 20
/** Memory of an event object beyond what it carries, roughly. */
const EVENT_BYTES = 200

export class TimelineReader implements TimelineSource {
  readonly #parts: ReaderParts
  readonly #events = new Cache<EventBlock, readonly TimelineEvent[]>(CACHE_BYTES)
  /** Entries that the last state was made of: the next one is mostly made of the same. */
  #entries: ReadonlyMap<BlockInfo, Promise<readonly Entry[]>> = new Map()

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  info(): RecordingInfo {
    return this.#parts.info()
  }

  async events(range: EventRange, limit: number): Promise<readonly TimelineEvent[]> {
    const found: TimelineEvent[] = []
    if (limit <= 0) return found
    for await (const batch of this.scan(range)) {
      for (const event of batch.slice(0, limit - found.length)) found.push(event)
      if (found.length >= limit) break
    }
    return found
  }

  async *scan(range: EventRange, signal?: AbortSignal): AsyncGenerator<readonly TimelineEvent[]> {
    const { fromSeq = 0, toSeq = Number.POSITIVE_INFINITY } = range
    const { fromT = Number.NEGATIVE_INFINITY, toT = Number.POSITIVE_INFINITY } = range
    const { index } = this.#parts
    // Taken before the first wait: what is ordered meanwhile belongs to the next reading.
    const open = [...this.#parts.open()]
    const blocks = index.events.slice(index.blockOf(fromSeq), index.blockOf(toSeq) + 1)
    const within = (event: TimelineEvent) =>
      event.seq >= fromSeq && event.seq < toSeq && event.t >= fromT && event.t < toT
    for (const block of blocks) {
      signal?.throwIfAborted()
      const { first, count, minT, maxT } = block.header
      if (first >= toSeq || maxT < fromT || minT >= toT) continue
      const events = await this.#decode(block)
      const whole = first >= fromSeq && first + count <= toSeq && minT >= fromT && maxT < toT
      const chosen = whole ? events : events.filter(within)
      if (chosen.length > 0) yield chosen
    }
    signal?.throwIfAborted()
    const rest = open.filter(within)
    if (rest.length > 0) yield rest
  }

  async stateAt(seq: number, signal?: AbortSignal): Promise<MutableCluster> {
    const state = await this.#frameBefore(seq)
    for await (const events of this.scan({ fromSeq: state.seq, toSeq: seq }, signal)) {
      for (const event of events) fold(state, event)
    }
    return state
  }

  async seqAt(t: number): Promise<number> {
    const { index } = this.#parts
    const open = [...this.#parts.open()]
    const end = (open.at(-1)?.seq ?? index.nextSeq - 1) + 1
    const block = index.events[index.blockAfter(t)]
    const events = block === undefined ? open : await this.#decode(block)
    return events.find((event) => event.t > t)?.seq ?? end
  }

  async close(): Promise<void> {
    await this.#parts.file.close()
  }

  /** A fresh state to fold on: the latest key frame that can be read, or the beginning. */
  async #frameBefore(seq: number): Promise<MutableCluster> {
    const { index, header } = this.#parts
    for (const frame of index.framesUpTo(seq)) {
      try {
        const payload = await this.#payload(frame)
        const decoded = this.#understood(frame.offset, () => decodeState(payload))
        await this.#addLogs(frame, decoded)
        return decoded.state
      } catch (error) {
        // An earlier frame and more events give the same state.
        if (!(error instanceof Problem && error.code === 'recording-corrupt')) throw error
      }
    }
    return newCluster(header.clusterId, header.clusterName)
  }

  /** Reads the entry blocks that the logs of this state are made of, and no others. */
  async #addLogs(frame: BlockInfo, decoded: DecodedState): Promise<void> {
    const { index } = this.#parts
    const blocksOf = ({ start, count }: Run) =>
      this.#understood(frame.offset, () => {
        if (start + count > frame.count) throw new RangeError(`entries up to ${start + count} of ${frame.count}`)
        return index.entryBlocks(start, count)
      })
    const wanted = new Map<BlockInfo, Promise<readonly Entry[]>>()
    for (const run of decoded.runs) {
      for (const block of blocksOf(run)) {
        if (!wanted.has(block)) wanted.set(block, this.#entries.get(block) ?? this.#readEntries(block))
      }
    }
    this.#entries = wanted
    const loaded = new Map<BlockInfo, readonly Entry[]>()
    try {
      await Promise.all(Array.from(wanted, async ([block, entries]) => loaded.set(block, await entries)))
    } catch (error) {
      // The disk may only have refused this once.
      this.#entries = new Map()
      throw error
    }
    this.#understood(frame.offset, () =>
      addRuns(decoded, (run) =>
        blocksOf(run).flatMap((block) =>
          (loaded.get(block) ?? []).slice(Math.max(0, run.start - block.first), run.start + run.count - block.first),
        ),
      ),
    )
  }

  async #readEntries(block: BlockInfo): Promise<readonly Entry[]> {
    const payload = await this.#payload(block)
    return this.#understood(block.offset, () => readEntries(new ByteReader(payload)))
  }

  #decode(block: EventBlock): Promise<readonly TimelineEvent[]> {
    const { first, length, count } = block.header
    return this.#events.get(block, length + count * EVENT_BYTES, async () => {
      const { place } = block
      if ('payload' in place) return decodeEventBlock(place.payload, first)
      const payload = await this.#payload({ ...block.header, offset: place.offset })
      return this.#understood(place.offset, () => {
        const events = decodeEventBlock(payload, first)
        if (events.length !== count) throw new RangeError(`${events.length} events`)
        return events
      })
    })
  }

  async #payload(info: BlockInfo): Promise<Uint8Array> {
    const { file, path } = this.#parts
    try {
      const payload = await readAt(file, info.offset + BLOCK_HEADER_BYTES, info.length)
      if (payload.length === info.length && crc32c(payload) === info.crc) return payload
    } catch (error) {
      throw new Problem('unreadable-file', { path, reason: asProblem(error).message }, { cause: error })
    }
    throw new Problem('recording-corrupt', { path, offset: info.offset })
  }

  /** A block whose CRC is right and whose content makes no sense is as corrupt as any. */
  #understood<T>(offset: number, decode: () => T): T {
    try {
      return decode()
    } catch (error) {
      throw new Problem('recording-corrupt', { path: this.#parts.path, offset }, { cause: error })
    }
  }
}
