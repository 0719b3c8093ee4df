/** What lies on disk: clusters and recordings, read when a list of them is looked at. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ClusterListItem, RecordingListItem } from '../../preload/contract'
import { problemRef, useDoor } from './door'

export const useLibraryStore = defineStore('library', () => {
  const door = useDoor()
  const clusters = shallowRef<readonly ClusterListItem[]>([])
  const recordings = shallowRef<readonly RecordingListItem[]>([])
  const reading = ref(false)
  /** Why the last reading failed; empty when it did not. */
  const problem = problemRef()

  async function refresh(): Promise<void> {
    reading.value = true
    try {
      const [found, recorded] = await Promise.all([door.call('clusters.list', {}), door.call('recordings.list', {})])
      clusters.value = found
      recordings.value = [...recorded].sort((a, b) => b.began.localeCompare(a.began))
      problem.value = ''
    } catch (thrown) {
      problem.value = thrown
    } finally {
      reading.value = false
    }
  }
  return { clusters, recordings, reading, problem, refresh }
})
