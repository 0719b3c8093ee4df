/** A moment of another cluster becomes a cluster of its own: real files, durable, ready to be opened. */
import { randomUUID } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import type { ForkImage, ForkOrigin } from '../../node/contract/disk-image'
import { DEFAULT_SETTINGS, settingsSchema } from '../../node/contract/settings'
import type { Entry } from '../../raft/types'
import type { ClusterSettings } from '../api'
import { appear, namesIn } from '../appear'
import { forkedClusterFile, readClusterFile, writeClusterFile } from '../cluster-file'
import { makeDirectory, syncDirectory } from '../files'
import { checkName } from '../names'
import { beginningsOf } from './beginnings'
import { snapshotContents, wantedOf, witnessSnapshots } from './contents'
import { Records, type SnapshotContent, writeNodeFiles } from './node-files'

export { dropBeginnings, keepBeginnings } from './beginnings'

export interface ForkWish {
  /** The folder with all clusters; made when missing. */
  readonly home: string
  /** Left out: after the parent. */
  readonly name?: string | undefined
  readonly image: ForkImage
  readonly origin: ForkOrigin
  /** The parent's committed entries up to an index, read when a snapshot has to be made again. */
  readonly committed: (upTo: number) => AsyncIterable<readonly Entry[]>
  readonly signal?: AbortSignal | undefined
}

export interface Forked {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly nodes: number
}

/**
 * Writes the cluster; nothing is left of it when that fails or is cancelled. Problems: `fork-refused`, `cluster-name`,
 * `cluster-exists`, `directory-unwritable`, `snapshot-corrupt`; or the reason of an aborted `signal`.
 */
export async function forkCluster(wish: ForkWish): Promise<Forked> {
  const { image, origin, signal } = wish
  const clusters = join(resolve(wish.home), 'clusters')
  await makeDirectory(clusters)
  const name = checkName(wish.name ?? freeForkName(origin.clusterName, await namesIn(clusters)))
  signal?.throwIfAborted()
  const contents = await contentsFor(wish)
  const id = randomUUID()
  const file = forkedClusterFile({ id, created: new Date().toISOString(), settings: settingsOf(image) }, image, origin)
  await appear(clusters, name, async (half) => {
    const nodes = join(half, 'nodes')
    const records = new Records()
    await Promise.all(
      image.nodes.map(async ({ node, role, disk }) => {
        if (disk === undefined) return
        const snapshot = disk.snapshot && contents.get(disk.snapshot.index)
        const own = snapshot && role === 'witness' ? { ...snapshot, chunks: [] } : snapshot
        await writeNodeFiles(join(nodes, `n${node}`), { clusterId: id, node }, disk, own, records)
      }),
    )
    await syncDirectory(nodes)
    await writeClusterFile(half, file)
    signal?.throwIfAborted()
  })
  return { name, id, path: join(clusters, name), nodes: image.nodes.length }
}

async function contentsFor({ image, origin, committed }: ForkWish): Promise<ReadonlyMap<number, SnapshotContent>> {
  const wanted = wantedOf(image)
  const missing = witnessSnapshots(image).filter((one) => !wanted.some(({ index }) => index === one.index))
  const all = [...wanted, ...missing].sort((a, b) => a.index - b.index)
  const last = all.at(-1)
  if (last === undefined) return new Map()
  return await snapshotContents(all, image.first, committed(last.index), await beginningsOf(origin.recording))
}

/** As of the moment, without what they say of nodes that are not there. */
function settingsOf({ settings, nodes }: ForkImage): ClusterSettings {
  const parsed = settingsSchema.safeParse(jsonOf(settings))
  if (!parsed.success) return DEFAULT_SETTINGS
  const known = new Set(nodes.map(({ node }) => String(node)))
  const priorities = Object.fromEntries(Object.entries(parsed.data.priorities).filter(([node]) => known.has(node)))
  return { ...parsed.data, priorities }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a branch of this cluster is called when nobody gives it a name. */
export async function suggestedName(home: string, parent: string): Promise<string> {
  return freeForkName(parent, await namesIn(join(resolve(home), 'clusters')).catch(() => []))
}

/** `demo-fork`, `demo-fork-2`, …: the first that is not taken (compared without case); a fork's fork counts on. */
function freeForkName(parent: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((name) => name.toLowerCase()))
  const stem = `${[...parent.replace(/-fork(-\d+)?$/, '')].slice(0, 50).join('').trim() || 'cluster'}-fork`
  let name = stem
  for (let number = 2; lower.has(name.toLowerCase()); number++) name = `${stem}-${number}`
  return name
}

/** Where a cluster came from; undefined when it is nobody's branch, or its file cannot be read. */
export async function originOf(directory: string): Promise<ForkOrigin | undefined> {
  return (await readClusterFile(directory, basename(directory)).catch(() => undefined))?.origin
}

/** The first configuration of the cluster with this id, when `directory` holds it. */
export async function firstOf(directory: string, id: string): Promise<ForkImage['first'] | undefined> {
  const file = await readClusterFile(directory, basename(directory)).catch(() => undefined)
  return file?.id === id ? file.first : undefined
}
