/**
 * The leader is killed (SIGKILL, by its process id: nobody tells the clients) under a load of writes. How long until a
 * put that was sent after that succeeds, and how long did those wait that were under way?
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PUT_METHOD, putRequest, revisionOf } from '../load/etcd-messages'
import { Http2Connection } from '../load/http2'
import { keyOf, valueFor } from '../load/writes'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite, SuiteResult } from '../stage'
import { pairedRatio, spreadOf } from '../statistics'
import { EtcdCluster, type EtcdMember, findEtcd } from '../systems/etcd'
import { OurCluster } from '../systems/ours'
import { verifyEtcd } from '../verify/etcd'
import { verifyOurs } from '../verify/ours'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 32
/** Between two puts that ask whether there is a leader again, besides the load. */
const PROBE_MS = 5
/** After a failure, before the next try. */
const PAUSE_MS = 5
const LOAD_MS = 1500
/** Nothing is waited for longer than this. */
const GIVE_UP_MS = 15_000
const WANTED_WAIT_MS = 1000

interface Kill {
  /** From the kill to the first success of a put that was sent after it. */
  readonly nextPutMs: number
  /** Of the requests that were under way at the kill: how long the slowest of them waited for an answer or an error. */
  readonly longestWaitMs: number
}

interface Victim {
  /** The position at which it was put; 0 = a definite error, or no answer. */
  put(write: number): Promise<number>
  killLeader(): Promise<void>
  /** Brings the killed one back, and returns when it has caught up. */
  recover(): Promise<void>
}

/** Ours as it is set by default, and with what a broken connection tells taken at its word. */
const OURS = {
  ours: SETTINGS,
  hinted: { ...SETTINGS, leaseReads: false, disconnectHint: true },
} as const
type Ours = keyof typeof OURS
type Name = Ours | 'theirs'

const SHOWN: Readonly<Record<Name, string>> = { ours: 'ours', hinted: 'ours, disconnectHint', theirs: 'etcd' }

interface Open {
  readonly victim: Victim
  readonly acknowledged: Map<number, number>
  readonly kills: Kill[]
  /** Looks for everything that was answered; ours must have ended for that. */
  verify(): Promise<number>
  close(): Promise<void>
}

export const failoverSuite: Suite = {
  name: 'failover',
  runs: 5,
  async run(stage) {
    const { version } = findEtcd()
    const directory = await stage.directory()
    const open = new Map<Name, Open>()
    let verified = 0
    try {
      open.set('theirs', await openEtcd(stage, join(directory, 'etcd')))
      for (const name of ['ours', 'hinted'] as const) open.set(name, await openOurs(stage, join(directory, name), name))
      const names = [...open.keys()]
      for (let round = 0; round < stage.runs; round++) {
        for (let at = 0; at < names.length; at++) {
          // Each round begins with another one.
          const name = names[(at + round) % names.length] ?? 'ours'
          const system = open.get(name)
          if (system === undefined) continue
          stage.say(`failover: kill ${round + 1} of ${stage.runs}, ${SHOWN[name]}`)
          system.kills.push(await killUnderLoad(system.victim, system.acknowledged, stage.signal))
          await system.victim.recover()
        }
      }
      stage.say('failover: looking for what was answered')
      for (const system of open.values()) verified += await system.verify()
    } finally {
      await Promise.allSettled([...open.values()].map((system) => system.close()))
      await stage.discard(directory)
    }
    const killsOf = (name: Name) => open.get(name)?.kills ?? []
    return resultOf(stage, version, killsOf, verified)
  },
}

async function openOurs({ programs, signal }: Stage, directory: string, name: Ours): Promise<Open> {
  const cluster = await OurCluster.open({ directory, programs, nodes: NODES, settings: OURS[name], signal })
  await cluster.awaitLeader()
  const acknowledged = new Map<number, number>()
  return {
    victim: ourVictim(cluster),
    acknowledged,
    kills: [],
    async verify() {
      const { id, dataDirs } = { id: cluster.cluster.id, dataDirs: cluster.dataDirs }
      await cluster.close()
      return await verifyOurs(id, dataDirs, acknowledged)
    },
    close: () => cluster.close(),
  }
}

async function openEtcd({ signal }: Stage, directory: string): Promise<Open> {
  const cluster = await EtcdCluster.start({ directory, nodes: NODES, signal })
  await cluster.awaitLeader()
  const acknowledged = new Map<number, number>()
  return {
    victim: await etcdVictim(cluster),
    acknowledged,
    kills: [],
    verify: () => verifyEtcd(cluster, acknowledged),
    close: () => cluster.close(),
  }
}

let writes = 1

async function killUnderLoad(victim: Victim, acknowledged: Map<number, number>, signal: AbortSignal): Promise<Kill> {
  signal.throwIfAborted()
  const underWay = new Map<number, number>()
  const waits: number[] = []
  let killedAt = Number.POSITIVE_INFINITY
  let nextAt = Number.POSITIVE_INFINITY
  let isOver = false
  let told: () => void = () => undefined
  const succeeded = new Promise<void>((resolve) => {
    told = resolve
  })

  const put = async (): Promise<boolean> => {
    const write = writes++
    const sent = performance.now()
    underWay.set(write, sent)
    const position = await victim.put(write)
    const now = performance.now()
    underWay.delete(write)
    if (position > 0) acknowledged.set(write, position)
    if (sent <= killedAt && now > killedAt) waits.push(now - sent)
    if (position > 0 && sent > killedAt && now < nextAt) {
      nextAt = now
      told()
    }
    return position > 0
  }
  const loop = async () => {
    while (!isOver && !signal.aborted) if (!(await put())) await sleep(PAUSE_MS)
  }
  const loops = Array.from({ length: OUTSTANDING }, loop)
  await sleep(LOAD_MS)
  // Taken before the kill: what is sent while it is being done is not surely sent after it.
  const before = new Set(underWay.keys())
  await victim.killLeader()
  killedAt = performance.now()
  const probes: Promise<boolean>[] = []
  const probing = setInterval(() => probes.push(put()), PROBE_MS)
  await Promise.race([succeeded, sleep(GIVE_UP_MS)])
  clearInterval(probing)
  const deadline = performance.now() + GIVE_UP_MS
  while ([...before].some((write) => underWay.has(write)) && performance.now() < deadline) await sleep(PROBE_MS)
  for (const write of before) {
    const sent = underWay.get(write)
    if (sent !== undefined) waits.push(performance.now() - sent)
  }
  isOver = true
  await Promise.all([...loops, ...probes])
  return { nextPutMs: nextAt - killedAt, longestWaitMs: Math.max(0, ...waits) }
}

/** Through the cluster's own client, as the window uses it. */
function ourVictim(ours: OurCluster): Victim {
  let killed = 0
  return {
    async put(write) {
      const command = { op: 'put', key: keyOf(write), value: valueFor(write) } as const
      const { outcome, index } = await ours.cluster.call(command)
      return outcome === 'ok' ? index : 0
    },
    async killLeader() {
      killed = (await ours.awaitLeader()).node
      process.kill(ours.pidOf(killed), 'SIGKILL')
    },
    async recover() {
      while (ours.cluster.standing(killed) === 'running') await sleep(PAUSE_MS)
      const { node } = await ours.awaitLeader()
      const reached = ours.applied(node)
      await ours.cluster.start(killed)
      await ours.until('the node that was killed', () => ours.applied(killed) >= reached)
    },
  }
}

/** Round robin over all members that can be reached, as etcd's own client does by default. */
async function etcdVictim(etcd: EtcdCluster): Promise<Victim> {
  const connections = new Map<EtcdMember, Http2Connection>()
  const dial = async () => {
    for (const member of etcd.members) {
      if (connections.get(member)?.isOpen) continue
      connections.set(member, await Http2Connection.open('127.0.0.1', member.clientPort, PUT_METHOD))
    }
  }
  let killed: EtcdMember | undefined
  let turn = 0
  await dial()
  return {
    put: (write) =>
      new Promise<number>((resolve) => {
        const open = [...connections.values()].filter((connection) => connection.isOpen)
        const request = putRequest(Buffer.from(keyOf(write), 'latin1'), valueFor(write))
        const connection = open[turn++ % open.length]
        if (connection === undefined) resolve(0)
        else connection.call(request, (message) => resolve(message === undefined ? 0 : revisionOf(message)))
      }),
    async killLeader() {
      killed = await etcd.awaitLeader()
      process.kill(killed.pid, 'SIGKILL')
    },
    async recover() {
      const returning = killed
      if (returning === undefined) return
      await returning.kill()
      returning.start()
      const leader = await etcd.awaitLeader()
      const reached = (await leader.status())?.applied ?? 0
      await etcd.until('the member that was killed', async () => ((await returning.status())?.applied ?? 0) >= reached)
      await dial()
    },
  }
}

function resultOf(
  stage: Stage,
  version: string,
  killsOf: (name: Name) => readonly Kill[],
  verified: number,
): SuiteResult {
  const compare = (what: string, name: Ours, figureOf: (kill: Kill) => number) => {
    const ours = killsOf(name).map(figureOf)
    const theirs = killsOf('theirs').map(figureOf)
    return {
      what,
      settings: SHOWN[name],
      ours: spreadOf(ours),
      theirs: spreadOf(theirs),
      ratio: pairedRatio(ours, theirs),
    }
  }
  const next = (name: Ours) => compare('kill → next successful put', name, (kill) => kill.nextPutMs)
  const wait = (name: Ours) => compare('longest wait of a put under way', name, (kill) => kill.longestWaitMs)
  const rows = [next('ours'), next('hinted'), wait('ours'), wait('hinted')]
  return {
    suite: 'failover',
    conditions: {
      etcd: version,
      nodes: NODES,
      outstanding: OUTSTANDING,
      probeMs: PROBE_MS,
      kills: stage.runs,
      settings: OURS,
      acknowledgedWritesFound: verified,
    },
    rows: rows.map((row) => ({ unit: 'ms', ...row })),
    targets: rows.map(({ what, settings, ours, theirs }) =>
      what.startsWith('kill')
        ? {
            name: `${what}, median in ms (${settings})`,
            wanted: `at most etcd's ${figure(theirs.median)}`,
            got: ours.median,
            met: ours.median <= theirs.median,
          }
        : {
            name: `${what}, worst in ms (${settings})`,
            wanted: `less than ${WANTED_WAIT_MS}`,
            got: ours.max,
            met: ours.max < WANTED_WAIT_MS,
          },
    ),
    tables: [
      {
        title: `Leader killed under ${OUTSTANDING} outstanding puts (ms)`,
        columns: ['', 'settings', 'ours', 'etcd', 'ratio'],
        rows: rows.map((row) => [row.what, row.settings, spread(row.ours), spread(row.theirs), ratio(row.ratio)]),
        notes: [
          `${figure(verified)} answered writes were looked for on the disks, and found.`,
          `A wait of ${GIVE_UP_MS / 1000} s and more is cut off there.`,
        ],
      },
    ],
  }
}
