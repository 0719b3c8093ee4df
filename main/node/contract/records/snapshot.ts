/** A snapshot file's bytes around its data (`docs/storage-format.md`, "Snapshot"). Nothing here touches a file. */
import { decodeConfiguration, encodeConfiguration } from '../../../raft/configuration'
import type { Position, SnapshotMeta } from '../../../raft/types'
import { crc32c } from '../crc32c'
import type { Identity } from './identity'
import { getU64, hex, setU64, viewOf } from './record'
import { clusterHash, STORAGE_VERSION } from './segment'

/** The data is checksummed in pieces of this size. */
export const SNAPSHOT_BLOCK_BYTES = 64 << 10
/** As much of a file as is needed to know the length of its header. */
export const SNAPSHOT_PREFIX_BYTES = 16
/** No configuration makes a header longer. */
export const MAX_SNAPSHOT_HEADER_BYTES = 1 << 20
/** The mark behind the data of a snapshot that is not complete. */
export const MARK_BYTES = 24
const FIXED_HEADER_BYTES = 52
const FOOTER_TAIL_BYTES = 16

const text = (value: string) => new TextEncoder().encode(value)
const MAGIC = text('RAFTSNP\0')
const END = text('RAFTEND\0')
const MARK = text('RAFTPRT\0')

export interface SnapshotHeader {
  readonly version: number
  readonly node: number
  readonly clusterHash: number
  readonly meta: SnapshotMeta
  /** Where the data begins. */
  readonly bytes: number
}

export type ReadSnapshotHeader =
  | { readonly ok: true; readonly header: SnapshotHeader; readonly crc: number }
  | { readonly ok: false; readonly reason: string; readonly storedCrc: number; readonly computedCrc: number }

/** A snapshot in the directory: its own or installed, whole and not installed, or one that is still arriving. */
export const PART_NAME = 'receiving.part'

export function snapshotName({ index, term }: Position): string {
  return `snapshot-${index}-${term}.snap`
}

export function receivedName({ index, term }: Position): string {
  return `received-${index}-${term}.snap`
}

export interface SnapshotFileName extends Position {
  readonly kind: 'snapshot' | 'received'
}

/** What a file name says; undefined when it is no snapshot's. */
export function parseSnapshotName(name: string): SnapshotFileName | undefined {
  const [, kind, index, term] = /^(snapshot|received)-(\d{1,16})-(\d{1,16})\.snap$/.exec(name) ?? []
  if (kind !== 'snapshot' && kind !== 'received') return undefined
  return { kind, index: Number(index), term: Number(term) }
}

export function encodeSnapshotHeader(owner: Identity, meta: SnapshotMeta): Uint8Array {
  const configuration = encodeConfiguration(meta.configuration)
  const bytes = new Uint8Array(FIXED_HEADER_BYTES + configuration.length + 4)
  const view = viewOf(bytes)
  bytes.set(MAGIC)
  view.setUint16(8, STORAGE_VERSION, true)
  view.setUint16(10, owner.node, true)
  view.setUint32(12, bytes.length, true)
  view.setUint32(16, clusterHash(owner.clusterId), true)
  setU64(view, 24, meta.index)
  setU64(view, 32, meta.term)
  setU64(view, 40, meta.bytes)
  view.setUint32(48, meta.checksum, true)
  bytes.set(configuration, FIXED_HEADER_BYTES)
  view.setUint32(bytes.length - 4, crc32c(bytes, 0, bytes.length - 4), true)
  return bytes
}

/** How long the header is, by the first {@link SNAPSHOT_PREFIX_BYTES}; undefined when they begin no snapshot. */
export function snapshotHeaderBytes(prefix: Uint8Array): number | undefined {
  if (prefix.length < SNAPSHOT_PREFIX_BYTES || MAGIC.some((byte, at) => prefix[at] !== byte)) return undefined
  const length = viewOf(prefix).getUint32(12, true)
  return length >= FIXED_HEADER_BYTES + 4 && length <= MAX_SNAPSHOT_HEADER_BYTES ? length : undefined
}

/** `bytes` begin a snapshot file and hold at least its header. */
export function readSnapshotHeader(bytes: Uint8Array): ReadSnapshotHeader {
  const length = snapshotHeaderBytes(bytes)
  const bad = (reason: string, storedCrc = 0, computedCrc = 0): ReadSnapshotHeader => ({
    ok: false,
    reason,
    storedCrc,
    computedCrc,
  })
  if (length === undefined) return bad('it does not begin like a snapshot')
  if (bytes.length < length) return bad('the file ends in its header')
  const view = viewOf(bytes)
  const storedCrc = view.getUint32(length - 4, true)
  const computedCrc = crc32c(bytes, 0, length - 4)
  if (storedCrc !== computedCrc) return bad('the checksum of the snapshot header is wrong', storedCrc, computedCrc)
  const header = {
    version: view.getUint16(8, true),
    node: view.getUint16(10, true),
    clusterHash: view.getUint32(16, true),
    bytes: length,
  }
  const configuration = decodeConfiguration(bytes.subarray(FIXED_HEADER_BYTES, length - 4))
  const meta = { index: getU64(view, 24), term: getU64(view, 32), bytes: getU64(view, 40) }
  // Another version may hold something else here; its owner refuses it by the version.
  if (header.version === STORAGE_VERSION && configuration === undefined) return bad('it holds no configuration')
  if (!Object.values(meta).every(Number.isSafeInteger)) return bad('its numbers make no sense')
  const checksum = view.getUint32(48, true)
  return {
    ok: true,
    crc: storedCrc,
    header: {
      ...header,
      meta: {
        ...meta,
        checksum,
        configuration: configuration ?? { voters: [], outgoing: [], learners: [], learnersNext: [], witnesses: [] },
      },
    },
  }
}

export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / SNAPSHOT_BLOCK_BYTES)
}

/** Bytes that stand behind the data of a whole snapshot. */
export function footerBytes(dataBytes: number): number {
  return 4 * blocksOf(dataBytes) + FOOTER_TAIL_BYTES
}

export function encodeFooter(blocks: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * blocks.length + FOOTER_TAIL_BYTES)
  const view = viewOf(bytes)
  blocks.forEach((crc, at) => {
    view.setUint32(4 * at, crc, true)
  })
  const tail = 4 * blocks.length
  view.setUint32(tail, blocks.length, true)
  view.setUint32(tail + 4, crc32c(bytes, 0, tail + 4), true)
  bytes.set(END, tail + 8)
  return bytes
}

/** The CRC of every block; a text says what is wrong with the footer of a snapshot with so much data. */
export function readFooter(bytes: Uint8Array, dataBytes: number): readonly number[] | string {
  if (bytes.length !== footerBytes(dataBytes)) return 'the file does not end where it should'
  const view = viewOf(bytes)
  const tail = bytes.length - FOOTER_TAIL_BYTES
  const computed = crc32c(bytes, 0, tail + 4)
  if (END.some((byte, at) => bytes[tail + 8 + at] !== byte)) return 'the file does not end as a snapshot does'
  if (view.getUint32(tail + 4, true) !== computed || view.getUint32(tail, true) !== blocksOf(dataBytes)) {
    return 'the checksum of the checksums is wrong'
  }
  return Array.from({ length: blocksOf(dataBytes) }, (_, at) => view.getUint32(4 * at, true))
}

/** How far an arriving snapshot came: so many bytes with this CRC. */
export interface PartMark {
  readonly bytes: number
  readonly crc: number
}

export function encodeMark({ bytes, crc }: PartMark): Uint8Array {
  const mark = new Uint8Array(MARK_BYTES)
  const view = viewOf(mark)
  mark.set(MARK)
  setU64(view, 8, bytes)
  view.setUint32(16, crc, true)
  view.setUint32(20, crc32c(mark, 0, 20), true)
  return mark
}

export function readMark(mark: Uint8Array): PartMark | undefined {
  if (mark.length !== MARK_BYTES || MARK.some((byte, at) => mark[at] !== byte)) return undefined
  const view = viewOf(mark)
  if (view.getUint32(20, true) !== crc32c(mark, 0, 20)) return undefined
  const bytes = getU64(view, 8)
  return Number.isSafeInteger(bytes) ? { bytes, crc: view.getUint32(16, true) } : undefined
}

/** The CRC of data that arrives in pieces, of all of it and of each block. */
export class BlockSums {
  /** Of the blocks that are full. */
  readonly #blocks: number[] = []
  #block = 0
  #length = 0
  #crc = 0

  get length(): number {
    return this.#length
  }

  get crc(): number {
    return this.#crc
  }

  add(data: Uint8Array): void {
    const view = viewOf(data)
    this.#crc = crc32c(data, 0, data.length, this.#crc, view)
    for (let at = 0; at < data.length; ) {
      const room = SNAPSHOT_BLOCK_BYTES - (this.#length % SNAPSHOT_BLOCK_BYTES)
      const end = Math.min(data.length, at + room)
      this.#block = crc32c(data, at, end, this.#block, view)
      this.#length += end - at
      at = end
      if (this.#length % SNAPSHOT_BLOCK_BYTES > 0) continue
      this.#blocks.push(this.#block)
      this.#block = 0
    }
  }

  /** Of every block, the last and shorter one included. */
  blocks(): readonly number[] {
    return this.#length % SNAPSHOT_BLOCK_BYTES > 0 ? [...this.#blocks, this.#block] : this.#blocks
  }
}

/** What is wrong with block `at` of a snapshot, if anything. */
export function blockFault(blocks: readonly number[], at: number, data: Uint8Array): string | undefined {
  const stored = blocks[at] ?? 0
  const computed = crc32c(data)
  if (stored === computed) return undefined
  return `checksum ${hex(stored)} of block ${at + 1} is stored, its bytes give ${hex(computed)}`
}
