/** Steps that change who belongs to the cluster, who leads it, and what is in its snapshots. */
import type { Deeds } from '../deeds'
import { nodeOf } from '../doing'

/** In the background nobody waits for it: its end stands on the timeline, as an `operation`. */
const unawaited = (work: Promise<unknown>): void => void work.catch(() => undefined)

export const memberDeeds: Deeds<'add' | 'remove' | 'change' | 'transfer' | 'snapshot'> = {
  add: async ({ add: { role, node, name } }, { stage, cast }) => {
    const added = await stage.cluster.add(role, node)
    if (name !== undefined) cast.name(name, added)
    await stage.cluster.connected()
  },
  remove: async ({ remove }, doing) => await doing.stage.cluster.remove(nodeOf(doing, remove)),
  change: async ({ change: { changes, mode, background } }, doing) => {
    const wanted = changes.map((one) =>
      'add' in one
        ? { node: nodeOf(doing, one.add), role: one.role }
        : { node: nodeOf(doing, one.remove), role: 'removed' as const },
    )
    const changing = doing.stage.cluster.changeMembership(wanted, mode)
    if (background) unawaited(changing)
    else await changing
  },
  transfer: async ({ transfer, background }, doing) => {
    const target = transfer === 'best' ? undefined : nodeOf(doing, transfer)
    const transferring = doing.stage.cluster.transferLeadership(target)
    if (background) unawaited(transferring)
    else await transferring
  },
  snapshot: async ({ snapshot }, doing) => {
    await doing.stage.cluster.snapshot(nodeOf(doing, snapshot))
  },
}
