/** Branching off: the moment that is looked at in the dialog, what would be made of it, and the tree of all branches. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BranchCluster, ForkPreview, TaskView } from '../../preload/contract'
import { createAttempt } from './attempt'
import { problemRef, useDoor } from './door'

/** Of which timeline the dialog speaks, and which moment: the end when `seq` is left out. */
export interface ForkFrom {
  readonly source: 'live' | 'recording'
  readonly seq?: number
}

export const useForkAttempt = defineStore('forkAttempt', createAttempt)

export const useBranchesStore = defineStore('branches', () => {
  const door = useDoor()
  const from = shallowRef<ForkFrom | null>(null)
  const preview = shallowRef<ForkPreview | null>(null)
  /** Why there can be no branch of that moment; empty when there can. */
  const refusal = problemRef()
  /** The fork that is being made. */
  const task = shallowRef<TaskView | null>(null)
  const shown = ref(false)
  const clusters = shallowRef<readonly BranchCluster[]>([])
  const reading = ref(false)
  const problem = problemRef()

  async function ask(moment: ForkFrom): Promise<void> {
    from.value = moment
    preview.value = null
    refusal.value = ''
    try {
      const found = await door.call('timeline.forkPreview', moment)
      if (from.value === moment) preview.value = found
    } catch (thrown) {
      if (from.value === moment) refusal.value = thrown
    }
  }
  function close(): void {
    from.value = null
    preview.value = null
  }
  /** Follows the task that a fork is; until the returned function is called. */
  function follow(): () => void {
    const stop = door.subscribe('tasks', (tasks) => {
      task.value = tasks.findLast(({ kind, state }) => kind === 'fork' && state === 'running') ?? null
    })
    return () => {
      stop()
      task.value = null
    }
  }
  async function refresh(): Promise<void> {
    reading.value = true
    try {
      clusters.value = await door.call('branches.list', {})
      problem.value = ''
    } catch (thrown) {
      problem.value = thrown
    } finally {
      reading.value = false
    }
  }
  return { from, preview, refusal, task, shown, clusters, reading, problem, ask, close, follow, refresh }
})
