/** Reads a timeline: blocks of a file, blocks on their way there, and events that are in no block yet, as one. */
import type { FileHandle } from 'node:fs/promises'
import { crc32c } from '../../node/contract/crc32c'
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import { asProblem, Problem } from '../../node/contract/problem'
import type { Entry } from '../../raft/types'
import type { Damaged, EventRange, RecordingInfo, TimelineSource } from '../api'
import { type MutableCluster, newCluster } from '../fold/cluster'
import { addRuns, type DecodedState, decodeState, type Run } from '../fold/codec'
import { changesState, fold, foldStory } from '../fold/fold'
import { Overviews } from '../overview/overview'
import type { Overview, OverviewRange } from '../overview/types'
import type { BlockIndex, EventBlock } from './block-index'
import { ByteReader } from './bytes'
import { Cache } from './cache'
import { readEntries } from './columns'
import { decodeEventBlock, readEventBlock } from './event-block'
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
  /** Whether blocks are still added. */
  readonly growing: () => boolean
  /** What decoded blocks may weigh together; left out: as much as serves windows, which look here and there. */
  readonly cacheBytes?: number
}

const CACHE_BYTES = 64 << 20
/** So many blocks of events are read at once. */
const READ_AHEAD = 6
/** A log is read so much further back than it is wanted: its end may be truncated on the way to the moment. */
const TAIL_MARGIN = 1_024
/** What entries may weigh that the last state was not made of, but one before it. */
const OTHER_ENTRIES_BYTES = 48 << 20
/** Memory of an entry beyond its data, roughly. */
const ENTRY_BYTES = 100
/** Memory of an event object beyond what it carries, roughly. */
const EVENT_BYTES = 200

export class TimelineReader implements TimelineSource {
  readonly #parts: ReaderParts
  readonly #events: Cache<EventBlock, readonly TimelineEvent[]>
  /** Entries that the last states were made of: the next one is mostly made of the same. */
  #entries = new Map<BlockInfo, Promise<readonly Entry[]>>()

  readonly #overviews: Overviews

  constructor(parts: ReaderParts) {
    this.#parts = parts
    const { index, open, growing, cacheBytes = CACHE_BYTES } = parts
    this.#events = new Cache(cacheBytes)
    const payload = (block: EventBlock | BlockInfo) =>
      'place' in block ? this.#payloadOf(block) : this.#payload(block)
    this.#overviews = new Overviews({ index, open, payload, growing })
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

  async *scan(
    range: EventRange,
    signal?: AbortSignal,
    kinds?: ReadonlySet<EventKind>,
    damaged?: Damaged,
  ): AsyncGenerator<readonly TimelineEvent[]> {
    const { fromSeq = 0, toSeq = Number.POSITIVE_INFINITY } = range
    const { fromT = Number.NEGATIVE_INFINITY, toT = Number.POSITIVE_INFINITY } = range
    const { index } = this.#parts
    // Taken before the first wait: what is ordered meanwhile belongs to the next reading.
    const open = [...this.#parts.open()]
    const blocks = index.events.slice(index.blockOf(fromSeq), index.blockOf(toSeq) + 1)
    const within = (event: TimelineEvent) =>
      event.seq >= fromSeq && event.seq < toSeq && event.t >= fromT && event.t < toT
    const rest = open.filter((event) => within(event) && (kinds?.has(event.kind) ?? true))
    for (const block of blocks) {
      signal?.throwIfAborted()
      const { first, count, minT, maxT } = block.header
      if (first >= toSeq || maxT < fromT || minT >= toT) continue
      let events: readonly TimelineEvent[]
      try {
        events = await (kinds === undefined ? this.#decode(block) : this.#decodeSome(block, kinds))
      } catch (error) {
        if (damaged === undefined || !(error instanceof Problem) || error.code !== 'recording-corrupt') throw error
        damaged(error, count)
        continue
      }
      const whole = first >= fromSeq && first + count <= toSeq && minT >= fromT && maxT < toT
      const chosen = whole ? events : events.filter(within)
      if (chosen.length > 0) yield chosen
    }
    signal?.throwIfAborted()
    if (rest.length > 0) yield rest
  }

  async stateAt(seq: number, signal?: AbortSignal, tail = Number.POSITIVE_INFINITY): Promise<MutableCluster> {
    const ahead = this.#readAhead(seq)
    const state = await this.#frameBefore(seq, tail + TAIL_MARGIN)
    const left = [...state.nodes.values()].flatMap(({ unread }) => unread ?? [])
    await this.#foldUpTo(state, seq, ahead, signal)
    const isEnough =
      !left.some(({ isWanted }) => isWanted) &&
      [...state.nodes.values()].every(({ unread, log }) => (unread?.count ?? 0) === 0 || log.length >= tail)
    return isEnough ? state : this.stateAt(seq, signal)
  }

  /** The blocks that will be folded on the nearest key frame: read while it is, so that the disk is waited for once. */
  #readAhead(seq: number): ReadonlyMap<EventBlock, Promise<Uint8Array>> {
    const { index } = this.#parts
    const [frame] = index.framesUpTo(seq)
    const blocks = index.events.slice(index.blockOf(frame?.first ?? 0), index.blockOf(seq) + 1)
    const wanted = blocks.filter(({ header }) => header.first < seq).slice(0, READ_AHEAD)
    return new Map(
      wanted.map((block) => {
        const payload = this.#payloadOf(block)
        // Whoever folds it hears of it.
        payload.catch(() => undefined)
        return [block, payload]
      }),
    )
  }

  /** Reads of each block only what a state is made of: the story of messages is most of a recording. */
  async #foldUpTo(
    state: MutableCluster,
    seq: number,
    ahead: ReadonlyMap<EventBlock, Promise<Uint8Array>>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { index } = this.#parts
    const open = [...this.#parts.open()]
    for (const block of index.events.slice(index.blockOf(state.seq), index.blockOf(seq) + 1)) {
      signal?.throwIfAborted()
      const { first } = block.header
      if (first >= seq) break
      const from = state.seq
      const payload = await (ahead.get(block) ?? this.#payloadOf(block))
      const within = (event: { readonly seq: number }) => event.seq >= from && event.seq < seq
      this.#understood('payload' in block.place ? 0 : block.place.offset, () =>
        readEventBlock(payload, first, {
          wants: changesState,
          whole: (event) => {
            if (within(event)) fold(state, event)
          },
          head: (event) => {
            if (within(event)) foldStory(state, event)
          },
        }),
      )
    }
    signal?.throwIfAborted()
    for (const event of open) if (event.seq >= state.seq && event.seq < seq) fold(state, event)
  }

  /** The payload of a block of events, wherever it is by now. */
  async #payloadOf(block: EventBlock): Promise<Uint8Array> {
    const { place } = block
    return 'payload' in place ? place.payload : this.#payload({ ...block.header, offset: place.offset })
  }

  async seqAt(t: number): Promise<number> {
    const { index } = this.#parts
    const open = [...this.#parts.open()]
    const end = (open.at(-1)?.seq ?? index.nextSeq - 1) + 1
    const block = index.events[index.blockAfter(t)]
    const events = block === undefined ? open : await this.#decode(block)
    return events.find((event) => event.t > t)?.seq ?? end
  }

  overview(range: OverviewRange, signal?: AbortSignal): Promise<Overview> {
    return this.#overviews.of(range, signal)
  }

  async close(): Promise<void> {
    this.#overviews.close()
    await this.#parts.file.close()
  }

  /** A fresh state to fold on: the latest key frame that can be read, or the beginning. Of each log only the last `tail` entries are read. */
  async #frameBefore(seq: number, tail: number): Promise<MutableCluster> {
    const { index, header } = this.#parts
    for (const frame of index.framesUpTo(seq)) {
      try {
        const payload = await this.#payload(frame)
        const decoded = this.#understood(frame.offset, () => decodeState(payload))
        await this.#addLogs(frame, decoded, tail)
        return decoded.state
      } catch (error) {
        // An earlier frame and more events give the same state.
        if (!(error instanceof Problem && error.code === 'recording-corrupt')) throw error
      }
    }
    return newCluster(header.clusterId, header.clusterName)
  }

  /** Reads the entry blocks that the ends of the logs of this state are made of, and no others. */
  async #addLogs(frame: BlockInfo, decoded: DecodedState, tail: number): Promise<void> {
    const { index } = this.#parts
    const { skipped, runs } = endsOf(decoded.runs, tail)
    for (const [id, count] of skipped) {
      const node = decoded.state.nodes.get(id)
      if (node !== undefined) node.unread = { count, isWanted: false }
    }
    const blocksOf = ({ start, count }: Run) =>
      this.#understood(frame.offset, () => {
        if (start + count > frame.count) throw new RangeError(`entries up to ${start + count} of ${frame.count}`)
        return index.entryBlocks(start, count)
      })
    const wanted = new Map<BlockInfo, Promise<readonly Entry[]>>()
    for (const run of runs) {
      for (const block of blocksOf(run)) {
        if (!wanted.has(block)) wanted.set(block, this.#entries.get(block) ?? this.#readEntries(block))
      }
    }
    this.#entries = withOthers(wanted, this.#entries)
    const loaded = new Map<BlockInfo, readonly Entry[]>()
    try {
      await Promise.all(Array.from(wanted, async ([block, entries]) => loaded.set(block, await entries)))
    } catch (error) {
      // The disk may only have refused this once.
      this.#entries = new Map()
      throw error
    }
    this.#understood(frame.offset, () =>
      addRuns({ state: decoded.state, runs }, function* (run) {
        for (const block of blocksOf(run)) {
          const from = Math.max(0, run.start - block.first)
          yield (loaded.get(block) ?? []).slice(from, run.start + run.count - block.first)
        }
      }),
    )
  }

  async #readEntries(block: BlockInfo): Promise<readonly Entry[]> {
    const payload = await this.#payload(block)
    return this.#understood(block.offset, () => readEntries(new ByteReader(payload)))
  }

  async #decodeSome(block: EventBlock, kinds: ReadonlySet<EventKind>): Promise<readonly TimelineEvent[]> {
    const payload = await this.#payloadOf(block)
    const events: TimelineEvent[] = []
    this.#understood('payload' in block.place ? 0 : block.place.offset, () =>
      readEventBlock(payload, block.header.first, {
        wants: (kind) => kinds.has(kind),
        whole: (event) => events.push(event),
        head: () => undefined,
      }),
    )
    return events
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

interface Ends {
  /** By node: how many entries at the beginning of its log are left out. */
  readonly skipped: ReadonlyMap<number, number>
  /** What remains. */
  readonly runs: readonly Run[]
}

/** The last `tail` entries of each log. */
function endsOf(runs: readonly Run[], tail: number): Ends {
  const lengths = new Map<number, number>()
  for (const { node, count } of runs) lengths.set(node, (lengths.get(node) ?? 0) + count)
  const skipped = new Map<number, number>()
  for (const [node, length] of lengths) if (length > tail) skipped.set(node, length - tail)
  if (skipped.size === 0) return { skipped, runs }
  const left = new Map(skipped)
  const ends = runs.flatMap((run) => {
    const cut = Math.min(run.count, left.get(run.node) ?? 0)
    left.set(run.node, (left.get(run.node) ?? 0) - cut)
    return cut === run.count ? [] : [{ ...run, start: run.start + cut, count: run.count - cut }]
  })
  return { skipped, runs: ends }
}

type Loads = Map<BlockInfo, Promise<readonly Entry[]>>

/** Those that are wanted, and of the others as many as may stay. */
function withOthers(wanted: Loads, others: Loads): Loads {
  const all = new Map(wanted)
  let room = OTHER_ENTRIES_BYTES
  for (const [block, entries] of others) {
    room -= block.length + block.count * ENTRY_BYTES
    if (room < 0) break
    all.set(block, entries)
  }
  return all
}
