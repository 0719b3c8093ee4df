/**
 * A follower that was killed comes back when the others are far ahead: from the start of its process until its state
 * machine has all of it. Once with snapshots as they are set by default, once with the log alone.
 */
import { join } from 'node:path'
import { startLoad } from '../load/remote'
import type { TargetAddress } from '../load/target'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { inTurn, pairedRatio, spreadOf } from '../statistics'
import { EtcdCluster, findEtcd } from '../systems/etcd'
import { OurCluster } from '../systems/ours'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 256
const NEVER = 100_000_000

const MODES = [
  { name: 'default', settings: {}, flags: [] },
  { name: 'log', settings: { snapshotEntries: 0, snapshotBytes: 0 }, flags: ['--snapshot-count', String(NEVER)] },
] as const
type Mode = (typeof MODES)[number]

export const catchUpSuite: Suite = {
  name: 'catchup',
  runs: 3,
  async run(stage) {
    const entries = stage.quick ? 10_000 : 100_000
    const { version } = findEtcd()
    const rows = []
    for (const mode of MODES) {
      const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
      for (let pair = 0; pair < stage.runs; pair++) {
        for (const name of inTurn<'ours' | 'theirs'>(pair, 'ours', 'theirs')) {
          stage.say(`catchup: ${mode.name}, ${pair + 1} of ${stage.runs}, ${name === 'ours' ? 'ours' : 'etcd'}`)
          const directory = await stage.directory()
          const run = name === 'ours' ? ours : theirs
          times[name].push(await run(stage, join(directory, name), mode, entries))
          await stage.discard(directory)
        }
      }
      const [mine, etcd] = [spreadOf(times.ours), spreadOf(times.theirs)]
      rows.push({
        mode: mode.name,
        entries,
        unit: 'ms',
        ours: mine,
        theirs: etcd,
        ratio: pairedRatio(times.ours, times.theirs),
      })
    }
    return {
      suite: 'catchup',
      conditions: { etcd: version, nodes: NODES, entries, runs: stage.runs, settings: SETTINGS },
      rows,
      targets: rows.map(({ mode, ours: mine, theirs: etcd }) => ({
        name: `catching up (${mode}), median in ms`,
        wanted: `at most etcd's ${figure(etcd.median)}`,
        got: mine.median,
        met: mine.median <= etcd.median,
      })),
      tables: [
        {
          title: `A follower ${figure(entries)} entries behind, from the start of its process (ms)`,
          columns: ['', 'ours', 'etcd', 'ratio'],
          rows: rows.map((row) => [row.mode, spread(row.ours), spread(row.theirs), ratio(row.ratio)]),
          notes: ['default: with snapshots as each sets them by itself; log: no snapshots.'],
        },
      ],
    }
  },
}

async function fill(stage: Stage, address: TargetAddress, entries: number): Promise<number> {
  const load = await startLoad(stage.programs.driver, address, stage.signal)
  try {
    await load.run({ outstanding: OUTSTANDING, warmUpMs: 0, measureMs: 0, count: entries })
    return Math.max(...[...(await load.acknowledged()).values()].slice(-OUTSTANDING))
  } finally {
    await load.close()
  }
}

async function ours(stage: Stage, directory: string, { settings }: Mode, entries: number): Promise<number> {
  const { programs, signal } = stage
  const all = { ...SETTINGS, ...settings }
  const running = await OurCluster.open({ directory, programs, nodes: NODES, settings: all, signal })
  try {
    const { node: leader } = await running.awaitLeader()
    const follower = running.cluster.nodeIds.find((node) => node !== leader) ?? 0
    await running.cluster.kill(follower)
    const reached = await fill(stage, running.address, entries)
    const began = performance.now()
    await running.cluster.start(follower)
    await running.until('the follower', () => running.applied(follower) >= reached)
    return running.appliedAt(follower) - began
  } finally {
    await running.close()
  }
}

async function theirs(stage: Stage, directory: string, { flags }: Mode, entries: number): Promise<number> {
  const cluster = await EtcdCluster.start({ directory, nodes: NODES, signal: stage.signal, flags })
  try {
    const leader = await cluster.awaitLeader()
    const follower = cluster.members.find((member) => member !== leader)
    if (follower === undefined) throw new Error('etcd has no follower')
    await follower.kill()
    await fill(stage, { system: 'etcd', port: leader.clientPort, connections: 4 }, entries)
    const reached = (await leader.status())?.applied ?? Number.POSITIVE_INFINITY
    const began = performance.now()
    follower.start()
    await cluster.until('the follower', async () => ((await follower.status())?.applied ?? 0) >= reached)
    return performance.now() - began
  } finally {
    await cluster.close()
  }
}
