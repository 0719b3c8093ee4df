/** Each fault of a disk on real processes under load: what the node says, that the cluster goes on, that nothing is lost. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { NodeFault } from '../../main/node/contract/conditions'
import type { ReportedEvent } from '../../main/node/contract/events'
import {
  awaitEqualLogs,
  awaitLeader,
  faultsOf,
  type OpenCluster,
  openCluster,
  put,
  until,
  type Witness,
} from '../support/cluster'
import { type Load, startLoad } from './support'

async function loaded(): Promise<OpenCluster & { readonly load: Load }> {
  const stage = await openCluster(3)
  await awaitLeader(stage.cluster)
  const load = startLoad(stage.cluster)
  await until('it is written to', () => load.count > 50)
  return { ...stage, load }
}

const lastOf = <T>(events: readonly T[]): T => {
  const last = events.at(-1)
  if (last === undefined) throw new Error('no such event')
  return last
}

/** The events of a node's present or last life. */
function lifeOf(witness: Witness, node: number): readonly ReportedEvent[] {
  const own = witness.events.filter((event) => event.node === node)
  return own.slice(own.findLastIndex(({ kind }) => kind === 'started'))
}

async function goesOn(load: Load): Promise<void> {
  const { count } = load
  await until('the others take writes', () => load.count > count + 50)
}

/** Arms it, waits until it ended the node, and returns what the node told. */
async function struckBy(
  { cluster, witness }: OpenCluster,
  node: number,
  fault: NodeFault,
): Promise<ReportedEvent<'struck'>> {
  const id = cluster.arm(node, fault)
  await until(`${fault.type} strikes node ${node}`, () => witness.of('struck').some((event) => event.fault === id))
  await until(`node ${node} has ended`, () => cluster.standing(node) === 'killed')
  return lastOf(witness.of('struck').filter((event) => event.fault === id))
}

/** Everything that the node had called durable is in its files, and they are whole. */
async function expectKept(cluster: Cluster, witness: Witness, node: number): Promise<void> {
  const life = lifeOf(witness, node)
  const persisted = lastOf(life.filter((event) => event.kind === 'persisted')) as ReportedEvent<'persisted'>
  const found = await inspectNode(cluster.dataDir(node))
  expect(found.findings).toEqual([])
  expect(found.lastIndex).toBeGreaterThanOrEqual(persisted.lastIndex)
  expect(found.currentTerm).toBeGreaterThanOrEqual(persisted.currentTerm)
  if (found.currentTerm === persisted.currentTerm && persisted.votedFor !== 0) {
    expect(found.votedFor).toBe(persisted.votedFor)
  }
}

/** The leader first, whose end everybody feels, then a follower. */
const PLACES = ['leader', 'follower'] as const

async function pick({ cluster }: OpenCluster, place: (typeof PLACES)[number]): Promise<number> {
  const leader = await awaitLeader(cluster)
  return place === 'leader' ? leader : lastOf(cluster.nodeIds.filter((node) => node !== leader))
}

async function expectNothingLost({ cluster, load }: OpenCluster & { readonly load: Load }): Promise<void> {
  await load.verify()
  await awaitEqualLogs(cluster)
}

test.each([
  ['EIO', 'leader'],
  ['ENOSPC', 'follower'],
] as const)('%s on the %s: it says what failed where, ends, and comes back from what it has', async (code, place) => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  const node = await pick(stage, place)
  const { left, detail } = await struckBy(stage, node, { type: 'disk-error', code, count: 1 })
  expect(left).toBe(0)
  expect(JSON.parse(detail)).toMatchObject({ code })
  const trouble = lastOf(witness.of('trouble').filter((event) => event.node === node))
  expect(trouble.problem).toBe('disk-failed')
  expect(JSON.parse(trouble.detail).reason).toContain(code)
  const end = lastOf(witness.of('process').filter((event) => event.subject === node))
  expect(end).toMatchObject({ state: 'killed', exitCode: 70 })
  await goesOn(load)
  await expectKept(cluster, witness, node)
  await cluster.start(node)
  await expectNothingLost(stage)
  expect(faultsOf(witness)).toEqual(['begin disk-error 1', 'end disk-error 1'])
})

test('a disk that fails until it is healed: no start of the node succeeds, and each says why', async () => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  const node = await pick(stage, 'follower')
  const { fault } = await struckBy(stage, node, { type: 'disk-error', code: 'EIO', count: null })
  await expect(cluster.start(node)).rejects.toMatchObject({
    code: 'node-start',
    details: { reason: expect.stringContaining('disk-failed') },
  })
  await until('it has ended again', () => cluster.standing(node) === 'killed')
  // 2^32 - 1: as often as it is tried.
  expect(new Set(witness.of('struck').map(({ left }) => left))).toEqual(new Set([4294967295]))
  await goesOn(load)
  await cluster.endFault(fault)
  await until('it runs', () => cluster.standing(node) === 'running')
  await expectNothingLost(stage)
})

test('a slow disk: every write of its log takes longer, the node says so, and nobody waits for it', async () => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  const node = await pick(stage, 'leader')
  const fault = cluster.arm(node, { type: 'slow-disk', delayMs: 80, jitterMs: 20, seed: 3 })
  const since = witness.events.length
  const slow = () =>
    witness.events
      .slice(since)
      .filter((event) => event.node === node && event.kind === 'persisted') as ReportedEvent<'persisted'>[]
  const isSlow = ({ micros }: { micros: number }) => micros > 59_000
  // Before the first slow one there may be some that were under way, or told late.
  const struck = () => slow().slice(slow().findIndex(isSlow) + 1)
  await until('it writes slowly', () => slow().some(isSlow) && struck().length > 5)
  expect(struck().filter((write) => !isSlow(write))).toEqual([])
  await goesOn(load)
  expect(cluster.standing(node)).toBe('running')
  expect(witness.of('struck')).toEqual([])
  await cluster.endFault(fault)
  const ended = slow().length
  // One that is as quick as none can be under the fault: a disk that others use, too, is slow now and then.
  await until('it is quick again', () =>
    slow()
      .slice(ended)
      .some((write) => !isSlow(write)),
  )
  await expectNothingLost(stage)
})

test('a torn write: the next start cuts it away and says how many bytes', async () => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  for (const place of PLACES) {
    const node = await pick(stage, place)
    const { detail } = await struckBy(stage, node, { type: 'torn-write', keepBytes: 30, seed: 0 })
    const { path, bytes, of } = JSON.parse(detail)
    expect(path).toContain(cluster.dataDir(node))
    expect(bytes).toBe(30)
    expect(of).toBeGreaterThan(30)
    const end = lastOf(witness.of('process').filter((event) => event.subject === node))
    expect(end).toMatchObject({ state: 'killed', signal: 'SIGKILL' })
    const found = await inspectNode(cluster.dataDir(node))
    expect(found.standing).toBe('torn')
    expect(lastOf(found.files.filter(({ name }) => name.endsWith('.log'))).tornBytes).toBe(30)
    await goesOn(load)
    await cluster.start(node)
    const started = await until('it has told its start', () =>
      witness.of('started').findLast((event) => event.node === node && event.tornBytes > 0),
    )
    expect(started.tornBytes).toBe(30)
  }
  await expectNothingLost(stage)
})

test.each([
  ['now', 'leader'],
  ['next-write', 'follower'],
] as const)('the power goes, %s, on the %s: what it had called durable is there', async (at, place) => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  const node = await pick(stage, place)
  await struckBy(stage, node, { type: 'power-loss', at, seed: 5 })
  const end = lastOf(witness.of('process').filter((event) => event.subject === node))
  expect(end).toMatchObject({ state: 'killed', signal: 'SIGKILL' })
  await expectKept(cluster, witness, node)
  await goesOn(load)
  await cluster.start(node)
  await expectNothingLost(stage)
})

test('what no sync has confirmed goes with the power: the file of the next segment', async () => {
  const stage = await openCluster(3)
  const { cluster } = stage
  const leader = await awaitLeader(cluster)
  const files = () => readdirSync(cluster.dataDir(leader))
  for (let i = 0; !files().includes('spare.tmp'); i++) await put(cluster, `key ${i}`, 'x'.repeat(5000))
  const { detail } = await struckBy(stage, leader, { type: 'power-loss', at: 'now', seed: 0 })
  expect(JSON.parse(detail)).toMatchObject({ names: 1 })
  expect(files().sort()).toEqual(['000001.log', 'identity.json'])
  await cluster.start(leader)
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
})

test('the power goes everywhere at once, again and again: nothing acknowledged is lost', async () => {
  const stage = await loaded()
  const { cluster, witness, load } = stage
  for (let round = 1; round <= 2; round++) {
    for (const node of cluster.nodeIds) cluster.arm(node, { type: 'power-loss', at: 'now', seed: round * 10 + node })
    await until('all are dark', () => cluster.nodeIds.every((node) => cluster.standing(node) === 'killed'))
    for (const node of cluster.nodeIds) await expectKept(cluster, witness, node)
    expect(await cluster.healAll()).toEqual([])
    await awaitLeader(cluster)
    await goesOn(load)
  }
  expect(witness.of('struck')).toHaveLength(6)
  await expectNothingLost(stage)
})
