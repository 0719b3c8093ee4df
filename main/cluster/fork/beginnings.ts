/**
 * What a recording cannot tell: the state machines with which its nodes began. `X.raftrec` has a folder `X.begin` beside it with
 * the snapshots that the nodes started from, under the names and in the format of a node's own; links, so they cost
 * nothing while the node has them too.
 */
import { constants, copyFile, link, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../node/contract/problem'
import {
  dataOf,
  openSnapshot,
  parseSnapshotName,
  readHeaderOf,
  type SnapshotSource,
  snapshotName,
} from '../../node/contract/records'
import type { Configuration, Position } from '../../raft/types'
import { codeOf, removeDirectory } from '../files'

export interface Beginning extends Position {
  readonly configuration: Configuration
  /** Throws Problem 'snapshot-corrupt'. */
  read(): AsyncIterable<Uint8Array>
}

function beginningsFolder(recording: string): string {
  return `${recording.replace(/\.raftrec$/, '')}.begin`
}

/** Keeps the snapshots of a closed cluster for the recording that is about to begin. */
export async function keepBeginnings(cluster: string, recording: string): Promise<void> {
  const folder = beginningsFolder(recording)
  for (const node of await readdir(join(cluster, 'nodes')).catch(() => [])) {
    const directory = join(cluster, 'nodes', node)
    for (const name of await readdir(directory).catch(() => [])) {
      const position = parseSnapshotName(name)
      if (position?.kind !== 'snapshot') continue
      const path = join(directory, name)
      // A witness's holds nothing.
      if (!(await holdsData(path))) continue
      await mkdir(folder, { recursive: true })
      await keep(path, join(folder, snapshotName(position)))
    }
  }
}

/** What is kept already is another node's, of the same content; it is never written to, for its node has it as well. */
async function keep(path: string, kept: string): Promise<void> {
  try {
    await link(path, kept)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return
    // Where there are no links a copy does.
    await copyFile(path, kept, constants.COPYFILE_EXCL)
  }
}

/** There will be no such recording. */
export async function dropBeginnings(recording: string): Promise<void> {
  await removeDirectory(beginningsFolder(recording))
}

export async function beginningsOf(recording: string): Promise<readonly Beginning[]> {
  const folder = beginningsFolder(recording)
  const found: Beginning[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const position = parseSnapshotName(name)
    if (position === undefined) continue
    const path = join(folder, name)
    const header = await reading(path, readHeaderOf)
    if ('reason' in header) continue
    const { index, term, configuration } = header.meta
    found.push({ index, term, configuration, read: () => contentOf(path) })
  }
  return found
}

async function holdsData(path: string): Promise<boolean> {
  const header = await reading(path, readHeaderOf)
  return !('reason' in header) && header.meta.bytes > 0
}

async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const source = sourceOf(file)
    const opening = await openSnapshot(source)
    if (!opening.ok) throw new Problem('snapshot-corrupt', { file: path, ...opening.damage })
    const damage = yield* dataOf(source, opening.opened)
    if (damage !== undefined) throw new Problem('snapshot-corrupt', { file: path, ...damage })
  } finally {
    await file.close()
  }
}

async function reading<T>(path: string, read: (source: SnapshotSource) => Promise<T>): Promise<T> {
  const file = await open(path, 'r')
  try {
    return await read(sourceOf(file))
  } finally {
    await file.close()
  }
}

function sourceOf(file: Awaited<ReturnType<typeof open>>): SnapshotSource {
  return {
    size: async () => (await file.stat()).size,
    async read(position, length) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position)
      return buffer.subarray(0, bytesRead)
    },
  }
}
