/**
 * Ours against etcd: both clusters stand side by side on the same disk, idle but for heartbeats while the other is under
 * load. In each pair every level of load runs on the one, right after on the other. What each answered is looked for on
 * its disks before a pair counts.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { LoopResult } from '../load/closed-loop'
import { type RemoteLoad, startLoad } from '../load/remote'
import { VALUE_BYTES } from '../load/writes'
import { cpuMicros, cpuOf } from '../processes'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite, SuiteResult, Target } from '../stage'
import { inTurn, median, pairedRatio, type Spread, spreadOf } from '../statistics'
import { ELECTION_MS, EtcdCluster, findEtcd, HEARTBEAT_MS } from '../systems/etcd'
import { OurCluster } from '../systems/ours'
import { verifyEtcd } from '../verify/etcd'
import { verifyOurs } from '../verify/ours'

const NODES = 3
const OUTSTANDING = [1, 64, 256]
const WARM_OUTSTANDING = 256
/** More connections to etcd do not make it faster, one makes it slower. */
const ETCD_CONNECTIONS = 4

/** The features of the cluster are on, and so is the recording of every message. */
export const SETTINGS = {
  electionTimeoutMs: ELECTION_MS,
  heartbeatMs: HEARTBEAT_MS,
  telemetry: 'message',
  leaseReads: true,
} as const

/** As ratios of ours to theirs. */
const WANTED_THROUGHPUT: Readonly<Record<number, number>> = { 1: 1.3, 64: 3, 256: 4 }
const WANTED_P99: Readonly<Record<number, number>> = { 64: 0.5, 256: 0.5 }

interface Run extends LoopResult {
  readonly serverCpuMicrosPerOp: number
  /** Of the process that records, as a share of one core; 0 for etcd. */
  readonly recorderCpuShare: number
}

interface Side {
  readonly load: RemoteLoad
  pids(): readonly number[]
  readonly records: boolean
}

interface Compared {
  readonly ours: Spread
  readonly theirs: Spread
  readonly ratio: Spread
}

export interface EtcdRow extends Compared {
  readonly outstanding: number
  /** The pairs, in the order in which they ran. */
  readonly pairs: readonly { readonly ours: number; readonly theirs: number }[]
  readonly p50Ms: Compared
  readonly p99Ms: Compared
  readonly serverCpuMicrosPerOp: Compared
  /** Share of one core that the load's own process took. */
  readonly clientCpu: { readonly ours: number; readonly theirs: number }
  readonly recorderCpu: number
}

export const etcdSuite: Suite = {
  name: 'etcd',
  runs: 5,
  async run(stage) {
    const { version } = findEtcd()
    const pairs: Map<number, { ours: Run; theirs: Run }[]> = new Map(OUTSTANDING.map((level) => [level, []]))
    let verified = 0
    let shed = 0
    for (let pair = 0; pair < stage.runs; pair++) {
      const measured = await onePair(stage, pair, (text) =>
        stage.say(`etcd: pair ${pair + 1} of ${stage.runs}, ${text}`),
      )
      for (const [level, runs] of measured.levels) pairs.get(level)?.push(runs)
      verified += measured.verified
      shed += measured.shed
    }
    const rows = [...pairs].map(([outstanding, runs]) => rowOf(outstanding, runs))
    const fastest = Math.max(...rows.map((row) => row.theirs.max))
    stage.say('etcd: what its driver can do')
    const driver = await driverCeiling(stage)
    return resultOf(stage, { version, rows, driver, headroom: driver.perSecond / fastest, verified, shed })
  },
}

/** Both clusters, from their start to the proof of what they hold. */
async function onePair(stage: Stage, pair: number, say: (text: string) => void) {
  const { programs, signal } = stage
  const directory = await stage.directory()
  const etcd = await EtcdCluster.start({ directory: join(directory, 'etcd'), nodes: NODES, signal })
  let ours: OurCluster | undefined
  const loads: RemoteLoad[] = []
  try {
    say('starting and warming up')
    ours = await OurCluster.open({
      directory: join(directory, 'ours'),
      programs,
      nodes: NODES,
      settings: SETTINGS,
      signal,
    })
    await ours.awaitLeader()
    const leader = await etcd.awaitLeader()
    const ourLoad = await startLoad(programs.driver, ours.address, signal)
    loads.push(ourLoad)
    const theirAddress = { system: 'etcd', port: leader.clientPort, connections: ETCD_CONNECTIONS } as const
    const theirLoad = await startLoad(programs.driver, theirAddress, signal)
    loads.push(theirLoad)
    const cluster = ours
    const sides = {
      ours: { load: ourLoad, pids: () => cluster.pids, records: true },
      theirs: { load: theirLoad, pids: () => etcd.pids, records: false },
    } satisfies Record<string, Side>

    // Both have long been running when they are measured: one compiles as it goes.
    for (const { load } of [sides.ours, sides.theirs]) {
      await load.run({ outstanding: WARM_OUTSTANDING, warmUpMs: 0, measureMs: stage.quick ? 1000 : 3000 })
    }

    const levels = new Map<number, { ours: Run; theirs: Run }>()
    for (const [at, outstanding] of OUTSTANDING.entries()) {
      const runs: { ours?: Run; theirs?: Run } = {}
      for (const name of inTurn<keyof typeof sides>(pair + at, 'ours', 'theirs')) {
        say(`${outstanding} outstanding, ${name === 'ours' ? 'ours' : 'etcd'}`)
        runs[name] = await measure(stage, sides[name], outstanding)
      }
      const { ours: mine, theirs } = runs
      if (mine !== undefined && theirs !== undefined) levels.set(outstanding, { ours: mine, theirs })
    }

    say('looking for what was answered')
    const shed = cluster.shed
    const ourAcknowledged = await ourLoad.acknowledged()
    await ourLoad.close()
    const found = await verifyEtcd(etcd, await theirLoad.acknowledged())
    const { id, dataDirs } = { id: cluster.cluster.id, dataDirs: cluster.dataDirs }
    await cluster.close()
    ours = undefined
    const verified = found + (await verifyOurs(id, dataDirs, ourAcknowledged))
    return { levels, verified, shed }
  } finally {
    await Promise.allSettled(loads.map((load) => load.close()))
    await Promise.allSettled([ours?.close(), etcd.close()])
    await stage.discard(directory)
  }
}

async function measure(stage: Stage, side: Side, outstanding: number): Promise<Run> {
  stage.signal.throwIfAborted()
  const options = { outstanding, warmUpMs: stage.quick ? 300 : 1000, measureMs: stage.quick ? 700 : 2500 }
  const before = cpuOf(side.pids())
  const recorderBefore = cpuMicros(process.pid)
  const began = performance.now()
  const result = await side.load.run(options)
  // The servers' clocks tick too coarsely to be read at the end of the warm-up: it counts for both.
  const seconds = (performance.now() - began) / 1000
  const operations = result.perSecond * seconds
  if (result.refused > 0) stage.say(`etcd: ${result.refused} writes were refused`)
  return {
    ...result,
    serverCpuMicrosPerOp: (cpuOf(side.pids()) - before) / operations,
    recorderCpuShare: side.records ? (cpuMicros(process.pid) - recorderBefore) / 1e6 / seconds : 0,
  }
}

function rowOf(outstanding: number, runs: readonly { ours: Run; theirs: Run }[]): EtcdRow {
  const compare = (figureOf: (run: Run) => number): Compared => {
    const ours = runs.map((pair) => figureOf(pair.ours))
    const theirs = runs.map((pair) => figureOf(pair.theirs))
    return { ours: spreadOf(ours), theirs: spreadOf(theirs), ratio: pairedRatio(ours, theirs) }
  }
  return {
    outstanding,
    ...compare((run) => run.perSecond),
    pairs: runs.map(({ ours, theirs }) => ({ ours: ours.perSecond, theirs: theirs.perSecond })),
    p50Ms: compare((run) => run.p50Ms),
    p99Ms: compare((run) => run.p99Ms),
    serverCpuMicrosPerOp: compare((run) => run.serverCpuMicrosPerOp),
    clientCpu: {
      ours: median(runs.map(({ ours }) => ours.cpuShare)),
      theirs: median(runs.map(({ theirs }) => theirs.cpuShare)),
    },
    recorderCpu: median(runs.map(({ ours }) => ours.recorderCpuShare)),
  }
}

/** The driver of etcd against a server that does nothing. */
async function driverCeiling({ programs, signal, quick }: Stage): Promise<LoopResult> {
  const server = fork(programs.idleServer, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once('message', (told) => resolve(Number(told)))
      server.once('exit', () => reject(new Error('the idle server ended')))
    })
    const load = await startLoad(programs.driver, { system: 'etcd', port, connections: ETCD_CONNECTIONS }, signal)
    try {
      return await load.run({ outstanding: Math.max(...OUTSTANDING), warmUpMs: 500, measureMs: quick ? 500 : 2000 })
    } finally {
      await load.close()
    }
  } finally {
    if (server.connected) server.disconnect()
  }
}

interface Outcome {
  readonly version: string
  readonly rows: readonly EtcdRow[]
  readonly driver: LoopResult
  readonly headroom: number
  readonly verified: number
  readonly shed: number
}

function resultOf(stage: Stage, { version, rows, driver, headroom, verified, shed }: Outcome): SuiteResult {
  const targets: Target[] = []
  for (const { outstanding, ratio: throughput, p99Ms } of rows) {
    const least = WANTED_THROUGHPUT[outstanding]
    if (least !== undefined) {
      const got = throughput.median
      targets.push({ name: `throughput at ${outstanding}`, wanted: `at least ×${least}`, got, met: got >= least })
    }
    const most = WANTED_P99[outstanding]
    if (most !== undefined) {
      const got = p99Ms.ratio.median
      targets.push({ name: `p99 at ${outstanding}`, wanted: `at most ×${most}`, got, met: got <= most })
    }
  }
  const both = (compared: Compared) => `${figure(compared.ours.median)} / ${figure(compared.theirs.median)}`
  return {
    suite: 'etcd',
    conditions: {
      etcd: version,
      nodes: NODES,
      valueBytes: VALUE_BYTES,
      pairs: stage.runs,
      settings: SETTINGS,
      etcdDriver: {
        what: 'HTTP/2 and protobuf by hand in one Node process, to the leader',
        connections: ETCD_CONNECTIONS,
        putsPerSecondAgainstAnIdleServer: driver.perSecond,
        cpuMicrosPerPut: driver.cpuMicrosPerOp,
        headroom,
      },
      acknowledgedWritesFound: verified,
      verification: {
        ours: 'each is in the log or the snapshot that recovery finds in the directories of a majority',
        etcd: 'a linearizable read after the run shows every key at least at the revision that was answered',
      },
      eventsShed: shed,
    },
    rows,
    targets,
    tables: [
      {
        title: `Ours against etcd ${version}: ${NODES} nodes, ${VALUE_BYTES}-byte values, puts per second`,
        columns: ['outstanding', 'ours', 'etcd', 'ratio'],
        rows: rows.map((row) => [String(row.outstanding), spread(row.ours), spread(row.theirs), ratio(row.ratio)]),
        notes: [],
      },
      {
        title: 'Latency and CPU, ours / etcd (ratio)',
        columns: ['outstanding', 'p50 ms', 'p99 ms', 'server µs/op', 'client CPU', 'recorder CPU'],
        rows: rows.map((row) => [
          String(row.outstanding),
          `${both(row.p50Ms)} ×${figure(row.p50Ms.ratio.median)}`,
          `${both(row.p99Ms)} ${ratio(row.p99Ms.ratio)}`,
          `${both(row.serverCpuMicrosPerOp)} ×${figure(row.serverCpuMicrosPerOp.ratio.median)}`,
          `${figure(row.clientCpu.ours * 100)} / ${figure(row.clientCpu.theirs * 100)} %`,
          `${figure(row.recorderCpu * 100)} %`,
        ]),
        notes: [
          `etcd's driver reaches ${figure(driver.perSecond)} puts/s against a server that does nothing: ` +
            `×${figure(headroom)} of etcd's best here, ${figure(driver.cpuMicrosPerOp)} µs each.`,
          `${figure(verified)} answered writes were looked for on the disks, and found.`,
          ...(shed > 0 ? [`The recorder left out ${figure(shed)} events.`] : []),
        ],
      },
    ],
  }
}
