/** What a cluster costs that nobody uses: heartbeats, and the memory of its processes. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMicros, cpuOf, memoryOf } from '../processes'
import { figure, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { type Spread, spreadOf } from '../statistics'
import { OurCluster } from '../systems/ours'

const SIZES = [5, 15, 51]
const SETTLE_MS = 3000
const WINDOW_MS = 3000
const MIB = 2 ** 20

interface IdleRow {
  readonly nodes: number
  readonly quiescence: boolean
  readonly heartbeatMs: number
  /** Of all nodes together, per cent of one core. */
  readonly cpuPercent: Spread
  /** Of the workbench, which records. */
  readonly recorderCpuPercent: Spread
  readonly rssMiB: number
  readonly pssMiB: number
  readonly pssMiBPerNode: number
}

export const idleSuite: Suite = {
  name: 'idle',
  runs: 3,
  async run(stage) {
    const rows: IdleRow[] = []
    for (const nodes of SIZES) {
      for (const quiescence of [false, true]) {
        stage.say(`idle: ${nodes} nodes${quiescence ? ', quiescent' : ''}`)
        rows.push(await measure(stage, nodes, quiescence))
      }
    }
    return {
      suite: 'idle',
      conditions: { windows: stage.runs, windowMs: WINDOW_MS, settings: 'as the workbench sets them by default' },
      rows,
      targets: [],
      tables: [
        {
          title: 'Idle clusters: all nodes together, in per cent of one core and MiB',
          columns: ['nodes', 'quiescence', 'heartbeat ms', 'CPU %', 'recorder CPU %', 'RSS', 'PSS', 'PSS per node'],
          rows: rows.map((row) => [
            String(row.nodes),
            row.quiescence ? 'on' : 'off',
            String(row.heartbeatMs),
            spread(row.cpuPercent),
            figure(row.recorderCpuPercent.median),
            figure(row.rssMiB),
            figure(row.pssMiB),
            figure(row.pssMiBPerNode),
          ]),
          notes: [],
        },
      ],
    }
  },
}

async function measure(stage: Stage, nodes: number, quiescence: boolean): Promise<IdleRow> {
  const { programs, signal } = stage
  const directory = await stage.directory()
  const settings = { quiescence }
  const cluster = await OurCluster.open({ directory: join(directory, 'ours'), programs, nodes, settings, signal })
  try {
    await cluster.awaitLeader()
    await sleep(SETTLE_MS)
    const cpu: number[] = []
    const recorder: number[] = []
    for (let window = 0; window < stage.runs; window++) {
      signal.throwIfAborted()
      const before = { nodes: cpuOf(cluster.pids), recorder: cpuMicros(process.pid), at: performance.now() }
      await sleep(WINDOW_MS)
      const percent = 100 / (performance.now() - before.at) / 1000
      cpu.push((cpuOf(cluster.pids) - before.nodes) * percent)
      recorder.push((cpuMicros(process.pid) - before.recorder) * percent)
    }
    const { rssBytes, pssBytes } = memoryOf(cluster.pids)
    return {
      nodes,
      quiescence,
      heartbeatMs: cluster.cluster.settings.heartbeatMs,
      cpuPercent: spreadOf(cpu),
      recorderCpuPercent: spreadOf(recorder),
      rssMiB: rssBytes / MIB,
      pssMiB: pssBytes / MIB,
      pssMiBPerNode: pssBytes / MIB / nodes,
    }
  } finally {
    await cluster.close()
    await stage.discard(directory)
  }
}
