/** What it costs to be watched: the same load at every level of telemetry, each level on a fresh cluster, in turn. */
import { join } from 'node:path'
import { startLoad } from '../load/remote'
import { cpuOf } from '../processes'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { median, pairedRatio, spreadOf } from '../statistics'
import { OurCluster } from '../systems/ours'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 256
const LEVELS = ['off', 'state', 'message', 'entry'] as const
type Level = (typeof LEVELS)[number]
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
    const runs: Record<Level, Run[]> = { off: [], state: [], message: [], entry: [] }
    for (let round = 0; round < stage.runs; round++) {
      for (let at = 0; at < LEVELS.length; at++) {
        // Each round begins with another level: none is always the first.
        const level = LEVELS[(at + round) % LEVELS.length] ?? 'off'
        stage.say(`telemetry: round ${round + 1} of ${stage.runs}, ${level}`)
        runs[level].push(await measure(stage, level))
      }
    }
    const perSecond = (level: Level) => runs[level].map((run) => run.perSecond)
    const rows = LEVELS.map((level) => ({
      level,
      perSecond: spreadOf(perSecond(level)),
      ratioToOff: pairedRatio(perSecond(level), perSecond('off')),
      p99Ms: spreadOf(runs[level].map((run) => run.p99Ms)),
      serverCpuMicrosPerOp: spreadOf(runs[level].map((run) => run.serverCpuMicrosPerOp)),
      eventsShed: median(runs[level].map((run) => run.shed)),
    }))
    return {
      suite: 'telemetry',
      conditions: { nodes: NODES, outstanding: OUTSTANDING, rounds: stage.runs, settings: SETTINGS },
      rows,
      targets: rows.flatMap(({ level, ratioToOff: { median: got } }) => {
        const least = WANTED[level]
        if (least === undefined) return []
        return [{ name: `throughput at level ${level}`, wanted: `at least ×${least} of off`, got, met: got >= least }]
      }),
      tables: [
        {
          title: `Throughput by level of telemetry, ${OUTSTANDING} outstanding`,
          columns: ['level', 'puts/s', 'against off', 'p99 ms', 'server µs/op', 'events left out'],
          rows: rows.map((row) => [
            row.level,
            spread(row.perSecond),
            ratio(row.ratioToOff),
            figure(row.p99Ms.median),
            figure(row.serverCpuMicrosPerOp.median),
            figure(row.eventsShed),
          ]),
          notes: [],
        },
      ],
    }
  },
}

async function measure(stage: Stage, level: Level): Promise<Run> {
  const { programs, signal, quick } = stage
  const directory = await stage.directory()
  const settings = { ...SETTINGS, telemetry: level }
  const cluster = await OurCluster.open({
    directory: join(directory, 'ours'),
    programs,
    nodes: NODES,
    settings,
    signal,
  })
  try {
    const load = await startLoad(programs.driver, cluster.address, signal)
    try {
      await load.run({ outstanding: OUTSTANDING, warmUpMs: 0, measureMs: quick ? 500 : 2000 })
      const before = cpuOf(cluster.pids)
      const began = performance.now()
      const result = await load.run({ outstanding: OUTSTANDING, warmUpMs: 0, measureMs: quick ? 500 : 2500 })
      const operations = (result.perSecond * (performance.now() - began)) / 1000
      const serverCpuMicrosPerOp = (cpuOf(cluster.pids) - before) / operations
      return { perSecond: result.perSecond, p99Ms: result.p99Ms, serverCpuMicrosPerOp, shed: cluster.shed }
    } finally {
      await load.close()
    }
  } finally {
    await cluster.close()
    await stage.discard(directory)
  }
}
