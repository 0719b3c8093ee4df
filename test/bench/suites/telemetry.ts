/**
 * What it costs to be watched: for each level of telemetry two clusters stand side by side, one with it and one with
 * telemetry off, and take the same load in turn. Both are started anew after a few pairs: which process got which core
 * first stays for as long as they live, and makes even two clusters that are alike differ.
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
const PAIRS_PER_START = 6
/** Until what runs often is compiled: it takes a cluster, and the part of the workbench that writes for it, so long. */
const WARM_UP_MILLIS = 8000
const LEVELS = ['state', 'message', 'entry'] as const
type Level = (typeof LEVELS)[number] | 'off'
/** Of the throughput with telemetry off. */
const WANTED: Readonly<Partial<Record<Level, number>>> = { message: 0.95, entry: 0.85 }

interface Run {
  readonly perSecond: number
  readonly p99Ms: number
  /** Of the nodes and of the workbench, which is this process, but not of the load. */
  readonly cpuMicrosPerOp: number
  readonly shed: number
}

interface Compared {
  readonly on: Run[]
  readonly off: Run[]
}

export const telemetrySuite: Suite = {
  name: 'telemetry',
  runs: 12,
  async run(stage) {
    const rows = []
    for (const level of LEVELS) {
      const { on, off } = await compare(stage, level)
      const perSecond = (runs: readonly Run[]) => runs.map((run) => run.perSecond)
      const cpu = (runs: readonly Run[]) => runs.map((run) => run.cpuMicrosPerOp)
      rows.push({
        level,
        perSecond: spreadOf(perSecond(on)),
        off: spreadOf(perSecond(off)),
        ratioToOff: pairedRatio(perSecond(on), perSecond(off)),
        p99Ms: spreadOf(on.map((run) => run.p99Ms)),
        cpuMicrosPerOp: spreadOf(cpu(on)),
        cpuRatioToOff: pairedRatio(cpu(on), cpu(off)),
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
          columns: ['level', 'puts/s', 'off', 'ratio', 'p99 ms', 'µs of CPU/op (ratio)', 'events left out'],
          rows: rows.map((row) => [
            row.level,
            spread(row.perSecond),
            spread(row.off),
            ratio(row.ratioToOff),
            figure(row.p99Ms.median),
            `${figure(row.cpuMicrosPerOp.median)} ×${figure(row.cpuRatioToOff.median)}`,
            figure(row.eventsShed),
          ]),
          notes: ['CPU: of the nodes and of the workbench that hears and records them.'],
        },
      ],
    }
  },
}

interface Watched {
  readonly cluster: OurCluster
  readonly load: RemoteLoad
}

async function compare(stage: Stage, level: Level): Promise<Compared> {
  const runs: Compared = { on: [], off: [] }
  while (runs.on.length < stage.runs) {
    const { on, off } = await sideBySide(stage, level, runs.on.length)
    runs.on.push(...on)
    runs.off.push(...off)
  }
  return runs
}

/** At most {@link PAIRS_PER_START} pairs of two clusters of their own, when `done` are there already. */
async function sideBySide(stage: Stage, level: Level, done: number): Promise<Compared> {
  const { programs, signal, quick } = stage
  const directory = await stage.directory()
  const open: { close(): Promise<void> }[] = []
  const start = async (telemetry: Level): Promise<Watched> => {
    const settings = { ...SETTINGS, telemetry }
    const home = join(directory, telemetry)
    const cluster = await OurCluster.open({ directory: home, programs, nodes: NODES, settings, signal })
    open.push(cluster)
    const load = await startLoad(programs.driver, cluster.address, signal)
    open.push(load)
    await load.run({ outstanding: OUTSTANDING, warmUpMs: 0, measureMs: quick ? 500 : WARM_UP_MILLIS })
    return { cluster, load }
  }
  try {
    const isOnFirst = (done / PAIRS_PER_START) % 2 === 0
    const watched = isOnFirst
      ? { on: await start(level), off: await start('off') }
      : { off: await start('off'), on: await start(level) }
    const runs: Compared = { on: [], off: [] }
    for (let pair = done; pair < Math.min(done + PAIRS_PER_START, stage.runs); pair++) {
      for (const which of inTurn<keyof Compared>(pair, 'on', 'off')) {
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
  const used = () => {
    const own = process.cpuUsage()
    return cpuOf(cluster.pids) + own.user + own.system
  }
  const before = used()
  const began = performance.now()
  const options = { outstanding: OUTSTANDING, warmUpMs: quick ? 100 : 500, measureMs: quick ? 500 : 2000 }
  const { perSecond, p99Ms } = await load.run(options)
  const operations = (perSecond * (performance.now() - began)) / 1000
  return { perSecond, p99Ms, cpuMicrosPerOp: (used() - before) / operations, shed: cluster.shed }
}
