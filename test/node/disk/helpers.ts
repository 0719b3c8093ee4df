import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { endOfContents, readSegmentHeader, scanSegment } from '../../../main/node/contract/records'
import { type DiskOptions, openDisk, type WriteRequest } from '../../../main/node/disk'
import type { Entry, EntryType, Restored } from '../../../main/raft/types'

export const IDENTITY = { clusterId: 'c0ffee00-1111-4222-8333-444455556666', node: 3 }

/** What a new directory holds. */
export const NOTHING = { hardState: { currentTerm: 0, votedFor: 0 }, base: { index: 0, term: 0 }, entries: [] }

/** Removed when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'raft-disk-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export function entry(index: number, term: number, data = `entry ${index}`, type: EntryType = 'command'): Entry {
  return { index, term, type, data: new TextEncoder().encode(data) }
}

/** Opens, writes one after the other, closes. */
export async function writeAll(dir: string, requests: readonly WriteRequest[], options?: DiskOptions): Promise<void> {
  const { disk } = await openDisk(dir, IDENTITY, options)
  for (const request of requests) await disk.write(request)
  await disk.close()
}

/** Opens, closes, and tells what was there. */
export async function reopen(dir: string, options?: DiskOptions): Promise<Restored & { tornBytes: number }> {
  const { disk, restored, tornBytes } = await openDisk(dir, IDENTITY, options)
  await disk.close()
  return { ...plainly(restored), tornBytes }
}

/** Data as plain arrays: `toEqual` on views of a big buffer is slow and its messages unreadable. */
export function plainly(restored: Restored): Restored {
  const entries = restored.entries.map(({ index, term, type, data }) => ({
    index,
    term,
    type,
    data: Uint8Array.from(data),
  }))
  return { ...restored, hardState: { ...restored.hardState }, entries }
}

/** Every file with its bytes, less the zeros at its end. */
export async function contents(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await readdir(dir)).sort()) {
    const bytes = await readFile(join(dir, name))
    found[name] = `${bytes.length} ${bytes.subarray(0, endOfContents(bytes, 0)).toString('hex')}`
  }
  return found
}

/** A segment's bytes up to where its log ends. */
export async function readLog(path: string): Promise<Buffer> {
  const bytes = await readFile(path)
  const read = readSegmentHeader(bytes)
  if (!read.ok) throw new Error(read.reason)
  return bytes.subarray(0, scanSegment(bytes, read.header, false, () => undefined).end)
}

export async function copyOf(dir: string): Promise<string> {
  const copy = await temporaryDirectory()
  await cp(dir, copy, { recursive: true })
  return copy
}
