/** Branching off from a moment, and the tree of branches. */
import { useBranchesStore, useForkAttempt } from '../stores/branches'
import { useClusterStore } from '../stores/cluster'
import { ProblemError, useDoor } from '../stores/door'
import { useLibraryStore } from '../stores/library'
import { defineCommand } from './registry'

export interface ForkOrder {
  readonly name?: string
  readonly withFaults: boolean
}
declare module './registry' {
  interface CommandMap {
    'branch.fork': undefined
    'branch.send': ForkOrder
    'branch.stop': undefined
    'branch.again': { readonly recording: string; readonly seq: number }
    'branches.show': undefined
  }
}

export function defineBranchCommands(): void {
  const branches = useBranchesStore()
  const attempt = useForkAttempt()
  const cluster = useClusterStore()
  const library = useLibraryStore()
  const door = useDoor()
  const connected = () => !cluster.disconnected

  defineCommand<'branch.fork'>({
    id: 'branch.fork',
    label: 'branches.commands.fork',
    keys: ['Shift+f'],
    group: 'time',
    when: () => connected() && cluster.sourceName !== null && cluster.moment !== null,
    run: () => {
      if (cluster.sourceName === null) return
      attempt.forget()
      const seq = cluster.pin?.seq ?? cluster.moment?.seq
      return branches.ask({ source: cluster.sourceName, ...(seq !== undefined && { seq }) })
    },
  })
  defineCommand<'branch.send'>({
    id: 'branch.send',
    label: 'branches.commands.fork',
    hidden: true,
    group: 'time',
    when: () => connected() && branches.from !== null && branches.preview !== null,
    async run(order) {
      const { from, preview } = branches
      if (from === null || preview === null) return
      const stop = branches.follow()
      const thrown = await attempt.make(async () => {
        // Of the moment that was looked at, wherever the timeline has got to since.
        await door.call('timeline.fork', { source: from.source, seq: preview.seq, ...order })
      })
      stop()
      await library.refresh()
      if (thrown === null) branches.close()
      else if (isGivenUp(thrown)) attempt.forget()
      else if (branches.from === null) throw thrown
    },
  })
  defineCommand<'branch.stop'>({
    id: 'branch.stop',
    label: 'branches.fork.stop',
    hidden: true,
    group: 'time',
    when: () => connected() && branches.task !== null,
    run: () => (branches.task === null ? undefined : door.call('tasks.cancel', { task: branches.task.id })),
  })
  defineCommand<'branch.again'>({
    id: 'branch.again',
    label: 'branches.commands.fork',
    hidden: true,
    group: 'time',
    when: connected,
    async run({ recording, seq }) {
      branches.shown = false
      if (cluster.source.kind === 'live') {
        if (cluster.source.recording === recording) {
          await branches.ask({ source: 'live', seq })
          return
        }
        await door.call('clusters.close', {})
      }
      await door.call('recordings.open', { path: recording })
      attempt.forget()
      await branches.ask({ source: 'recording', seq })
    },
  })
  defineCommand<'branches.show'>({
    id: 'branches.show',
    label: 'branches.commands.show',
    keys: ['Shift+t'],
    group: 'cluster',
    when: connected,
    run: () => {
      branches.shown = true
      return branches.refresh()
    },
  })
}

/** Who stopped it knows that. */
function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof ProblemError && ['fork-cancelled', 'no-cluster'].includes(thrown.problem.code)
}
