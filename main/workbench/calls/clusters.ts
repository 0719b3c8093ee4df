import type { CallName } from '../../../preload/contract'
import type { ClusterSummary } from '../../cluster/api'
import { MAX_NODES, MIN_NODES } from '../../node/contract/limits'
import { Problem } from '../../node/contract/problem'
import { settingsOf } from '../cluster-settings'
import { openFile } from '../importing'
import { listRecordings } from '../recordings'
import { playedRecordings } from '../scenarios/played'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `clusters.${string}` | `recordings.${string}`>

export function clusterCalls({ store, session, settings, host, tasks, options, signal }: Rooms): Calls<Names> {
  const summaryOf = async (name: string): Promise<ClusterSummary> => {
    const found = (await store.list()).find((cluster) => cluster.name === name)
    if (!found) throw new Problem('cluster-unknown', { name })
    return found
  }
  const open = async (prepare: () => Promise<ClusterSummary>): Promise<{ readonly name: string }> => {
    const opened = await session.openCluster(prepare)
    await settings.change({ lastCluster: opened.name })
    return opened
  }
  return {
    'clusters.list': () => store.list(),
    'clusters.create': async ({ name, nodes, witnesses, settings: given }) => {
      if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES) {
        throw new Problem('node-count', { given: nodes, min: MIN_NODES, max: MAX_NODES })
      }
      const wanted = {
        nodes,
        ...(name === undefined ? {} : { name }),
        ...(witnesses === undefined ? {} : { witnesses }),
        ...(given === undefined ? {} : { settings: settingsOf(given) }),
      }
      return open(() => store.create(wanted))
    },
    'clusters.settings': ({ name }) => store.settings(name),
    'clusters.configure': ({ name, settings: changes }) => store.configure(name, changes),
    'clusters.open': ({ name }) => open(() => summaryOf(name)),
    'clusters.close': () => session.closeCluster().then(() => undefined),
    'clusters.delete': ({ name }) =>
      session.alone(async () => {
        if (session.runs(name)) throw new Problem('cluster-open', { name })
        await store.delete(name)
        return undefined
      }),
    'recordings.list': async () => listRecordings(await store.list(), await playedRecordings(options.home)),
    'recordings.open': ({ path }) => openFile(path, { session, settings, tasks, home: options.home, signal }),
    'recordings.choose': async () => {
      const path = await host.chooseRecording?.()
      return path ? { path } : null
    },
    'recordings.close': () => session.closeRecording().then(() => undefined),
  }
}
