/** What the nodes' files must show when all is quiet: the same log, except for what snapshots replaced. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../cluster/api'
import { inspectNode, type NodeInspection } from '../../cluster/inspect'
import type { Entry } from '../../raft/types'
import type { Finding } from './finding'

const EQUAL_WITHIN_MS = 30_000
const PAUSE_MS = 500

/** The first difference between two nodes; undefined when there is none. */
export function difference(one: NodeInspection, other: NodeInspection): string | undefined {
  const wrong = [one, other].flatMap(({ findings }) => findings)[0]
  if (wrong !== undefined) return `${wrong.file}, record ${wrong.record}: ${wrong.reason}`
  if (one.lastIndex !== other.lastIndex) return `they end at ${one.lastIndex} and ${other.lastIndex}`
  const first = Math.max(one.firstIndex, other.firstIndex)
  const rest = other.entries.slice(first - other.firstIndex)
  for (const [at, entry] of one.entries.slice(first - one.firstIndex).entries()) {
    const there = rest[at]
    if (there === undefined || !isSame(entry, there)) return `entry ${entry.index} is not the same`
  }
  return undefined
}

/** One with metadata in the other's place of a command is a witness's. */
function isSame(one: Entry, other: Entry): boolean {
  if (one.index !== other.index || one.term !== other.term) return false
  if (one.type === 'metadata' || other.type === 'metadata') return true
  return one.type === other.type && Buffer.compare(one.data, other.data) === 0
}

/** Waits until they are equal, and for no longer than {@link EQUAL_WITHIN_MS}. */
export async function checkFiles(
  cluster: Pick<Cluster, 'nodeIds' | 'dataDir'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const deadline = performance.now() + EQUAL_WITHIN_MS
  for (;;) {
    const found: Finding[] = []
    const [first, ...others] = cluster.nodeIds
    if (first === undefined) return found
    const one = await inspectNode(cluster.dataDir(first))
    for (const node of others) {
      const detail = difference(one, await inspectNode(cluster.dataDir(node)))
      if (detail !== undefined) found.push({ kind: 'files', nodes: [first, node], detail })
    }
    if (found.length === 0 || signal.aborted || performance.now() > deadline) return found
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}
