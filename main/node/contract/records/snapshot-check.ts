/** Reading a snapshot file from wherever it is, with every byte checked. */
import {
  blockFault,
  footerBytes,
  readFooter,
  readSnapshotHeader,
  SNAPSHOT_BLOCK_BYTES,
  SNAPSHOT_PREFIX_BYTES,
  type SnapshotHeader,
  snapshotHeaderBytes,
} from './snapshot'

export interface SnapshotSource {
  size(): Promise<number>
  /** `length` bytes, or as many as there are. */
  read(position: number, length: number): Promise<Uint8Array>
}

export interface SnapshotDamage {
  /** In the file. */
  readonly offset: number
  readonly reason: string
}

/** A snapshot whose header and end are right. */
export interface OpenedSnapshot {
  readonly header: SnapshotHeader
  /** The CRC of each block of the data. */
  readonly blocks: readonly number[]
  readonly fileBytes: number
}

export type OpeningSnapshot =
  | { readonly ok: true; readonly opened: OpenedSnapshot }
  /** `header` when that is right. */
  | { readonly ok: false; readonly damage: SnapshotDamage; readonly header: SnapshotHeader | undefined }

/** Blocks that are read at once. */
const SPAN_BLOCKS = 4

export async function readHeaderOf(source: SnapshotSource): Promise<SnapshotHeader | SnapshotDamage> {
  const prefix = await source.read(0, SNAPSHOT_PREFIX_BYTES)
  const length = snapshotHeaderBytes(prefix) ?? prefix.length
  const read = readSnapshotHeader(await source.read(0, length))
  return read.ok ? read.header : { offset: 0, reason: read.reason }
}

export async function openSnapshot(source: SnapshotSource): Promise<OpeningSnapshot> {
  const header = await readHeaderOf(source)
  if ('reason' in header) return { ok: false, damage: header, header: undefined }
  const dataEnd = header.bytes + header.meta.bytes
  const fileBytes = await source.size()
  // The size is compared first, so that a length that makes no sense is never asked for.
  const expected = dataEnd + footerBytes(header.meta.bytes)
  const blocks =
    fileBytes === expected
      ? readFooter(await source.read(dataEnd, fileBytes - dataEnd), header.meta.bytes)
      : `the file has ${fileBytes} bytes, it should have ${expected}`
  if (typeof blocks === 'string') {
    return { ok: false, damage: { offset: Math.min(dataEnd, fileBytes), reason: blocks }, header }
  }
  return { ok: true, opened: { header, blocks, fileBytes } }
}

/** Bytes from `offset` to `end` of the data, checked; they come out of whole blocks. */
export async function readData(
  source: SnapshotSource,
  { header, blocks }: OpenedSnapshot,
  offset: number,
  end: number,
): Promise<Uint8Array | SnapshotDamage> {
  const first = Math.floor(offset / SNAPSHOT_BLOCK_BYTES)
  const from = first * SNAPSHOT_BLOCK_BYTES
  const to = Math.min(Math.ceil(end / SNAPSHOT_BLOCK_BYTES) * SNAPSHOT_BLOCK_BYTES, header.meta.bytes)
  const bytes = await source.read(header.bytes + from, to - from)
  for (let at = 0; at < bytes.length; at += SNAPSHOT_BLOCK_BYTES) {
    const reason = blockFault(
      blocks,
      first + at / SNAPSHOT_BLOCK_BYTES,
      bytes.subarray(at, Math.min(at + SNAPSHOT_BLOCK_BYTES, bytes.length)),
    )
    if (reason !== undefined) return { offset: header.bytes + from + at, reason }
  }
  if (bytes.length < to - from) return { offset: header.bytes + from + bytes.length, reason: 'its bytes end here' }
  return bytes.subarray(offset - from, end - from)
}

/** All of the data, in pieces; ends with the damage where it is damaged. */
export async function* dataOf(
  source: SnapshotSource,
  opened: OpenedSnapshot,
): AsyncGenerator<Uint8Array, SnapshotDamage | undefined> {
  const size = opened.header.meta.bytes
  for (let at = 0; at < size; at += SPAN_BLOCKS * SNAPSHOT_BLOCK_BYTES) {
    const piece = await readData(source, opened, at, Math.min(size, at + SPAN_BLOCKS * SNAPSHOT_BLOCK_BYTES))
    if ('reason' in piece) return piece
    yield piece
  }
  return undefined
}

/** Reads all of it. */
export async function checkSnapshot(source: SnapshotSource): Promise<OpeningSnapshot> {
  const opening = await openSnapshot(source)
  if (!opening.ok) return opening
  const data = dataOf(source, opening.opened)
  for (;;) {
    const next = await data.next()
    if (next.done !== true) continue
    return next.value === undefined ? opening : { ok: false, damage: next.value, header: opening.opened.header }
  }
}
