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
import type { Stage, Suite } from '../stage'
import { inTurn, pairedRatio, spreadOf } from '../statistics'
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

export const failoverSuite: Suite = {
  name: 'failover',
  runs: 5,
  async run(stage) {
    const { version } = findEtcd()
    const { programs, signal } = stage
    const directory = await stage.directory()
    const etcd = await EtcdCluster.start({ directory: join(directory, 'etcd'), nodes: NODES, signal })
    let ours: OurCluster | undefined
    const kills: { readonly ours: Kill[]; readonly theirs: Kill[] } = { ours: [], theirs: [] }
    const acknowledged = { ours: new Map<number, number>(), theirs: new Map<number, number>() }
    try {
      ours = await OurCluster.open({
        directory: join(directory, 'ours'),
        programs,
        nodes: NODES,
        settings: SETTINGS,
        signal,
      })
      await ours.awaitLeader()
      await etcd.awaitLeader()
      const victims = { ours: ourVictim(ours), theirs: await etcdVictim(etcd) }
      for (let pair = 0; pair < stage.runs; pair++) {
        for (const name of inTurn<keyof typeof victims>(pair, 'ours', 'theirs')) {
          stage.say(`failover: kill ${pair + 1} of ${stage.runs}, ${name === 'ours' ? 'ours' : 'etcd'}`)
          kills[name].push(await killUnderLoad(victims[name], acknowledged[name], stage.signal))
          await victims[name].recover()
        }
      }
      stage.say('failover: looking for what was answered')
      await verifyEtcd(etcd, acknowledged.theirs)
      const { id, dataDirs } = { id: ours.cluster.id, dataDirs: ours.dataDirs }
      await ours.close()
      ours = undefined
      await verifyOurs(id, dataDirs, acknowledged.ours)
    } finally {
      await Promise.allSettled([ours?.close(), etcd.close()])
      await stage.discard(directory)
    }
    return resultOf(stage, version, kills, acknowledged.ours.size + acknowledged.theirs.size)
  },
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
  kills: { readonly ours: readonly Kill[]; readonly theirs: readonly Kill[] },
  verified: number,
) {
  const compare = (name: string, figureOf: (kill: Kill) => number) => {
    const ours = kills.ours.map(figureOf)
    const theirs = kills.theirs.map(figureOf)
    return { name, ours: spreadOf(ours), theirs: spreadOf(theirs), ratio: pairedRatio(ours, theirs) }
  }
  const next = compare('kill → next successful put', (kill) => kill.nextPutMs)
  const wait = compare('longest wait of a put under way', (kill) => kill.longestWaitMs)
  const rows = [next, wait]
  return {
    suite: 'failover',
    conditions: {
      etcd: version,
      nodes: NODES,
      outstanding: OUTSTANDING,
      probeMs: PROBE_MS,
      kills: stage.runs,
      settings: SETTINGS,
      acknowledgedWritesFound: verified,
    },
    rows: rows.map(({ name, ...compared }) => ({ what: name, unit: 'ms', ...compared })),
    targets: [
      {
        name: 'kill → next put, median in ms',
        wanted: `at most etcd's ${figure(next.theirs.median)}`,
        got: next.ours.median,
        met: next.ours.median <= next.theirs.median,
      },
      {
        name: 'longest wait of any put under way in ms',
        wanted: `less than ${WANTED_WAIT_MS}`,
        got: wait.ours.max,
        met: wait.ours.max < WANTED_WAIT_MS,
      },
    ],
    tables: [
      {
        title: `Leader killed under ${OUTSTANDING} outstanding puts (ms)`,
        columns: ['', 'ours', 'etcd', 'ratio'],
        rows: rows.map((row) => [row.name, spread(row.ours), spread(row.theirs), ratio(row.ratio)]),
        notes: [
          `${figure(verified)} answered writes were looked for on the disks, and found.`,
          `A wait of ${GIVE_UP_MS / 1000} s and more is cut off there.`,
        ],
      },
    ],
  }
}
