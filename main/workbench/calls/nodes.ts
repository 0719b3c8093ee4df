import type { CallName } from '../../../preload/contract'
import type { Cluster } from '../../cluster/api'
import { inspectNode } from '../../cluster/inspect'
import { DISK_TAIL, diskView } from '../views/disk'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `node.${string}` | `membership.${string}` | `leadership.${string}`>

export function nodeCalls({ session }: Rooms): Calls<Names> {
  /** Acts on the running cluster; answers when it is done. */
  const act =
    <I>(action: (cluster: Cluster, input: I) => Promise<void> | void) =>
    async (input: I): Promise<undefined> => {
      await action(session.cluster, input)
      return undefined
    }
  return {
    'node.start': act((cluster, { node }) => cluster.start(node)),
    'node.stop': act((cluster, { node }) => cluster.stop(node)),
    'node.kill': act((cluster, { node }) => cluster.kill(node)),
    'node.pause': act((cluster, { node }) => cluster.pause(node)),
    'node.resume': act((cluster, { node }) => cluster.resume(node)),
    'node.restart': act((cluster, { node }) => cluster.restart(node)),
    'node.remove': act((cluster, { node }) => cluster.remove(node)),
    'node.add': async ({ node, role }) => ({ node: await session.cluster.add(role, node) }),
    'node.rebuild': act((cluster, { node }) => cluster.rebuild(node)),
    'node.snapshot': async ({ node }) => ({ index: await session.cluster.snapshot(node) }),
    'membership.change': async ({ changes, mode }) => {
      return { index: await session.cluster.changeMembership(changes, mode) }
    },
    'leadership.transfer': act((cluster, { node }) => cluster.transferLeadership(node)),
    'node.disk': async ({ node }) => {
      return diskView(await inspectNode(session.cluster.dataDir(node), { tail: DISK_TAIL }))
    },
  }
}
