/** A stage that a window shows: the cluster that is open in it. */
import type { ClusterStore } from '../../cluster/api'
import type { Stage, StageWish } from '../../scenarios/run/api'
import type { Session } from '../session'
import { markPlayed } from './played'
import { stageOf } from './stage'

/**
 * Opens a new cluster, named like `name`, in place of whatever is open.
 * @throws {Problem} why it can't be made or started
 */
export async function openStageIn(
  { session, store }: { readonly session: Session; readonly store: ClusterStore },
  { nodes, witnesses, settings, manual }: StageWish,
  name: string,
): Promise<{ readonly stage: Stage; readonly cluster: string }> {
  const prepare = async () => {
    const taken = new Set((await store.list()).map((summary) => summary.name))
    const made = await store.create({ name: freeName(name, taken), nodes, witnesses, settings })
    await markPlayed(made)
    return made
  }
  const opened = await session.replaceCluster(prepare, { manual })
  return { stage: stageOf(session, store), cluster: opened.name }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}-${count}`
    if (!taken.has(free)) return free
  }
}
