/** The last block of a complete recording: where all others are, so that opening needs two short reads. */
import { crc32c } from '../../node/contract/crc32c'
import { ByteReader, ByteWriter } from './bytes'
import { type Fields, readRows, writeRows } from './columns'
import type { BlockInfo } from './format'

const INDEX_FIELDS = {
  type: ['events', 'entries', 'state'],
  offset: 'f64',
  length: 'u32',
  crc: 'u32',
  first: 'f64',
  count: 'u32',
  minT: 'f64',
  maxT: 'f64',
  shed: 'f64',
} as const satisfies Fields

/** Where the summaries are: a table of its own behind the other, which older readers do not look at. */
const SUMMARY_FIELDS = {
  offset: 'f64',
  length: 'u32',
  crc: 'u32',
  first: 'f64',
  count: 'u32',
  minT: 'f64',
  maxT: 'f64',
} as const satisfies Fields

/** The file's last bytes: magic, where the index block begins, CRC of these. */
export const TRAILER_BYTES = 16
const TRAILER_MAGIC = 0x444e4552

/** `offset` is where the index block itself will begin. */
export function encodeIndex(blocks: readonly BlockInfo[], offset: number): Uint8Array<ArrayBuffer> {
  const rows = blocks.flatMap((block) =>
    block.type === 'events' || block.type === 'entries' || block.type === 'state'
      ? [{ ...block, type: block.type }]
      : [],
  )
  const out = new ByteWriter()
  writeRows(out, INDEX_FIELDS, rows)
  writeRows(
    out,
    SUMMARY_FIELDS,
    blocks.filter((block) => block.type === 'summary'),
  )
  const trailer = new ByteWriter()
  trailer.u32(TRAILER_MAGIC)
  trailer.f64(offset)
  trailer.u32(crc32c(trailer.finish()))
  out.raw(trailer.finish())
  return out.finish()
}

/** Throws `RangeError` where the bytes are not an index. */
export function decodeIndex(payload: Uint8Array): readonly BlockInfo[] {
  const from = new ByteReader(payload)
  const blocks: BlockInfo[] = readRows(from, INDEX_FIELDS)
  if (from.left <= TRAILER_BYTES) return blocks
  for (const row of readRows(from, SUMMARY_FIELDS)) blocks.push({ type: 'summary', shed: 0, ...row })
  return blocks
}

/** Where the index block begins, by the last bytes of a file; `undefined` when the file does not end with one. */
export function decodeTrailer(bytes: Uint8Array): number | undefined {
  const from = new ByteReader(bytes)
  if (bytes.length !== TRAILER_BYTES || from.u32() !== TRAILER_MAGIC) return undefined
  const offset = from.f64()
  return from.u32() === crc32c(bytes, 0, TRAILER_BYTES - 4) && Number.isSafeInteger(offset) ? offset : undefined
}
