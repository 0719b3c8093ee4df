/** Opening a recording: its header, then where every block is, from the index or, without one, from block headers. */
import type { FileHandle } from 'node:fs/promises'
import { crc32c } from '../../node/contract/crc32c'
import { Problem } from '../../node/contract/problem'
import { BlockIndex } from './block-index'
import { ByteReader } from './bytes'
import {
  BLOCK_HEADER_BYTES,
  BLOCK_MAGIC,
  type BlockInfo,
  decodeBlockHeader,
  decodeHeader,
  FILE_MAGIC,
  FILE_PREFIX_BYTES,
  MAX_HEADER_BYTES,
  OLDEST_VERSION,
  RECORDING_VERSION,
  type RecordingHeader,
} from './format'
import { decodeIndex, decodeTrailer, TRAILER_BYTES } from './index-block'

export interface Scan {
  readonly version: number
  readonly header: RecordingHeader
  readonly index: BlockIndex
  readonly complete: boolean
  /** Of the file, bytes. */
  readonly size: number
  /** Bytes at the end that are no whole block. */
  readonly truncatedBytes: number
  /** Where a damaged block header was met with more blocks behind it; what lies behind is not read. */
  readonly corruptAt: number | undefined
  /** Offset behind the last whole block: where more would be written. */
  readonly end: number
}

export type Walked = Pick<Scan, 'size' | 'truncatedBytes' | 'corruptAt' | 'end'>

/** Block headers are read through a window of this size while blocks are small: many cost one read together. */
const WINDOW_BYTES = 256 << 10
/** After a larger block only the next header is read. */
const SMALL_BLOCK_BYTES = 32 << 10

/** Up to `length` bytes at `offset`; fewer at the end of the file. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/**
 * Throws `recording-foreign`, `recording-version`, `recording-truncated` (it ends within its header) or
 * `recording-corrupt` (its header is damaged). Damage behind the header does not throw: what comes before is kept.
 */
export async function scanRecording(file: FileHandle, path: string): Promise<Scan> {
  const size = (await file.stat()).size
  const { version, header, bytes } = await readHeader(file, path)
  const whole = await readIndex(file, size)
  const index = whole ?? new BlockIndex()
  const walked: Walked =
    whole === undefined
      ? await readBlocks(file, index, bytes)
      : { size, truncatedBytes: 0, corruptAt: undefined, end: size }
  if (version !== RECORDING_VERSION) index.forgetStates()
  return { version, header, index, complete: whole !== undefined, ...walked }
}

interface FileHeader {
  readonly version: number
  readonly header: RecordingHeader
  readonly bytes: number
}

async function readHeader(file: FileHandle, path: string): Promise<FileHeader> {
  const prefix = await readAt(file, 0, FILE_PREFIX_BYTES)
  if (!prefix.subarray(0, FILE_MAGIC.length).every((byte, i) => byte === FILE_MAGIC[i])) {
    throw new Problem('recording-foreign', { path, reason: 'magic' })
  }
  const truncated = (offset: number) => new Problem('recording-truncated', { path, offset, events: 0 })
  if (prefix.length < FILE_PREFIX_BYTES) throw truncated(prefix.length)
  const from = new ByteReader(prefix.subarray(FILE_MAGIC.length))
  const version = from.u32()
  if (version < OLDEST_VERSION || version > RECORDING_VERSION) {
    throw new Problem('recording-version', { path, given: version, known: RECORDING_VERSION })
  }
  const length = FILE_PREFIX_BYTES + from.u32() + 4
  if (length > MAX_HEADER_BYTES) throw new Problem('recording-corrupt', { path, offset: 0 })
  const bytes = await readAt(file, 0, length)
  if (bytes.length < length) throw truncated(bytes.length)
  const header = decodeHeader(bytes)
  if (header === undefined) throw new Problem('recording-corrupt', { path, offset: 0 })
  return { version, header, bytes: length }
}

/** The index of a complete recording; `undefined` when there is none, or none that can be trusted. */
async function readIndex(file: FileHandle, size: number): Promise<BlockIndex | undefined> {
  const at = decodeTrailer(await readAt(file, Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES))
  if (at === undefined || at >= size) return undefined
  const bytes = await readAt(file, at, size - at)
  const header = decodeBlockHeader(bytes)
  const payload = bytes.subarray(BLOCK_HEADER_BYTES)
  if (header?.type !== 'index' || header.length !== payload.length || header.crc !== crc32c(payload)) return undefined
  try {
    const index = new BlockIndex()
    return decodeIndex(payload).every((info) => index.add(info)) ? index : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * Steps from block header to block header, from the one at `from` on, and adds the whole blocks to the index. Where it ended
 * it can go on when more has been written.
 */
export async function readBlocks(file: FileHandle, index: BlockIndex, from: number): Promise<Walked> {
  const size = (await file.stat()).size
  const blocks: BlockInfo[] = []
  let offset = from
  let window: Uint8Array = new Uint8Array(0)
  let windowAt = from
  let corruptAt: number | undefined
  while (offset < size) {
    if (offset + BLOCK_HEADER_BYTES > windowAt + window.length) {
      const small = (blocks.at(-1)?.length ?? 0) <= SMALL_BLOCK_BYTES
      window = await readAt(file, offset, Math.min(small ? WINDOW_BYTES : BLOCK_HEADER_BYTES, size - offset))
      windowAt = offset
    }
    const header = decodeBlockHeader(window, offset - windowAt)
    const info = header && { ...header, offset }
    if (info === undefined || !index.add(info)) {
      if (await blockBehind(file, offset + 1, size)) corruptAt = offset
      break
    }
    const end = offset + BLOCK_HEADER_BYTES + info.length
    if (end > size) {
      index.removeLast(info)
      break
    }
    blocks.push(info)
    offset = end
  }
  // A crash of the machine can leave whole blocks of which the disk never got the content.
  if (corruptAt === undefined) offset = await dropUnfinished(file, index, blocks, offset)
  return { size, truncatedBytes: corruptAt === undefined ? size - offset : 0, corruptAt, end: offset }
}

/** Whether a sound block header begins anywhere in the rest of the file: then a bad one is damage, not the end. */
async function blockBehind(file: FileHandle, from: number, size: number): Promise<boolean> {
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(BLOCK_MAGIC)
  for (let at = from; at + BLOCK_HEADER_BYTES <= size; at += WINDOW_BYTES) {
    const bytes = Buffer.from(await readAt(file, at, WINDOW_BYTES + BLOCK_HEADER_BYTES))
    for (let found = bytes.indexOf(magic); found !== -1; found = bytes.indexOf(magic, found + 1)) {
      if (decodeBlockHeader(bytes, found) !== undefined) return true
    }
  }
  return false
}

async function dropUnfinished(
  file: FileHandle,
  index: BlockIndex,
  blocks: readonly BlockInfo[],
  end: number,
): Promise<number> {
  let sound = end
  for (const info of blocks.toReversed()) {
    const payload = await readAt(file, info.offset + BLOCK_HEADER_BYTES, info.length)
    if (crc32c(payload) === info.crc) break
    index.removeLast(info)
    sound = info.offset
  }
  return sound
}
