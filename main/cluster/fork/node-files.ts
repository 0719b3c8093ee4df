/**
 * One node's new directory (`docs/storage-format.md`), as its own process would have left it after an orderly stop: whole
 * segments of the sizes that it uses, at most one snapshot, the identity last. Everything is durable when this returns.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskImage } from '../../node/contract/disk-image'
import {
  BlockSums,
  clusterHash,
  encodeFooter,
  encodeIdentity,
  encodeSegment,
  encodeSnapshotHeader,
  encodeWrite,
  entryBytes,
  IDENTITY_FILE,
  type Identity,
  type LogState,
  makeEntry,
  type RecordedEntry,
  segmentName,
  snapshotName,
  WRITE_RECORD_BYTES,
} from '../../node/contract/records'
import type { Configuration, Entry, Position } from '../../raft/types'
import { syncDirectory } from '../files'

/** As a node's own log grows: the first segment, the factor, the largest. */
const FIRST_SEGMENT_BYTES = 64 << 10
const GROWTH = 4
const LARGEST_SEGMENT_BYTES = 16 << 20

/** The content of a snapshot; empty for a witness. */
export interface SnapshotContent extends Position {
  readonly configuration: Configuration
  readonly chunks: readonly Uint8Array[]
}

/** The records of entries. Nodes hold the same ones: each is made once. */
export class Records {
  readonly #made = new Map<Entry, RecordedEntry>()

  of(entry: Entry): RecordedEntry {
    const known = this.#made.get(entry)
    if (known !== undefined) return known
    const made = makeEntry(entry.index, entry.term, entry.type, entry.data)
    this.#made.set(entry, made)
    return made
  }
}

export async function writeNodeFiles(
  directory: string,
  owner: Identity,
  disk: DiskImage,
  snapshot: SnapshotContent | undefined,
  records: Records,
): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const { name, parts } of segmentsOf(owner, disk, records)) await writeFile(join(directory, name), parts)
  if (snapshot !== undefined) {
    await writeFile(join(directory, snapshotName(snapshot)), snapshotParts(owner, snapshot))
  }
  await writeFile(join(directory, IDENTITY_FILE), [encodeIdentity(owner)])
  await syncDirectory(directory)
}

function* segmentsOf(
  { clusterId, node }: Identity,
  { hardState, base, entries }: DiskImage,
  records: Records,
): Generator<{ readonly name: string; readonly parts: readonly Uint8Array[] }> {
  let sequence = 1
  let done = 0
  for (let segment = 1; segment === 1 || done < entries.length; segment++) {
    const salt = randomBytes(4).readUInt32LE()
    const state: LogState = { hardState, base, lastIndex: base.index + done }
    const header = { node, segment, clusterHash: clusterHash(clusterId), salt, firstSequence: sequence }
    const parts = [encodeSegment(header, state)]
    sequence++
    const room = capacity(segment) - (parts[0]?.length ?? 0) - WRITE_RECORD_BYTES
    const taken = fitting(entries, done, room)
    if (taken.length > 0)
      parts.push(encodeWrite(sequence++, salt, [{ entries: taken.map((entry) => records.of(entry)) }]))
    done += taken.length
    yield { name: segmentName(segment), parts }
  }
}

function capacity(segment: number): number {
  return Math.min(LARGEST_SEGMENT_BYTES, FIRST_SEGMENT_BYTES * GROWTH ** Math.min(segment - 1, 20))
}

/** As many entries as have room, but at least one: a larger one gets a segment to itself. */
function fitting(entries: readonly Entry[], from: number, room: number): readonly Entry[] {
  let bytes = 0
  let to = from
  for (; to < entries.length; to++) {
    bytes += entryBytes(entries[to] as Entry)
    if (bytes > room && to > from) break
  }
  return entries.slice(from, to)
}

function snapshotParts(
  owner: Identity,
  { index, term, configuration, chunks }: SnapshotContent,
): readonly Uint8Array[] {
  const sums = new BlockSums()
  for (const chunk of chunks) sums.add(chunk)
  const header = encodeSnapshotHeader(owner, { index, term, configuration, bytes: sums.length, checksum: sums.crc })
  return [header, ...chunks, encodeFooter(sums.blocks())]
}

async function writeFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for (const part of parts) await file.writeFile(part)
    await file.datasync()
  } finally {
    await file.close()
  }
}
