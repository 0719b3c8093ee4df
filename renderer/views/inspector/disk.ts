/** A node's files, read again when something became durable, but never in a hurry: reading costs the disk too. */
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import type { DiskRecordView, DiskView } from '../../../preload/contract'
import { problemRef, useDoor } from '../../stores/door'

const AT_LEAST_MS = 1_000
/** A reading may take at most this share of the time. */
const SHARE = 10

export interface DiskReading {
  readonly view: Readonly<Ref<DiskView | null>>
  readonly problem: Readonly<Ref<string>>
  refresh(): void
}

/**
 * @param node whose files; null = do not read
 * @param durable changes whenever the node has written something
 */
export function useDisk(node: () => number | null, durable: () => string): DiskReading {
  const door = useDoor()
  const view = shallowRef<DiskView | null>(null)
  const problem = problemRef()
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false
  let stale = false
  let notBefore = 0
  let gone = false

  async function read(): Promise<void> {
    timer = undefined
    const of = node()
    if (of === null || gone) return
    if (reading) {
      stale = true
      return
    }
    reading = true
    stale = false
    const began = performance.now()
    try {
      const found = await door.call('node.disk', { node: of })
      if (node() === of) {
        view.value = found
        problem.value = ''
      } else stale = true
    } catch (thrown) {
      if (node() === of) problem.value = thrown
    } finally {
      reading = false
      const took = performance.now() - began
      notBefore = performance.now() + Math.max(AT_LEAST_MS, took * SHARE)
      if (stale) schedule()
    }
  }
  function schedule(): void {
    if (timer !== undefined || gone) return
    timer = setTimeout(() => void read(), Math.max(0, notBefore - performance.now()))
  }

  watch(
    node,
    () => {
      view.value = null
      problem.value = ''
      notBefore = 0
      clearTimeout(timer)
      timer = undefined
      void read()
    },
    { immediate: true },
  )
  watch(durable, schedule)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return { view, problem, refresh: () => void read() }
}

/** A record in one short line; its whole detail stands in the title. */
export function recordText(record: DiskRecordView): string {
  switch (record.type) {
    case 'entry':
      return `entry ${record.index} T${record.term} ${record.detail}`
    case 'hardState': {
      const vote = /votedFor (\d+)/.exec(record.detail)?.[1]
      return `hardState T${record.term} ${vote === undefined ? 'no vote' : `vote n${vote}`}`
    }
    default:
      return record.detail.startsWith(record.type) ? record.detail : `${record.type} ${record.detail}`
  }
}
