/**
 * Storms: random kills, and random operations among random kills, while clients write. Whatever was acknowledged is
 * there at the end, once. The choices follow a seed, which the name of the test tells; when they happen does not.
 * `STORM_KILLS=200` and `STORM_SEEDS=1,2` make them longer (docs/reliability.md).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { asProblem, type ProblemCode } from '../../main/node/contract/problem'
import { awaitEqualLogs, awaitLeader, openCluster, put, until } from '../support/cluster'
import { configurationOf, randomFrom, startLoad } from './support'

type Random = (below: number) => number

/** Refusals and doubts that a storm explains; any other problem is a fault of ours. */
const EXPECTED: readonly ProblemCode[] = [
  'call-unknown',
  'change-refused',
  'no-leader',
  'node-count',
  'node-start',
  'node-state',
  'node-unknown',
  'snapshot-refused',
  'transfer-refused',
]

async function attempt(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
    return 'done'
  } catch (error) {
    const { code } = asProblem(error)
    expect(EXPECTED, String(error)).toContain(code)
    return code
  }
}

interface Rage {
  readonly random: Random
  /** How many nodes may be down at this moment. */
  readonly tolerated: () => number
  /** Longest times, in milliseconds: until a killed node is started again, and between two kills. */
  readonly down: number
  readonly between: number
  readonly isOver: (kills: number) => boolean
}

/** Kills a random living node again and again, and starts each again after a while. Returns how often each was killed. */
async function rage(
  cluster: Cluster,
  { random, tolerated, down, between, isOver }: Rage,
): Promise<Map<number, number>> {
  const kills = new Map<number, number>()
  const returning = new Set<Promise<unknown>>()
  for (let count = 0; !isOver(count); ) {
    const most = tolerated()
    while (returning.size >= most) await Promise.race(returning)
    const living = cluster.nodeIds.filter((node) => ['running', 'starting'].includes(cluster.standing(node)))
    const victim = living[random(living.length)]
    if (victim === undefined) {
      await Promise.race(returning)
      continue
    }
    if ((await attempt(() => cluster.kill(victim))) === 'done') {
      count++
      kills.set(victim, (kills.get(victim) ?? 0) + 1)
      // It may be killed again while it is starting, or be removed or rebuilt meanwhile.
      const back = sleep(random(down))
        .then(() => attempt(() => cluster.start(victim)))
        .finally(() => returning.delete(back))
      returning.add(back)
    }
    await sleep(random(between))
  }
  await Promise.all(returning)
  return kills
}

async function startAll(cluster: Cluster): Promise<void> {
  for (const node of cluster.nodeIds) if (cluster.standing(node) !== 'running') await cluster.start(node)
}

const KILLS = Number(process.env.STORM_KILLS ?? 50)
const KILL_SEED = 20_250

test(`every acknowledged write survives ${KILLS} kills (seed ${KILL_SEED})`, {
  timeout: 60_000 + KILLS * 2_000,
}, async () => {
  const { cluster } = await openCluster(5, { telemetry: 'off' })
  await awaitLeader(cluster)
  const load = startLoad(cluster, 4, 25)
  const random = randomFrom(KILL_SEED)
  // Mostly one or two are down, now and then more, or all of them.
  const tolerated = () => {
    const dice = random(20)
    return dice === 0 ? 5 : dice < 6 ? 3 : 2
  }
  const kills = await rage(cluster, { random, tolerated, down: 60, between: 40, isOver: (count) => count === KILLS })
  await startAll(cluster)
  await until('more writes than kills', () => load.count > KILLS)
  await load.verify()
  expect([...kills.keys()].sort()).toEqual([1, 2, 3, 4, 5])
  await awaitEqualLogs(cluster)
})

/** One random operation; the cluster keeps three to six nodes. */
async function operate(cluster: Cluster, random: Random): Promise<string> {
  const nodes = cluster.nodeIds
  const node = nodes[random(nodes.length)] ?? 0
  const dice = random(10)
  const run = async (name: string, action: () => Promise<unknown>) => `${name} ${await attempt(action)}`
  if (nodes.length < 4 || (dice < 2 && nodes.length < 6)) return await run('add', () => cluster.add('voter'))
  if (dice < 4) return await run('remove', () => cluster.remove(node))
  if (dice < 6) return await run('rebuild', () => cluster.rebuild(node))
  if (dice < 8) return await run('transfer', () => cluster.transferLeadership(random(2) === 0 ? node : undefined))
  return await run('snapshot', () => cluster.snapshot(node))
}

const OPERATIONS = 24

const SEEDS = (process.env.STORM_SEEDS ?? '1').split(',').map(Number)

test.each(SEEDS)('operations and snapshots among kills (seed %i)', { timeout: 240_000 }, async (seed) => {
  const settings = { telemetry: 'state', snapshotEntries: 100, trailingEntries: 20, snapshotChunkBytes: 1024 } as const
  const { cluster, witness } = await openCluster(4, settings)
  await awaitLeader(cluster)
  const load = startLoad(cluster, 4, 5)
  let isOver = false
  const raging = rage(cluster, {
    random: randomFrom(seed),
    tolerated: () => 1,
    down: 60,
    between: 600,
    isOver: () => isOver,
  })
  const random = randomFrom(seed + 1000)
  const outcomes: string[] = []
  const done = () => outcomes.filter((outcome) => outcome.endsWith(' done'))
  // It is a storm when many operations went through, of every kind: on a slow machine more of them are in vain.
  const isStorm = () => done().length > OPERATIONS / 4 && new Set(done()).size >= 4
  while (outcomes.length < OPERATIONS || (!isStorm() && outcomes.length < 4 * OPERATIONS)) {
    outcomes.push(await operate(cluster, random))
  }
  isOver = true
  await raging
  await load.stop()

  // Then there is peace: who was left half way in or out goes, and everything is as it should be.
  await startAll(cluster)
  await put(cluster, 'the end', 'of the storm')
  const members = await until('a configuration that is no joint one', () => {
    const { voters, learners, outgoing } = configurationOf(witness) ?? {}
    return voters !== undefined && outgoing === '' && `${voters},${learners}`.split(',').filter(Boolean).map(Number)
  })
  for (const node of cluster.nodeIds) if (!members.includes(node)) await cluster.remove(node)
  await load.verify()
  await awaitEqualLogs(cluster)
  for (const key of load.keys) {
    const read = async (node: number) => {
      const { value } = await cluster.call({ op: 'get', key }, { via: node, consistency: 'stale' })
      return Buffer.from(value).toString()
    }
    const expected = Buffer.from((await cluster.call({ op: 'get', key })).value).toString()
    for (const node of cluster.nodeIds)
      await until(`${key} on node ${node}`, async () => (await read(node)) === expected)
  }
  expect(isStorm(), outcomes.join(', ')).toBe(true)
  expect(witness.of('compacted').length).toBeGreaterThan(0)
})
