/**
 * What it costs to be watched: for each level of telemetry two clusters stand side by side, one with it and one with
 * telemetry off, and take the same load in turn.
 */
import { join } from 'node:path'
import { type RemoteLoad, startLoad } from '../load/remote'
import { cpuOf } from '../processes'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { inTurn, pairedRatio, spreadOf } from '../statistics'
import { OurCluster } from '../systems/ours'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 256
const LEVELS = ['state', 'message', 'entry'] as const
type Level = (typeof LEVELS)[number] | 'off'
/** Of the throughput with telemetry off. */
const WANTED: Readonly<Partial<Record<Level, number>>> = { message: 0.95, entry: 0.85 }

interface Run {
  readonly perSecond: number
  readonly p99Ms: number
  readonly serverCpuMicrosPerOp: number
  readonly shed: number
}

export const telemetrySuite: Suite = {
  name: 'telemetry',
  runs: 5,
  async run(stage) {
    const rows = []
    for (const level of LEVELS) {
      const { on, off } = await compare(stage, level)
      const perSecond = (runs: readonly Run[]) => runs.map((run) => run.perSecond)
      const cpu = (runs: readonly Run[]) => runs.map((run) => run.serverCpuMicrosPerOp)
      rows.push({
        level,
        perSecond: spreadOf(perSecond(on)),
        off: spreadOf(perSecond(off)),
        ratioToOff: pairedRatio(perSecond(on), perSecond(off)),
        p99Ms: spreadOf(on.map((run) => run.p99Ms)),
        serverCpuMicrosPerOp: spreadOf(cpu(on)),
        serverCpuRatioToOff: pairedRatio(cpu(on), cpu(off)),
        eventsShed: Math.max(...on.map((run) => run.shed)),
      })
    }
    return {
      suite: 'telemetry',
      conditions: { nodes: NODES, outstanding: OUTSTANDING, pairs: stage.runs, settings: SETTINGS },
      rows,
      targets: rows.flatMap(({ level, ratioToOff: { median: got } }) => {
        const least = WANTED[level]
        if (least === undefined) return []
        return [{ name: `throughput at level ${level}`, wanted: `at least ×${least} of off`, got, met: got >= least }]
      }),
      tables: [
        {
          title: `Throughput by level of telemetry, ${OUTSTANDING} outstanding`,
          columns: ['level', 'puts/s', 'off', 'ratio', 'p99 ms', 'server µs/op (ratio)', 'events left out'],
          rows: rows.map((row) => [
            row.level,
            spread(row.perSecond),
            spread(row.off),
            ratio(row.ratioToOff),
            figure(row.p99Ms.median),
            `${figure(row.serverCpuMicrosPerOp.median)} ×${figure(row.serverCpuRatioToOff.median)}`,
            figure(row.eventsShed),
          ]),
          notes: [],
        },
      ],
    }
  },
}

interface Watched {
  readonly cluster: OurCluster
  readonly load: RemoteLoad
}

async function compare(
  stage: Stage,
  level: Level,
): Promise<{ readonly on: readonly Run[]; readonly off: readonly Run[] }> {
  const { programs, signal, quick } = stage
  const directory = await stage.directory()
  const open: { close(): Promise<void> }[] = []
  try {
    const start = async (telemetry: Level): Promise<Watched> => {
      const settings = { ...SETTINGS, telemetry }
      const home = join(directory, telemetry)
      const cluster = await OurCluster.open({ directory: home, programs, nodes: NODES, settings, signal })
      open.push(cluster)
      const load = await startLoad(programs.driver, cluster.address, signal)
      open.push(load)
      await load.run({ outstanding: OUTSTANDING, warmUpMs: 0, measureMs: quick ? 500 : 2500 })
      return { cluster, load }
    }
    const watched = { on: await start(level), off: await start('off') }
    const runs: { readonly on: Run[]; readonly off: Run[] } = { on: [], off: [] }
    for (let pair = 0; pair < stage.runs; pair++) {
      for (const which of inTurn<keyof typeof watched>(pair, 'on', 'off')) {
        stage.say(`telemetry: ${level}, pair ${pair + 1} of ${stage.runs}, ${which}`)
        runs[which].push(await measure(watched[which], quick))
      }
    }
    return runs
  } finally {
    for (const each of open.reverse()) await each.close()
    await stage.discard(directory)
  }
}

async function measure({ cluster, load }: Watched, quick: boolean): Promise<Run> {
  const before = cpuOf(cluster.pids)
  const began = performance.now()
  const options = { outstanding: OUTSTANDING, warmUpMs: quick ? 100 : 500, measureMs: quick ? 500 : 2500 }
  const { perSecond, p99Ms } = await load.run(options)
  const operations = (perSecond * (performance.now() - began)) / 1000
  return { perSecond, p99Ms, serverCpuMicrosPerOp: (cpuOf(cluster.pids) - before) / operations, shed: cluster.shed }
}
