/**
 * Clusters that were made for a scenario which a window plays. They are of use while it is shown: then the nodes' data is deleted, and
 * the recordings go to `<home>/played`. A cluster that somebody wants to keep is one like any other.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterStore, ClusterSummary } from '../../cluster/api'
import { originOf } from '../../cluster/fork'
import { Problem } from '../../node/contract/problem'
import { reasonOf } from '../files'

/** In the cluster's directory: nobody has asked to keep it. */
const MARK = 'played'

const folderOf = (home: string): string => join(home, 'played')

/** Where the recordings of scenarios are that were played in a window. */
export async function playedRecordings(home: string): Promise<readonly string[]> {
  const names = await readdir(folderOf(home)).catch(() => [])
  return names.filter((name) => name.endsWith('.raftrec')).map((name) => join(folderOf(home), name))
}

/** From now on it is cleared when it is not shown any more. */
export async function markPlayed({ path }: Pick<ClusterSummary, 'path'>): Promise<void> {
  await writeFile(join(path, MARK), '')
}

async function isMarked({ path }: ClusterSummary): Promise<boolean> {
  return (await stat(join(path, MARK)).catch(() => undefined))?.isFile() === true
}

export class PlayedClusters {
  readonly #store: ClusterStore
  readonly #report: (problem: unknown) => void

  constructor(store: ClusterStore, report: (problem: unknown) => void) {
    this.#store = store
    this.#report = report
  }

  /** It is one like any other from now on. */
  async keep(name: string): Promise<void> {
    const found = (await this.#store.list()).find((one) => one.name === name)
    if (found === undefined) throw new Problem('cluster-unknown', { name })
    await rm(join(found.path, MARK), { force: true })
  }

  /** Nobody wants it beyond the scenario: it was not kept, and nobody has branched off from it. */
  async isToBeCleared(name: string): Promise<boolean> {
    const all = await this.#store.list()
    const found = all.find((one) => one.name === name)
    return found !== undefined && (await isMarked(found)) && !(await hasBranch(found, all))
  }

  /**
   * Deletes it when it is closed and nobody wants it. One from which somebody has branched off is wanted.
   * @returns where its last recording is now; undefined when it has none, or stays. Never throws.
   */
  async clear(name: string): Promise<string | undefined> {
    try {
      const all = await this.#store.list()
      const found = all.find((one) => one.name === name)
      if (found === undefined || found.lockedBy !== 0 || !(await isMarked(found))) return undefined
      if (await hasBranch(found, all)) {
        await this.keep(name)
        return undefined
      }
      const last = await this.#takeRecordings(found)
      await this.#store.delete(name)
      return last
    } catch (trouble) {
      this.#report(trouble)
      return undefined
    }
  }

  /** Those that were left behind by a workbench that was killed. */
  async clearAll(): Promise<void> {
    for (const { name } of await this.#store.list()) await this.clear(name)
  }

  /** What lies beside a recording goes with it: notes, beginnings. */
  async #takeRecordings({ name, path }: ClusterSummary): Promise<string | undefined> {
    const from = join(path, 'recordings')
    const to = folderOf(this.#store.home)
    const files = (await readdir(from).catch(() => [])).sort()
    try {
      await mkdir(to, { recursive: true })
      for (const file of files) await rename(join(from, file), join(to, `${name}-${file}`))
    } catch (trouble) {
      throw new Problem('directory-unwritable', { path: to, reason: reasonOf(trouble) }, { cause: trouble })
    }
    const last = files.findLast((file) => file.endsWith('.raftrec'))
    return last === undefined ? undefined : join(to, `${name}-${last}`)
  }
}

async function hasBranch({ id }: ClusterSummary, all: readonly ClusterSummary[]): Promise<boolean> {
  const origins = await Promise.all(all.map(({ path }) => originOf(path)))
  return origins.some((origin) => origin?.clusterId === id)
}
