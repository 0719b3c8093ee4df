/** Five processes at once, on empty disks: how long until one of them leads? */
import { join } from 'node:path'
import { ratio, spread } from '../report'
import type { Suite } from '../stage'
import { inTurn, pairedRatio, spreadOf } from '../statistics'
import { EtcdCluster, findEtcd } from '../systems/etcd'
import { OurCluster } from '../systems/ours'
import { SETTINGS } from './etcd'

const NODES = 5
const WANTED_MS = 500

export const startSuite: Suite = {
  name: 'start',
  runs: 5,
  async run(stage) {
    const { programs, signal } = stage
    const { version } = findEtcd()
    const starts = {
      ours: async (directory: string) => {
        const cluster = await OurCluster.open({ directory, programs, nodes: NODES, settings: SETTINGS, signal })
        try {
          const { at } = await cluster.awaitLeader()
          return at - cluster.openedAt
        } finally {
          await cluster.close()
        }
      },
      theirs: async (directory: string) => {
        const began = performance.now()
        const cluster = await EtcdCluster.start({ directory, nodes: NODES, signal })
        try {
          await cluster.until('a leader of etcd', async () => {
            const statuses = await Promise.all(cluster.members.map((member) => member.status()))
            return statuses.some((status) => status?.isLeader)
          })
          return performance.now() - began
        } finally {
          await cluster.close()
        }
      },
    }
    const times: Record<keyof typeof starts, number[]> = { ours: [], theirs: [] }
    for (let pair = 0; pair < stage.runs; pair++) {
      for (const name of inTurn<keyof typeof starts>(pair, 'ours', 'theirs')) {
        stage.say(`start: ${pair + 1} of ${stage.runs}, ${name === 'ours' ? 'ours' : 'etcd'}`)
        const directory = await stage.directory()
        times[name].push(await starts[name](join(directory, name)))
        await stage.discard(directory)
      }
    }
    const ours = spreadOf(times.ours)
    const theirs = spreadOf(times.theirs)
    const compared = { ours, theirs, ratio: pairedRatio(times.ours, times.theirs) }
    return {
      suite: 'start',
      conditions: { etcd: version, nodes: NODES, runs: stage.runs, settings: SETTINGS },
      rows: [{ what: 'first leader', nodes: NODES, unit: 'ms', ...compared }],
      targets: [
        {
          name: `${NODES} processes → first leader, median in ms`,
          wanted: `at most ${WANTED_MS}`,
          got: ours.median,
          met: ours.median <= WANTED_MS,
        },
      ],
      tables: [
        {
          title: `${NODES} processes → first leader (ms)`,
          columns: ['', 'ours', 'etcd', 'ratio'],
          rows: [['first leader', spread(ours), spread(theirs), ratio(compared.ratio)]],
          notes: [],
        },
      ],
    }
  },
}
