/** A cluster's directory appears whole or not at all, and goes in the same way. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../node/contract/problem'
import { codeOf, randomToken, removeDirectory, syncDirectory, writing } from './files'

/** A directory that is being made or deleted; names of clusters never begin with a dot. */
const HALF_MADE = '.new-'
const HALF_DELETED = '.trash-'
const HALF_LIFE_MS = 3600_000

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

/** The names of what looks like clusters. */
export async function namesIn(clusters: string): Promise<readonly string[]> {
  const entries = await readdir(clusters, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name)
}

/**
 * Makes `<clusters>/<name>` with what `fill` puts into the directory that it is given; nothing is left when that throws.
 * Problems: `cluster-exists`, `directory-unwritable`.
 */
export async function appear(clusters: string, name: string, fill: (half: string) => Promise<void>): Promise<void> {
  const directory = join(clusters, name)
  await writing(clusters, async () => {
    const half = join(clusters, `${HALF_MADE}${randomToken()}`)
    try {
      await mkdir(join(half, 'nodes'), { recursive: true })
      await mkdir(join(half, 'recordings'))
      await fill(half)
      if (await exists(directory)) throw new Problem('cluster-exists', { name })
      await rename(half, directory)
      await syncDirectory(clusters)
    } catch (error) {
      await removeDirectory(half)
      if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error))) throw new Problem('cluster-exists', { name })
      throw error
    }
  })
}

/** Where a directory goes that is being deleted. */
export function trashIn(clusters: string): string {
  return join(clusters, `${HALF_DELETED}${randomToken()}`)
}

/** Removes what a crash in the middle of making or deleting left, once it is surely nobody's work in progress. */
export async function sweepHalves(clusters: string): Promise<void> {
  for (const name of await readdir(clusters)) {
    if (!name.startsWith(HALF_MADE) && !name.startsWith(HALF_DELETED)) continue
    const path = join(clusters, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > HALF_LIFE_MS) await removeDirectory(path).catch(() => undefined)
  }
}
