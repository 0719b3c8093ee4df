import { setTimeout as sleep } from 'node:timers/promises'
import type { BRANCH_CALLS, BranchCluster, ForkPreview } from '../../../preload/contract'
import type { ClusterSummary } from '../../cluster/api'
import { originOf, suggestedName } from '../../cluster/fork'
import { Problem } from '../../node/contract/problem'
import { type ForkMoment, type ForkPlan, forkMoment, planMoment } from '../forking'
import { condition, conditionsOf } from '../live/conditions'
import { listRecordings } from '../recordings'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof BRANCH_CALLS, string>

/** A cluster in which nothing happens tells nothing either. */
const TOLD_WITHIN_MS = 500

const isNow = (source: 'live' | 'recording', { seq, t }: ForkMoment): boolean =>
  source === 'live' && seq === undefined && t === undefined

export function branchesCalls({ session, store, settings, tasks, problemView, host, signal }: Rooms): Calls<Names> {
  return {
    'timeline.fork': async ({ source, name, withFaults = false, ...moment }) => {
      const timeline = session.timeline(source)
      if (isNow(source, moment)) await everythingTold()
      let plan: ForkPlan | undefined
      const opened = await session.replaceCluster(async () => {
        const what = name ?? (await suggestedName(store.home, timeline.info().clusterName))
        const made = await tasks.run({ kind: 'fork', what }, signal, (task) =>
          forkMoment(timeline, moment, {
            home: store.home,
            name: what,
            signal: task.signal,
            expect: task.expect,
            progress: task.progress,
          }),
        )
        plan = made
        return await summaryOf(made.name)
      })
      await settings.change({ lastCluster: opened.name })
      // What cannot be set up again is said, and the cluster runs without it.
      if (withFaults && plan !== undefined) {
        for (const problem of await condition(session.cluster, plan.state))
          host.log('warn', problemView(problem).message)
      }
      return opened
    },
    'timeline.forkPreview': async ({ source, ...moment }) => {
      const timeline = session.timeline(source)
      if (isNow(source, moment)) await everythingTold()
      const plan = await planMoment(timeline, moment, signal)
      return previewOf(plan, await suggestedName(store.home, timeline.info().clusterName))
    },
    'branches.list': async () => Promise.all((await store.list()).map(branchOf)),
  }

  /** What a client was answered is on the timeline a little later: "now" has all of it. */
  async function everythingTold(): Promise<void> {
    const { cluster, recorder } = session
    const asked = Number(process.hrtime.bigint() - cluster.origin)
    // A node tells everything before it answers this.
    await cluster.inForce()
    const deadline = performance.now() + TOLD_WITHIN_MS
    while (recorder.state.t < asked && performance.now() < deadline) await sleep(5)
  }

  async function summaryOf(name: string): Promise<ClusterSummary> {
    const found = (await store.list()).find((cluster) => cluster.name === name)
    if (!found) throw new Problem('cluster-unknown', { name })
    return found
  }
}

async function branchOf(cluster: ClusterSummary): Promise<BranchCluster> {
  const { name, id, nodes, created, bytes, lockedBy, damaged, path } = cluster
  const recordings = await listRecordings([cluster])
  return {
    name,
    id,
    nodes,
    created,
    bytes,
    lockedBy,
    ...(damaged !== undefined && { damaged }),
    origin: (await originOf(path)) ?? null,
    recordings: recordings
      .map(({ path: file, began, events, end, bytes: size, complete }) => {
        return { path: file, began, events, end, bytes: size, complete }
      })
      .toReversed(),
  }
}

function previewOf({ image, state }: ForkPlan, name: string): ForkPreview {
  const unsynced = [...state.nodes.values()].reduce(
    (lost, { lastIndex, durableIndex, firstIndex }) => lost + lastIndex - Math.max(durableIndex, firstIndex - 1),
    0,
  )
  return {
    seq: state.seq,
    t: state.t,
    clusterName: state.name,
    name,
    committed: image.committed,
    unsynced,
    faults: conditionsOf(state),
    nodes: image.nodes.map(({ node, role, disk }) => ({
      node,
      role,
      term: disk?.hardState.currentTerm ?? 0,
      lastIndex: disk === undefined ? 0 : disk.base.index + disk.entries.length,
      snapshotIndex: disk?.snapshot?.index ?? 0,
      wasDown: ['stopped', 'killed', 'crashed'].includes(state.nodes.get(node)?.process.standing ?? ''),
      completed: image.completed.includes(node),
    })),
  }
}
