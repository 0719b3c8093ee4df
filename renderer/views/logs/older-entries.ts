/** Log entries that the moment does not carry along: fetched in blocks when they come into sight. */
import { shallowRef, watch } from 'vue'
import type { EntryView, NodeView } from '../../../preload/contract'
import { useClusterStore } from '../../stores/cluster'
import { useDoor } from '../../stores/door'
import { entryAt } from './log-model'

const BLOCK = 128
/** Blocks kept; the oldest asked for leave first. */
const MOST_BLOCKS = 400

export function useOlderEntries() {
  const cluster = useClusterStore()
  const door = useDoor()
  const blocks = new Map<string, readonly EntryView[] | null>()
  /** Raised when entries arrived. */
  const version = shallowRef(0)

  watch(
    () => [cluster.source.kind, cluster.moment?.cluster],
    () => {
      blocks.clear()
      version.value++
    },
  )

  /** Committed blocks never change; others are good for one state of the log only. */
  function keyOf(node: NodeView, block: number): string {
    if ((block + 1) * BLOCK - 1 <= node.commitIndex) return `${node.id}:${block}`
    return `${node.id}:${block}:${node.currentTerm}:${node.leader}:${cluster.pin?.seq ?? ''}`
  }

  function at(node: NodeView, index: number): EntryView | undefined {
    const carried = entryAt(node, index)
    if (carried !== undefined) return carried
    const block = blocks.get(keyOf(node, Math.floor(index / BLOCK)))
    return block?.find((entry) => entry.index === index)
  }

  /** Sees to it that `from`…`to` of a node's log can be shown. */
  function ensure(node: NodeView, from: number, to: number): void {
    const carried = node.log.entries[0]?.index ?? node.log.lastIndex + 1
    const end = Math.min(to, carried - 1)
    const begin = Math.max(from, node.log.firstIndex)
    for (let block = Math.floor(begin / BLOCK); block * BLOCK <= end; block++) {
      const key = keyOf(node, block)
      if (!blocks.has(key)) void load(node, block, key)
    }
  }

  async function load(node: NodeView, block: number, key: string): Promise<void> {
    const source = cluster.sourceName
    if (source === null) return
    blocks.set(key, null)
    if (blocks.size > MOST_BLOCKS) {
      const [oldest] = blocks.keys()
      if (oldest !== undefined) blocks.delete(oldest)
    }
    const from = Math.max(node.log.firstIndex, block * BLOCK)
    const to = Math.min(node.log.lastIndex, (block + 1) * BLOCK - 1)
    const seq = cluster.pin?.seq
    try {
      const entries = await door.call('timeline.entries', {
        source,
        node: node.id,
        from,
        to,
        ...(seq === undefined ? {} : { seq }),
      })
      blocks.set(key, entries)
      version.value++
    } catch {
      // Asked for again when it comes into sight the next time.
      blocks.delete(key)
    }
  }

  return { version, at, ensure }
}
export type OlderEntries = ReturnType<typeof useOlderEntries>
