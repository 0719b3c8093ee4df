/** Entries as the bytes that the log, AppendEntries frames and telemetry share: entry records, one after the other. */
import type { Entry } from '../../../raft/types'
import { Problem } from '../problem'
import { entryBytes, putEntry, readRecord, viewOf } from './record'

/** Throws RangeError when an entry is larger than a record may be (16 MiB). */
export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  let size = 0
  for (const entry of entries) size += entryBytes(entry)
  const bytes = new Uint8Array(size)
  const view = viewOf(bytes)
  let at = 0
  for (const entry of entries) at = putEntry(bytes, view, at, entry)
  return bytes
}

/**
 * The entries whose records fill `bytes` exactly. Their data is copied (once, for all of them), so `bytes` may be
 * reused. Throws Problem 'frame-malformed' for anything else, with `from` as the peer that is to blame.
 */
export function decodeEntries(bytes: Uint8Array, from = ''): Entry[] {
  const own = new Uint8Array(bytes)
  const view = viewOf(own)
  const entries: Entry[] = []
  for (let at = 0; at < own.length; ) {
    const read = readRecord(own, view, at, own.length)
    if (!read.ok) throw malformed(from, entries.length, at, read.reason)
    if (read.record.type !== 'entry') throw malformed(from, entries.length, at, `a ${read.record.type} record`)
    entries.push(read.record.entry)
    at += read.span.bytes
  }
  return entries
}

function malformed(peer: string, before: number, offset: number, reason: string): Problem {
  return new Problem('frame-malformed', { peer, reason: `entry record ${before + 1} at byte ${offset}: ${reason}` })
}
