/** The frame of a recording file: its header and the header of each block. `docs/recording-format.md` has the words. */
import { z } from 'zod'
import { crc32c } from '../../node/contract/crc32c'
import { ByteReader, ByteWriter } from './bytes'

z.config({ jitless: true })

export const RECORDING_VERSION = 3
/**
 * Recordings from here on are read. Versions 1 and 2 knew fewer events and fields, which have their zeros then; their key
 * frames tell less than a state holds now, so they are not used.
 */
export const OLDEST_VERSION = 1
/** Not text, so that nothing takes it for text; CR LF, so that a transfer that changes line ends is found. */
export const FILE_MAGIC = Uint8Array.of(0x89, 0x52, 0x41, 0x46, 0x54, 0x52, 0x0d, 0x0a)
/** Magic, version, length of the JSON. The JSON and its CRC follow. */
export const FILE_PREFIX_BYTES = FILE_MAGIC.length + 8
export const MAX_HEADER_BYTES = 64 << 10

/** Of which moment of which recording a cluster is a branch; absent when it is none. */
export const forkedFromSchema = z.object({
  recording: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  began: z.string(),
  seq: z.number(),
  t: z.number(),
})

const headerSchema = z.object({
  clusterId: z.string(),
  clusterName: z.string(),
  /** ISO 8601 wall time of t = 0. */
  began: z.string(),
  /** Monotonic nanoseconds of t = 0: only means something while the machine that wrote it is up. */
  origin: z.string().regex(/^\d+$/),
  forkedFrom: forkedFromSchema.optional(),
})
export type RecordingHeader = z.infer<typeof headerSchema>

export function encodeHeader(header: RecordingHeader): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(headerSchema.parse(header)))
  const out = new ByteWriter()
  out.raw(FILE_MAGIC)
  out.u32(RECORDING_VERSION)
  out.u32(json.length)
  out.raw(json)
  out.u32(crc32c(out.finish()))
  return out.finish()
}

/** The header of a file whose whole header `bytes` is; `undefined` when its CRC or its content is wrong. */
export function decodeHeader(bytes: Uint8Array): RecordingHeader | undefined {
  const body = bytes.subarray(0, bytes.length - 4)
  if (new ByteReader(bytes.subarray(bytes.length - 4)).u32() !== crc32c(body)) return undefined
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(body.subarray(FILE_PREFIX_BYTES))))
  } catch {
    return undefined
  }
}

// ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const BLOCK_MAGIC = 0x4b4c4252
export const BLOCK_HEADER_BYTES = 56
/** A longer block is none of ours. */
const MAX_BLOCK_BYTES = 1 << 30

const BLOCK_TYPES = { events: 1, entries: 2, state: 3, index: 4, summary: 5 } as const
export type BlockType = keyof typeof BLOCK_TYPES
const TYPE_BY_CODE = new Map<number, BlockType>(
  Object.entries(BLOCK_TYPES).map(([type, code]) => [code, type as BlockType]),
)

/** What a block's header says. */
export interface BlockHeader {
  /** `undefined`: a kind of block that this version does not know; readers step over it. */
  readonly type: BlockType | undefined
  /** Bytes of the payload that follows the header. */
  readonly length: number
  /** CRC-32C of the payload. */
  readonly crc: number
  /** events, summary: `seq` of the first · entries: id of the first · state: its `seq` · index: 0. */
  readonly first: number
  /** events, entries, index: how many · summary: of how many · state: how many entry ids it may refer to. */
  readonly count: number
  /** events, summary: the least and the greatest `t`; else 0. */
  readonly minT: number
  readonly maxT: number
  /** events: how many events its `gap` events say were shed; else 0. */
  readonly shed: number
}

export interface BlockInfo extends BlockHeader {
  /** Where its header begins in the file. */
  readonly offset: number
}

export function encodeBlockHeader(header: BlockHeader): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
  out.u32(BLOCK_MAGIC)
  out.u32(header.type === undefined ? 0 : BLOCK_TYPES[header.type])
  out.u32(header.length)
  out.u32(header.crc)
  out.f64(header.first)
  out.u32(header.count)
  out.f64(header.minT)
  out.f64(header.maxT)
  out.f64(header.shed)
  out.u32(crc32c(out.finish()))
  return out.finish()
}

/** The header that begins at `at`, or `undefined` when none does (wrong magic, CRC or length). */
export function decodeBlockHeader(bytes: Uint8Array, at = 0): BlockHeader | undefined {
  if (bytes.length - at < BLOCK_HEADER_BYTES) return undefined
  const from = new ByteReader(bytes.subarray(at, at + BLOCK_HEADER_BYTES))
  if (from.u32() !== BLOCK_MAGIC) return undefined
  const type = TYPE_BY_CODE.get(from.u32())
  const length = from.u32()
  const crc = from.u32()
  const first = from.f64()
  const count = from.u32()
  const minT = from.f64()
  const maxT = from.f64()
  const shed = from.f64()
  if (from.u32() !== crc32c(bytes, at, at + BLOCK_HEADER_BYTES - 4) || length > MAX_BLOCK_BYTES) return undefined
  return { type, length, crc, first, count, minT, maxT, shed }
}

/** A block that is ready to be written. */
export interface Block {
  readonly header: BlockHeader
  readonly payload: Uint8Array<ArrayBuffer>
}

export function makeBlock(
  type: BlockType,
  payload: Uint8Array<ArrayBuffer>,
  about: Partial<Omit<BlockHeader, 'type' | 'length' | 'crc'>>,
): Block {
  const blank = { first: 0, count: 0, minT: 0, maxT: 0, shed: 0 }
  return { header: { type, length: payload.length, crc: crc32c(payload), ...blank, ...about }, payload }
}
