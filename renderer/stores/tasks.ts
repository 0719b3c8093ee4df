/** Long work, as the workbench tells it: what runs, and each end once. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { TaskView } from '../../preload/contract'
import { useDoor } from './door'

export const useTasksStore = defineStore('tasks', () => {
  const door = useDoor()
  const tasks = shallowRef<readonly TaskView[]>([])
  const running = computed(() => tasks.value.filter(({ state }) => state === 'running'))

  /**
   * Listens to the workbench. What had ended before this window listened is not told.
   * @param ended called with each task that ends
   * @returns a function that stops listening
   */
  function connect(ended: (task: TaskView) => void): () => void {
    let told: Set<number> | undefined
    return door.subscribe('tasks', (next) => {
      tasks.value = next
      const over = next.filter(({ state }) => state !== 'running')
      const before = told
      told = new Set(over.map(({ id }) => id))
      if (before === undefined) return
      for (const task of over) if (!before.has(task.id)) ended(task)
    })
  }

  return { tasks, running, connect }
})
