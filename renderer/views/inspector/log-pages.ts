/** Entries of one node's log by index: the tail that every moment carries, and older pages read when they are shown. */
import { onScopeDispose, shallowRef } from 'vue'
import type { EntryView, NodeView } from '../../../preload/contract'
import { useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'

const PAGE = 200

export function useLogPages(node: () => NodeView) {
  const door = useDoor()
  const cluster = useClusterStore()
  const pages = new Map<number, readonly EntryView[]>()
  const asked = new Set<number>()
  const version = shallowRef(0)
  const problem = problemRef()
  let moment = ''
  let gone = false
  onScopeDispose(() => {
    gone = true
  })

  /** Pages belong to one moment; while live, to the run of the log that only grows. */
  function check(): void {
    const now = cluster.pin === null ? 'live' : String(cluster.pin.seq)
    if (now === moment) return
    moment = now
    pages.clear()
    asked.clear()
    problem.value = ''
  }

  async function load(page: number): Promise<void> {
    const of = cluster.sourceName
    if (of === null || asked.has(page)) return
    asked.add(page)
    const born = moment
    const { id, log } = node()
    const from = Math.max(log.firstIndex, page * PAGE)
    const to = Math.min(log.lastIndex, page * PAGE + PAGE - 1)
    try {
      const at = cluster.pin === null ? {} : { seq: cluster.pin.seq }
      const entries = await door.call('timeline.entries', { source: of, node: id, from, to, ...at })
      if (gone || born !== moment) return
      pages.set(page, entries)
      problem.value = ''
    } catch (thrown) {
      if (gone || born !== moment) return
      problem.value = thrown
    }
    version.value++
  }

  /** The entry, or undefined while it is being read. */
  function entry(index: number): EntryView | undefined {
    check()
    void version.value
    const { log } = node()
    const first = log.entries[0]
    if (first !== undefined && index >= first.index) return log.entries[index - first.index]
    const page = Math.floor(index / PAGE)
    const read = pages.get(page)
    if (read === undefined) {
      void load(page)
      return undefined
    }
    const start = read[0]?.index ?? 0
    return read[index - start]
  }
  return { entry, problem }
}
