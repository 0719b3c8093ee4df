import type { CallName } from '../../../preload/contract'
import { makeSchedule } from '../../cluster/nemesis/schedule'
import { Problem } from '../../node/contract/problem'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `nemesis.${string}` | `workload.${string}`>

export function loadCalls({ session, loadSeen }: Rooms): Calls<Names> {
  return {
    'nemesis.preview': async ({ plan }) => makeSchedule(plan, session.cluster.nodeIds).steps,
    'nemesis.start': async ({ plan }) => ({ id: session.cluster.startNemesis(plan).id }),
    'nemesis.stop': async () => {
      await session.cluster.nemesis?.stop()
      return undefined
    },
    'workload.start': async ({ plan }) => ({ id: session.cluster.startWorkload(plan, { point: loadSeen }).id }),
    'workload.stop': async ({ id }) => {
      const run = session.cluster.workloads.find((one) => one.id === id)
      if (!run) throw new Problem('workload-unknown', { id })
      await run.stop()
      return undefined
    },
  }
}
