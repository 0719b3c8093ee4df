/**
 * What an exported page holds of a timeline: the same event blocks and key frames as a recording, under a head in JSON. It
 * may begin at any event, so its first key frame is the state before that one. It is read in a browser: nothing here is
 * Node's.
 */
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import type { TimelineEvent } from '../../node/contract/events'
import type { RecordingInfo, TimelineSource } from '../api'
import type { MutableCluster } from '../fold/cluster'
import { fold } from '../fold/fold'
import { noteSchema } from '../notes/schema'
import { BlockIndex } from '../recording/block-index'
import { BLOCK_HEADER_BYTES, type Block, type BlockInfo } from '../recording/format'
import { KeyFrameMaker } from '../recording/key-frames'
import { TimelineReader } from '../recording/reader'
import { makeEventBlock } from '../recording/writer'

z.config({ jitless: true })

const PAGE_VERSION = 1
/** Stands in the built page where its data goes. */
export const PAGE_DATA_MARK = '/*raft-workbench-data*/'
/** Of the element that holds the data: base64 of gzip of what {@link PagePacker} makes. */
export const PAGE_DATA_ID = 'timeline-data'

/** A key frame follows after so many events: to fold this much takes a few milliseconds. */
const FRAME_EVENTS = 4096

const blockSchema = z.object({
  type: z.enum(['events', 'entries', 'state']),
  length: z.number(),
  crc: z.number(),
  first: z.number(),
  count: z.number(),
  minT: z.number(),
  maxT: z.number(),
  shed: z.number(),
  /** From the end of the head. */
  offset: z.number(),
})

const headSchema = z.object({
  version: z.literal(PAGE_VERSION),
  language: z.enum(['en', 'zh']),
  theme: z.enum(['dark', 'light']),
  recording: z.object({
    version: z.number(),
    clusterId: z.string(),
    clusterName: z.string(),
    began: z.string(),
    shed: z.number(),
  }),
  /** What people noted beside the recording. */
  notes: z.array(noteSchema),
  blocks: z.array(blockSchema),
})
export type PageHead = z.infer<typeof headSchema>

const LENGTH_BYTES = 4

/** Takes consecutive events and packs them, with the states between them. */
export class PagePacker {
  readonly #state: MutableCluster
  readonly #frames = new KeyFrameMaker()
  readonly #blocks: PageHead['blocks'] = []
  readonly #payloads: Uint8Array[] = []
  #offset = 0
  #sinceFrame = 0
  events = 0

  /** @param before the state before the first event; it is folded on */
  constructor(before: MutableCluster) {
    this.#state = before
    this.#frame()
  }

  add(events: readonly TimelineEvent[]): void {
    const [first, ...rest] = events
    if (first === undefined) return
    this.#put(makeEventBlock([first, ...rest]))
    for (const event of events) {
      this.#frames.note(event)
      fold(this.#state, event)
    }
    this.events += events.length
    this.#sinceFrame += events.length
    if (this.#sinceFrame >= FRAME_EVENTS) this.#frame()
  }

  /** All that a page holds, in pieces: one after another they are what {@link unpackPage} reads. */
  finish(info: RecordingInfo, beside: Pick<PageHead, 'language' | 'theme' | 'notes'>): readonly Uint8Array[] {
    const { version, clusterId, clusterName, began, shed } = info
    const recording = { version, clusterId, clusterName, began, shed }
    const head: PageHead = { version: PAGE_VERSION, ...beside, recording, blocks: this.#blocks }
    const json = new TextEncoder().encode(JSON.stringify(head))
    const length = new Uint8Array(LENGTH_BYTES)
    new DataView(length.buffer).setUint32(0, json.length, true)
    return [length, json, ...this.#payloads]
  }

  #frame(): void {
    for (const block of this.#frames.make(this.#state)) this.#put(block)
    this.#sinceFrame = 0
  }

  #put({ header, payload }: Block): void {
    const { type, ...rest } = header
    if (type !== 'events' && type !== 'entries' && type !== 'state') return
    this.#blocks.push({ type, ...rest, offset: this.#offset })
    this.#payloads.push(payload)
    this.#offset += payload.length
  }
}

export interface UnpackedPage {
  readonly head: PageHead
  readonly source: TimelineSource
}

/** Throws what is wrong with bytes that {@link PagePacker} did not make. */
export function unpackPage(bytes: Uint8Array): UnpackedPage {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
  const head = headSchema.parse(
    JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length))),
  )
  const data = bytes.subarray(LENGTH_BYTES + length)
  const index = new BlockIndex()
  for (const block of head.blocks) {
    const payload = data.subarray(block.offset, block.offset + block.length)
    if (payload.length !== block.length) throw new RangeError(`${block.length} bytes wanted`)
    // A file has a header before each payload; here they follow one another.
    const info: BlockInfo = { ...block, offset: block.offset - BLOCK_HEADER_BYTES }
    if (info.type === 'events') index.addEvents(info, { payload })
    // Unlike a file's, the first key frame stands before all events, whatever their number.
    else if (info.type === 'entries') index.entries.push(info)
    else index.states.push(info)
  }
  const { clusterId, clusterName, began } = head.recording
  const info: RecordingInfo = {
    ...head.recording,
    path: '',
    // Moments are named by `seq`: the last one comes after the last event.
    events: Math.max(index.nextSeq, index.states[0]?.first ?? 0),
    end: index.end,
    bytes: bytes.length,
    complete: true,
    truncatedBytes: 0,
  }
  const source = new TimelineReader({
    path: '',
    file: memoryFile(data),
    header: { clusterId, clusterName, began, origin: '0' },
    index,
    open: () => [],
    info: () => info,
    growing: () => false,
  })
  return { head, source }
}

/** Only what a reader asks of a file. */
function memoryFile(data: Uint8Array): FileHandle {
  const file: { readonly read: unknown; readonly close: () => Promise<void> } = {
    read: async (target: Uint8Array, at: number, length: number, position: number) => {
      const part = data.subarray(position, position + length)
      target.set(part, at)
      return { bytesRead: part.length, buffer: target }
    },
    close: async () => undefined,
  }
  return file as FileHandle
}
