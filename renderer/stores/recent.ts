/** Files that were opened lately, read when a list of them is looked at. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { RecentFile } from '../../preload/contract'
import { useDoor } from './door'

export const useRecentStore = defineStore('recent', () => {
  const door = useDoor()
  const files = shallowRef<readonly RecentFile[]>([])

  /** A list that cannot be read is empty: files are still opened by their path. */
  async function refresh(): Promise<void> {
    files.value = (await door.call('files.recent', {}).catch(() => undefined)) ?? []
  }
  return { files, refresh }
})
