/** The folder in which all clusters of one user live: `<home>/clusters/<name>/{cluster.json,lock,nodes,recordings}`. */
import { randomUUID } from 'node:crypto'
import { readdir, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MAX_NODES, MIN_NODES } from '../node/contract/limits'
import { Problem } from '../node/contract/problem'
import type { Cluster, ClusterStore, ClusterSummary } from './api'
import { appear, exists, namesIn, sweepHalves, trashIn } from './appear'
import { newClusterFile, readClusterFile, witnessesAmong, writeClusterFile } from './cluster-file'
import { bytesUnder, makeDirectory, removeDirectory, writing } from './files'
import { acquireLock, lockedBy } from './lock'
import { checkName, freeName } from './names'
import { changedSettings, newSettings } from './settings'
import { Supervisor } from './supervisor/supervisor'
import { prepareSurroundings, type Surroundings } from './supervisor/surroundings'

export interface StoreOptions {
  /** Where everything is kept; made when missing. */
  readonly home: string
  /** The built programs (`out/main/node.cjs`, `out/main/warden.js`). */
  readonly programs: { readonly node: string; readonly warden: string }
  /** What runs them; default: the executable of this process. */
  readonly execPath?: string
}

/** Opens the folder. Throws `directory-unwritable` when it can't be made. */
export async function createClusterStore(options: StoreOptions): Promise<ClusterStore> {
  const home = resolve(options.home)
  const clusters = join(home, 'clusters')
  await makeDirectory(clusters)
  await sweepHalves(clusters)
  const execPath = options.execPath ?? process.execPath

  const names = () => namesIn(clusters)
  /** Those that this store has open: their settings change through them. */
  const running = new Map<string, Supervisor>()
  const directoryOf = (given: string) => {
    const name = checkName(given)
    return { name, directory: join(clusters, name) }
  }

  return {
    home,

    async list() {
      const summaries = await Promise.all((await names()).map((name) => summarize(name, join(clusters, name))))
      return summaries
        .filter((summary) => summary !== null)
        .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
    },

    async create({ name: given, nodes, witnesses = 0, settings = {} }) {
      if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES) {
        throw new Problem('node-count', { given: nodes, min: MIN_NODES, max: MAX_NODES })
      }
      // Somebody must have data.
      if (!Number.isInteger(witnesses) || witnesses < 0 || witnesses >= nodes) {
        throw new Problem('bad-input', {
          where: 'witnesses',
          reason: `0 to ${nodes - 1} of ${nodes} nodes can be that`,
        })
      }
      const { name, directory } = directoryOf(given ?? freeName(await names()))
      const file = newClusterFile({
        id: randomUUID(),
        created: new Date().toISOString(),
        settings: newSettings(settings, {
          nodes: Array.from({ length: nodes }, (_, at) => at + 1),
          witnesses: Array.from({ length: witnesses }, (_, at) => nodes - at),
        }),
        nodes,
        witnesses,
      })
      await appear(clusters, name, (half) => writeClusterFile(half, file))
      const made = await summarize(name, directory)
      if (made === null) throw new Problem('cluster-unknown', { name })
      return made
    },

    async settings(given) {
      const { name, directory } = directoryOf(given)
      return running.get(directory)?.settings ?? (await readClusterFile(directory, name)).settings
    },

    async configure(given, changes) {
      const { name, directory } = directoryOf(given)
      const open = running.get(directory)
      if (open !== undefined) return await open.configure(changes)
      await readClusterFile(directory, name)
      const lock = await acquireLock(directory)
      try {
        const file = await readClusterFile(directory, name)
        const present = file.nodes.filter((node) => !node.removed)
        const context = { nodes: present.map(({ id }) => id), witnesses: witnessesAmong(present) }
        const settings = changedSettings(file.settings, changes, context)
        await writeClusterFile(directory, { ...file, settings })
        return settings
      } finally {
        lock.release()
      }
    },

    async open(given, sink, { progress, signal, manual = false } = {}): Promise<Cluster> {
      const { name, directory } = directoryOf(given)
      await readClusterFile(directory, name)
      signal?.throwIfAborted()
      const lock = await acquireLock(directory)
      let surroundings: Surroundings | undefined
      let supervisor: Supervisor | undefined
      try {
        // Read again: until the lock was ours, another workbench may have changed it.
        const file = await readClusterFile(directory, name)
        for (const { id } of file.nodes.filter((node) => node.removed)) {
          await removeDirectory(join(directory, 'nodes', `n${id}`))
        }
        surroundings = await prepareSurroundings(directory, lock, { program: options.programs.warden, execPath })
        const program = { program: options.programs.node, execPath }
        const onClosed = () => running.delete(directory)
        supervisor = new Supervisor({ name, directory, file, program, surroundings, sink, onClosed })
        running.set(directory, supervisor)
        await supervisor.begin({ progress, signal, manual })
        return supervisor
      } catch (error) {
        await (supervisor === undefined ? surroundings?.putAway() : supervisor.close())
        lock.release()
        throw error
      }
    },

    async delete(given) {
      const { name, directory } = directoryOf(given)
      if (!(await exists(directory))) throw new Problem('cluster-unknown', { name })
      const lock = await acquireLock(directory)
      const trash = trashIn(clusters)
      try {
        await writing(directory, () => rename(directory, trash))
      } catch (error) {
        lock.release()
        throw error
      }
      await writing(directory, () => removeDirectory(trash))
    },
  }
}

/** What is known of one directory; a damaged one is listed with the reason. `null`: it is no cluster, or gone. */
async function summarize(name: string, path: string): Promise<ClusterSummary | null> {
  const recordings = await readdir(join(path, 'recordings')).catch(() => [])
  const common = {
    name,
    path,
    bytes: await bytesUnder(path),
    recordings: recordings.filter((file) => file.endsWith('.raftrec')).length,
    lockedBy: lockedBy(path),
  }
  try {
    const file = await readClusterFile(path, name)
    const nodes = file.nodes.filter((node) => !node.removed).length
    return { ...common, id: file.id, nodes, created: file.created }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'cluster-unknown') return null
    const reason = (error as Problem<'cluster-damaged'>).details.reason
    return { ...common, id: '', nodes: 0, created: '', damaged: reason }
  }
}
