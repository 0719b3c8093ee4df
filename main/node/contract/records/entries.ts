/**
 * Entries as the bytes that the log, AppendEntries frames and telemetry share: entry records, one after the other. A
 * record is made once, by the leader, and relayed as it is from then on.
 */
import type { Entry, EntryType, Index, Term } from '../../../raft/types'
import { Problem } from '../problem'
import {
  ENTRY_OVERHEAD_BYTES,
  entryBytes,
  putEntry,
  Recorded,
  type RecordedEntry,
  readEntry,
  readRecord,
  viewOf,
} from './record'

/**
 * New records are made side by side in pieces of this size, so that a batch of them is copied in one go. Entries that are
 * made together are also forgotten together; a larger record gets a piece to itself.
 */
const SLAB_BYTES = 64 << 10
let slab = new Uint8Array(0)
let slabView = viewOf(slab)
let slabUsed = 0

/** A new entry with its record; `data` is copied. Throws RangeError when it is larger than a record may be (16 MiB). */
export function makeEntry(index: Index, term: Term, type: EntryType, data: Uint8Array): RecordedEntry {
  const plain = { index, term, type, data }
  const size = entryBytes(plain)
  if (slabUsed + size > slab.length) {
    slab = new Uint8Array(Math.max(SLAB_BYTES, size))
    slabView = viewOf(slab)
    slabUsed = 0
  }
  const at = slabUsed
  slabUsed = putEntry(slab, slabView, at, plain)
  const own = slab.subarray(at + ENTRY_OVERHEAD_BYTES, slabUsed)
  return new Recorded(index, term, type, own, slabView.getInt32(at + 4, true))
}

/** Throws RangeError when an entry is larger than a record may be (16 MiB). */
export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const bytes = new Uint8Array(entriesBytes(entries))
  putEntries(bytes, viewOf(bytes), 0, entries)
  return bytes
}

/** The bytes that {@link putEntries} writes. */
export function entriesBytes(entries: readonly Entry[]): number {
  let size = 0
  for (const entry of entries) size += entryBytes(entry)
  return size
}

/** Writes the records of `entries` at `at`; those that have theirs along and stand side by side are copied as one. */
export function putEntries(bytes: Uint8Array, view: DataView, at: number, entries: readonly Entry[]): number {
  let end = at
  for (let next = 0; next < entries.length; ) {
    const first = entries[next] as Entry
    if (!(first instanceof Recorded)) {
      end = putEntry(bytes, view, end, first)
      next++
      continue
    }
    const { buffer, byteOffset } = first.data
    let to = byteOffset + first.data.byteLength
    for (next++; next < entries.length; next++) {
      const { data } = entries[next] as Entry
      if (!(entries[next] instanceof Recorded)) break
      if (data.buffer !== buffer || data.byteOffset !== to + ENTRY_OVERHEAD_BYTES) break
      to += ENTRY_OVERHEAD_BYTES + data.byteLength
    }
    const from = byteOffset - ENTRY_OVERHEAD_BYTES
    bytes.set(new Uint8Array(buffer, from, to - from), end)
    end += to - from
  }
  return end
}

/** The CRC-32C of the entry's record, which covers all of it; signed. */
export function checksumOf(entry: Entry): number {
  const known = Recorded.checksumOf(entry)
  if (known !== undefined) return known
  return checksumOf(makeEntry(entry.index, entry.term, entry.type, entry.data))
}

/**
 * The entries whose records fill `bytes` exactly, every checksum checked. They are copied (once, for all of them), so
 * `bytes` may be reused. Throws Problem 'frame-malformed' for anything else, with `from` as the peer that is to blame.
 */
export function decodeEntries(bytes: Uint8Array, from = ''): RecordedEntry[] {
  const own = new Uint8Array(bytes)
  const view = viewOf(own)
  const entries: RecordedEntry[] = []
  for (let at = 0; at < own.length; ) {
    const entry = readEntry(own, view, at, own.length)
    if (entry === undefined) {
      const read = readRecord(own, view, at, own.length)
      throw malformed(from, entries.length, at, read.ok ? `a ${read.record.type} record` : read.reason)
    }
    entries.push(entry)
    at += ENTRY_OVERHEAD_BYTES + entry.data.length
  }
  return entries
}

function malformed(peer: string, before: number, offset: number, reason: string): Problem {
  return new Problem('frame-malformed', { peer, reason: `entry record ${before + 1} at byte ${offset}: ${reason}` })
}
