/** The writes that every load consists of: numbered, so that what is on the disks can be matched to what was answered. */
import { createHash } from 'node:crypto'

export const KEYS = 10_000
export const VALUE_BYTES = 256
const NUMBER_BYTES = 8

/** The key of a write: all keys in turn, in an order without neighbours. */
export function keyOf(write: number): string {
  return `bench/${String((write * 7919) % KEYS).padStart(8, '0')}`
}

/** Bytes that do not compress, the same in every process. */
const FILLER = Buffer.concat(
  Array.from({ length: VALUE_BYTES / 32 }, (_, i) => createHash('sha256').update(`filler ${i}`).digest()),
)

/** The value of a write: its number, then filler. */
export function valueFor(write: number): Uint8Array {
  const value = Buffer.allocUnsafe(VALUE_BYTES)
  value.set(FILLER)
  value.writeDoubleLE(write, 0)
  return value
}

/** Which write a value is of; undefined when it is not intact. */
export function writeOf(value: Uint8Array): number | undefined {
  if (value.length !== VALUE_BYTES) return undefined
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (FILLER.compare(bytes, NUMBER_BYTES, VALUE_BYTES, NUMBER_BYTES, VALUE_BYTES) !== 0) return undefined
  return bytes.readDoubleLE(0)
}
