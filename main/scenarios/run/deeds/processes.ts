/** Steps that end, begin, stop and wake node processes. */
import type { Whom } from '../../language/values'
import type { Deeds } from '../deeds'
import { type Doing, nodeOf, nodesOf } from '../doing'
import type { SeenNode } from '../seen'

type Standing = SeenNode['process']['standing']

const LIVING: readonly Standing[] = ['starting', 'running', 'paused']
const RUNNING: readonly Standing[] = ['running']
const PAUSED: readonly Standing[] = ['paused']
const DOWN: readonly Standing[] = ['stopped', 'killed', 'crashed']

export const processDeeds: Deeds<'kill' | 'stop' | 'start' | 'pause' | 'resume' | 'restart' | 'rebuild'> = {
  kill: async ({ kill }, doing) => await each(doing, kill, (node) => doing.stage.cluster.kill(node), LIVING),
  stop: async ({ stop }, doing) => await each(doing, stop, (node) => doing.stage.cluster.stop(node), RUNNING),
  start: async ({ start }, doing) => {
    await each(doing, start, (node) => doing.stage.cluster.start(node), DOWN)
    await doing.stage.cluster.connected()
  },
  pause: async ({ pause }, doing) => await each(doing, pause, (node) => doing.stage.cluster.pause(node), RUNNING),
  resume: async ({ resume }, doing) => await each(doing, resume, (node) => doing.stage.cluster.resume(node), PAUSED),
  restart: async ({ restart }, doing) => {
    await each(doing, restart, (node) => doing.stage.cluster.restart(node))
    await doing.stage.cluster.connected()
  },
  rebuild: async ({ rebuild }, doing) => {
    await doing.stage.cluster.rebuild(nodeOf(doing, rebuild))
    await doing.stage.cluster.connected()
  },
}

/** At the same time; `all` are those that it can be done to. Waits for all of them, and fails with the first that failed. */
async function each(
  doing: Doing,
  whom: Whom,
  act: (node: number) => Promise<void>,
  standings?: readonly Standing[],
): Promise<void> {
  const nodes = nodesOf(
    doing,
    whom,
    standings === undefined ? undefined : ({ process }) => standings.includes(process.standing),
  )
  const done = await Promise.allSettled(nodes.map(act))
  const failed = done.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
