/** Writing the state machine's own snapshot. */
import { dirname } from 'node:path'
import type { SnapshotMeta } from '../../../raft/types'
import { BlockSums, encodeFooter, encodeSnapshotHeader, type Identity } from '../../contract/records'
import { type Files, type OpenFile, writeFully } from '../files'

/** Bytes that are written at once. */
const PIECE_BYTES = 256 << 10
/** Synced from time to time, so that the log does not wait behind all of it in the end. */
const SYNC_BYTES = 4 << 20

/** A whole, durable snapshot at `path`, which is not its name yet. */
export async function writeSnapshot(
  files: Files,
  path: string,
  owner: Identity,
  place: Pick<SnapshotMeta, 'index' | 'term' | 'configuration'>,
  chunks: Iterable<Uint8Array>,
): Promise<SnapshotMeta> {
  const file = await files.open(path, 'create')
  try {
    const headerBytes = encodeSnapshotHeader(owner, { ...place, bytes: 0, checksum: 0 }).length
    const sums = new BlockSums()
    const end = await writeData(file, headerBytes, chunks, sums)
    await writeFully(file, encodeFooter(sums.blocks()), end)
    const { index, term, configuration } = place
    const meta = { index, term, configuration, bytes: sums.length, checksum: sums.crc }
    await writeFully(file, encodeSnapshotHeader(owner, meta), 0)
    await file.sync()
    return meta
  } finally {
    await file.close()
  }
}

/** Writes all chunks from `from` on, in pieces of a good size; returns where they end. */
async function writeData(file: OpenFile, from: number, chunks: Iterable<Uint8Array>, sums: BlockSums): Promise<number> {
  let at = from
  let unsynced = 0
  let used = 0
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  const put = async (bytes: Uint8Array) => {
    sums.add(bytes)
    await writeFully(file, bytes, at)
    at += bytes.length
    unsynced += bytes.length
    if (unsynced < SYNC_BYTES) return
    await file.sync()
    unsynced = 0
  }
  for (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + PIECE_BYTES - used)
      piece.set(part, used)
      used += part.length
      taken += part.length
      if (used < PIECE_BYTES) continue
      await put(piece)
      used = 0
    }
  }
  if (used > 0) await put(piece.subarray(0, used))
  return at
}

/** The file gets its name, durably. */
export async function giveName(files: Files, from: string, to: string): Promise<void> {
  await files.rename(from, to)
  await files.syncDirectory(dirname(to))
}
