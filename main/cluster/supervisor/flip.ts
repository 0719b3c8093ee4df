/** A bit of a stopped node's disk, flipped and flipped back. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordBit } from '../../node/contract/conditions'
import { Problem } from '../../node/contract/problem'
import type { FlippedBit } from '../api'
import { codeOf, writing } from '../files'
import { inspectNode } from '../inspect'

type Place = Omit<FlippedBit, 'fault'>

/** What was done, and how the bytes around it look since: what looks otherwise was written by somebody else. */
export interface Damage extends Place {
  readonly from: number
  readonly bytes: Uint8Array
}

/** Bytes on either side that are remembered. */
const AROUND = 32

/**
 * Which bit of which byte that is. Records of a segment are counted as `inspect` does; a snapshot is one record. Problems:
 * `record-unknown`; `fault-invalid` for a bit behind the record's end.
 */
export async function placeOf(node: number, directory: string, { file, record, bit }: RecordBit): Promise<Place> {
  const refuse = (reason: string) => new Problem('record-unknown', { node: String(node), file, record, reason })
  const { files, snapshots } = await inspectNode(directory).catch((error) => {
    throw error instanceof Problem && error.code === 'unreadable-file' ? refuse('nothing was written yet') : error
  })
  const segment = files.find(({ name }) => name === file)
  const snapshot = snapshots.find(({ name }) => name === file)
  if (segment === undefined && snapshot === undefined) throw refuse('there is no such file')
  const found =
    segment === undefined
      ? record === 1 && snapshot !== undefined && { offset: 0, bytes: snapshot.bytes }
      : segment.records.find(({ number, standing }) => number === record && standing !== 'torn')
  if (found === undefined || found === false) throw refuse('there is no such record in it')
  const bits = found.bytes * 8
  const at = bit ?? bits >>> 1
  if (at >= bits) throw new Problem('fault-invalid', { where: 'bit', reason: `the record has ${bits} bits` })
  return { file, record, offset: found.offset + (at >>> 3), bit: at & 7 }
}

/** Durably. Problem: `directory-unwritable`. */
export async function flip(directory: string, place: Place): Promise<Damage> {
  const path = join(directory, place.file)
  return await writing(path, async () => {
    const file = await open(path, 'r+')
    try {
      const from = Math.max(0, place.offset - AROUND)
      const bytes = new Uint8Array(2 * AROUND + 1)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
      const at = place.offset - from
      bytes[at] = (bytes[at] ?? 0) ^ (1 << place.bit)
      await file.write(bytes, at, 1, place.offset)
      await file.sync()
      return { ...place, from, bytes: bytes.slice(0, bytesRead) }
    } finally {
      await file.close()
    }
  })
}

/** Unless it is gone already, with what it stood in: then nothing is done. */
export async function flipBack(directory: string, { from, bytes, ...place }: Damage): Promise<void> {
  if (await looksLike(join(directory, place.file), from, bytes)) await flip(directory, place)
}

async function looksLike(path: string, from: number, bytes: Uint8Array): Promise<boolean> {
  try {
    const file = await open(path, 'r')
    try {
      const now = new Uint8Array(bytes.length)
      const { bytesRead } = await file.read(now, 0, now.length, from)
      return bytesRead === bytes.length && Buffer.compare(now, bytes) === 0
    } finally {
      await file.close()
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
