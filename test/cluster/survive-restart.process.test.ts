import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import type { LinkRule } from '../../main/node/contract/conditions'
import { awaitEqualLogs, awaitLeader, faultsOf, heldBy, openCluster, put, STEADY, until } from '../support/cluster'

/** Waits until this node leads, and hands over to it until it does. */
async function makeLeader(cluster: Cluster, node: number): Promise<void> {
  await until(`node ${node} leads`, async () => {
    const leader = await awaitLeader(cluster)
    if (leader !== node) await cluster.transferLeadership(node)
    return leader === node
  })
}

const HOLD: LinkRule = { messages: ['AppendEntries'], action: { type: 'hold' } }

test('rules, a cut, a clock and a waiting fault are there again in the next life of a node', async () => {
  const { cluster, witness } = await openCluster(5, { ...STEADY, quiescence: false })
  await makeLeader(cluster, 1)
  cluster.condition([{ from: 1, to: 5 }], [HOLD], 9)
  cluster.block(2, 5)
  cluster.setClock(5, { mode: 'manual', rate: 1 })
  const waiting = cluster.arm(5, { type: 'crash-point', point: 'before-send', messages: ['RequestPreVote'], nth: 1 })
  await cluster.inForce()
  await put(cluster, 'k', 'v')
  await until('something is held', () => heldBy(witness).some(({ to }) => to === 5))

  await cluster.kill(5)
  expect(cluster.rulesOf(1, 5)).toEqual({ seed: 9, rules: [HOLD] })
  expect(cluster.isBlocked(2, 5)).toBe(true)
  const since = witness.events.length
  await cluster.start(5)
  const later = () => witness.events.slice(since).filter(({ node }) => node === 5)
  await until('it holds again', () => later().some(({ kind }) => kind === 'held'))
  await until('its clock stands', () =>
    later().some((event) => event.kind === 'clock' && event.cause === 'launched' && event.mode === 'manual'),
  )
  // What arrives over the cut is dropped: whoever stands for election asks everybody.
  expect(later().filter((event) => event.kind === 'received' && event.peer === 2)).toEqual([])
  expect(faultsOf(witness)).toEqual([
    'begin links 1',
    'begin block 2',
    'begin clock 3',
    'begin crash-point 4',
    'begin kill 5',
    'end kill 5',
  ])

  // The fault that waits strikes when it stands for election; that was us, so it was killed.
  await cluster.fire(5).catch(() => undefined)
  await until('it was struck', () => cluster.standing(5) === 'killed')
  expect(witness.of('struck')).toMatchObject([{ node: 5, fault: waiting, type: 'crash-point', left: 0 }])
  expect(faultsOf(witness)).toHaveLength(6)
  await cluster.start(5)
  expect(faultsOf(witness).slice(6)).toEqual(['end crash-point 4'])
  expect(await cluster.healAll()).toEqual([])
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
})

test('a fault that strikes several times counts on over the lives; its end starts the node that it ended', async () => {
  const { cluster, witness } = await openCluster(3)
  await makeLeader(cluster, 1)
  await put(cluster, 'k', 'v')
  await cluster.stop(3)
  const fault = cluster.arm(3, { type: 'disk-error', code: 'EIO', count: 2 })
  const strikes = () => witness.of('struck').map(({ left }) => left)
  for (const left of [1, 0]) {
    // It may fail before it is ready.
    await cluster.start(3).catch(() => undefined)
    await put(cluster, `k${left}`, 'v')
    await until('the disk fails', () => strikes().at(-1) === left)
    await until('it was ended', () => cluster.standing(3) === 'killed')
  }
  expect(strikes()).toEqual([1, 0])
  expect(witness.of('trouble').filter(({ node }) => node === 3)).toMatchObject([
    { problem: 'disk-failed' },
    { problem: 'disk-failed' },
  ])
  await cluster.endFault(fault)
  expect(cluster.standing(3)).toBe('running')
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  expect(faultsOf(witness)).toEqual(['begin stop 1', 'begin disk-error 2', 'end stop 1', 'end disk-error 2'])
})

test('what waits is taken out while the node is down, and a power loss needs one that runs', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  await cluster.kill(3)
  expect(() => cluster.arm(3, { type: 'power-loss', at: 'now', seed: 1 })).toThrow(
    expect.objectContaining({ code: 'node-state' }),
  )
  const fault = cluster.arm(3, { type: 'torn-write', keepBytes: null, seed: 1 })
  await cluster.endFault(fault)
  await cluster.start(3)
  await put(cluster, 'k', 'v')
  await awaitEqualLogs(cluster)
  cluster.arm(3, { type: 'power-loss', at: 'now', seed: 1 })
  await until('the power is gone', () => cluster.standing(3) === 'killed')
  expect(witness.of('struck')).toMatchObject([{ node: 3, type: 'power-loss' }])
  expect(await cluster.healAll()).toEqual([])

  // One whose end is asked for before it strikes, and which the node hears of too late: nothing keeps it down.
  const lives = witness.of('started').filter(({ node }) => node === 3).length
  const late = cluster.arm(3, { type: 'power-loss', at: 'now', seed: 2 })
  await cluster.endFault(late)
  await until('it struck all the same', () => witness.of('struck').some((struck) => struck.fault === late))
  await until('a new life', () => witness.of('started').filter(({ node }) => node === 3).length === lives + 1)
  await until('it runs again', () => cluster.standing(3) === 'running')
  expect(witness.processStates(3).slice(-3)).toEqual(['killed', 'spawned', 'ready'])
  expect(faultsOf(witness).slice(-2)).toEqual([`begin power-loss ${late}`, `end power-loss ${late}`])
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
})
