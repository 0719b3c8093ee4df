/**
 * CRC-32C (Castagnoli, as in iSCSI, RFC 3720 §12.1), slicing by 8: eight bytes per round through eight tables
 * (Kounavis and Berry, "A Systematic Approach to Building High Performance, Software-based, CRC Generators").
 */
const POLYNOMIAL = 0x82f63b78

function makeTables(): Int32Array {
  const all = new Int32Array(8 * 256)
  // The CRC of a byte is that of its bits, one by one, put together.
  for (let bit = 128, crc = 1; bit > 0; bit >>= 1) {
    crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    for (let above = 0; above < 256; above += 2 * bit) all[above + bit] = (all[above] as number) ^ crc
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] as number
    all[at] = (before >>> 8) ^ (all[before & 255] as number)
  }
  return all
}

/** Table `k` begins at `k * 256`: what a byte contributes that is followed by `k` more. One array: one bounds check. */
const TABLES = makeTables()

/** Below this, making a view costs more than it saves. */
const WORTH_A_VIEW = 64

/**
 * The CRC-32C of `bytes[start, end)` as an unsigned 32-bit number. `seed` is the CRC of what comes before:
 * `crc32c(b, 0, n, crc32c(a))` is the CRC of `a` followed by `b`. `view` is of exactly `bytes`, for callers that have one:
 * reading words through it is twice as fast as putting them together from bytes.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0, view?: DataView): number {
  let crc = ~seed
  let at = start
  if (view !== undefined || end - start >= WORTH_A_VIEW) {
    const words = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    at = end - ((end - start) & 7)
    crc = eightByEight(words, start, at, crc)
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (TABLES[(crc ^ (bytes[at] as number)) & 255] as number)
  return ~crc >>> 0
}

/** A function of its own, for what it looks at never changes: what V8 has compiled once stays right. */
function eightByEight(words: DataView, start: number, end: number, before: number): number {
  const t = TABLES
  let crc = before
  for (let at = start; at < end; at += 8) {
    const low = crc ^ words.getInt32(at, true)
    const high = words.getInt32(at + 4, true)
    crc =
      (t[1792 + (low & 255)] as number) ^
      (t[1536 + ((low >>> 8) & 255)] as number) ^
      (t[1280 + ((low >>> 16) & 255)] as number) ^
      (t[1024 + (low >>> 24)] as number) ^
      (t[768 + (high & 255)] as number) ^
      (t[512 + ((high >>> 8) & 255)] as number) ^
      (t[256 + ((high >>> 16) & 255)] as number) ^
      (t[high >>> 24] as number)
  }
  return crc
}

/** The CRC-32C of the four bytes of `word`, the lowest first, behind those that `seed` is the CRC of. */
export function crc32cOfWord(word: number, seed = 0): number {
  const t = TABLES
  const low = ~seed ^ word
  const crc =
    (t[768 + (low & 255)] as number) ^
    (t[512 + ((low >>> 8) & 255)] as number) ^
    (t[256 + ((low >>> 16) & 255)] as number) ^
    (t[low >>> 24] as number)
  return ~crc >>> 0
}
