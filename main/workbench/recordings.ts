import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RecentFile, RecordingListItem } from '../../preload/contract'
import type { ClusterSummary } from '../cluster/api'
import { Problem } from '../node/contract/problem'
import { readRecordingInfo } from '../timeline'
import { reasonOf, timeName } from './files'

const EXTENSION = '.raftrec'

/**
 * Where a new recording of a cluster goes: `<cluster>/recordings/<time>.raftrec`.
 * @throws {Problem} 'directory-unwritable'
 */
export async function newRecordingPath(clusterPath: string, began: Date): Promise<string> {
  const directory = join(clusterPath, 'recordings')
  try {
    await mkdir(directory, { recursive: true })
  } catch (trouble) {
    throw new Problem('directory-unwritable', { path: directory, reason: reasonOf(trouble) }, { cause: trouble })
  }
  return join(directory, `${timeName(began)}${EXTENSION}`)
}

/** Every readable recording of these clusters, and of these files besides, newest first. */
export async function listRecordings(
  clusters: readonly ClusterSummary[],
  files: readonly string[] = [],
): Promise<readonly RecordingListItem[]> {
  const besides = (await Promise.all(files.map(item))).filter((found) => found !== undefined)
  const found = [besides, ...(await Promise.all(clusters.map(recordingsOf)))]
  return found.flat().sort((a, b) => b.began.localeCompare(a.began))
}

async function recordingsOf(cluster: ClusterSummary): Promise<RecordingListItem[]> {
  const directory = join(cluster.path, 'recordings')
  const names = await readdir(directory).catch(() => [])
  const items = await Promise.all(
    names.filter((name) => name.endsWith(EXTENSION)).map((name) => item(join(directory, name))),
  )
  return items.filter((found) => found !== undefined)
}

/** A file that cannot be read as a recording is not listed; opening it by its path says why. */
async function item(path: string): Promise<RecordingListItem | undefined> {
  try {
    const { clusterName, began, events, end, bytes, complete } = await readRecordingInfo(path)
    return { path, cluster: clusterName, began, events, end, bytes, complete }
  } catch {
    return undefined
  }
}

/** Those of them that are still there. */
export async function recentFiles(
  known: readonly { readonly path: string; readonly opened: string }[],
): Promise<readonly RecentFile[]> {
  const found = await Promise.all(
    known.map(async (file) => ((await stat(file.path).catch(() => undefined))?.isFile() ? file : undefined)),
  )
  return found.filter((file) => file !== undefined).map((file) => ({ ...file, name: basename(file.path) }))
}
