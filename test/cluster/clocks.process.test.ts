import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  awaitEqualLogs,
  awaitLeader,
  faultsOf,
  openCluster,
  put,
  STEADY,
  until,
  type Witness,
} from '../support/cluster'

/** Nobody asks whether a leader was heard lately: whose timer runs out is a candidate. */
const PLAIN = { preVote: false, checkQuorum: false, quiescence: false } as const
const code = (wanted: string) => expect.objectContaining({ code: wanted })

const clocksOf = (witness: Witness, node: number) =>
  witness
    .of('clock')
    .filter((event) => event.node === node)
    .map(({ mode, rate, cause }) => `${cause} ${mode} ${rate}`)
const candidacies = (witness: Witness, node: number) =>
  witness.of('role').filter((event) => event.node === node && event.role === 'candidate').length

test('a node in manual time never stands for election, until it is told to', async () => {
  const { cluster, witness } = await openCluster(3, { ...PLAIN, ...STEADY })
  const leader = await awaitLeader(cluster)
  // So each can be elected.
  await awaitEqualLogs(cluster)
  const [one, other] = cluster.nodeIds.filter((node) => node !== leader) as [number, number]
  for (const node of [one, other]) cluster.setClock(node, { mode: 'manual', rate: 1 })
  await until('their clocks stand', () => [one, other].every((node) => clocksOf(witness, node).length > 0))
  await cluster.kill(leader)
  const before = candidacies(witness, one) + candidacies(witness, other)
  // Longer than any election timeout.
  await sleep(2 * STEADY.electionTimeoutMs + 200)
  expect(candidacies(witness, one) + candidacies(witness, other)).toBe(before)

  await cluster.fire(one)
  await until('it leads', () => witness.leader?.leader === one)
  // Of a leader it is the heartbeat.
  const heartbeats = () => witness.of('sent').filter((event) => event.node === one && event.message === 'AppendEntries')
  const sent = heartbeats().length
  await cluster.fire(one)
  await until('a heartbeat', () => heartbeats().length > sent)
  expect(clocksOf(witness, one)).toEqual(['set manual 1', 'fired manual 1', 'fired manual 1'])
  expect(faultsOf(witness)).toEqual([
    'begin clock 1',
    'begin clock 2',
    'begin kill 3',
    'begin clock 4',
    'end clock 4',
    'begin clock 5',
    'end clock 5',
  ])
  await cluster.healAll()
  await put(cluster, 'k', 'v')
})

test('a jump ahead lets a timer run out, also while time goes on; a jump back lets the clock stand', async () => {
  const { cluster, witness } = await openCluster(3, { ...PLAIN, electionTimeoutMs: 2000, heartbeatMs: 200 })
  const leader = await awaitLeader(cluster)
  // So each can be elected.
  await awaitEqualLogs(cluster)
  const [one, other] = cluster.nodeIds.filter((node) => node !== leader) as [number, number]
  // At the first election two may have stood at the same time.
  const before = candidacies(witness, other)
  await cluster.jumpClock(other, -60_000)
  await cluster.jumpClock(one, 10_000)
  await until('another leader', () => witness.leader?.leader === one)
  // By the node's own events: how soon the others and we hear of it says nothing about its timer.
  const jumped = witness.of('clock').find((event) => event.node === one && event.cause === 'jumped')!
  const stood = witness.of('role').findLast((event) => event.node === one && event.role === 'candidate')!
  const heard = witness
    .of('received')
    .findLast((event) => event.node === one && event.n < stood.n && event.peer === leader)!
  // Of the whole timeout nothing had to pass: what a busy machine takes between two events is in both.
  expect(stood.t - Math.max(jumped.t, heard.t)).toBeLessThan(2000e6)
  await cluster.kill(one)
  await until('the one whose clock goes on is elected', () => witness.leader?.leader === leader)
  expect(candidacies(witness, other)).toBe(before)
  const skews = witness.of('clock').filter((event) => event.node === one)
  expect(skews[0]).toMatchObject({ cause: 'jumped', mode: 'running', rate: 1 })
  expect(skews[0]?.skew).toBeGreaterThan(9.9e9)
  // A new life begins without jumps.
  await cluster.start(one)
  await sleep(300)
  expect(clocksOf(witness, one)).toEqual(['jumped running 1'])
})

test('what cannot be is refused: a node that is down, a rate out of range; a setting waits for the start', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  await cluster.kill(3)
  await expect(cluster.jumpClock(3, 100)).rejects.toThrow(code('node-state'))
  await expect(cluster.fire(3)).rejects.toThrow(code('node-state'))
  await expect(cluster.fire(9)).rejects.toThrow(code('node-unknown'))
  await expect(cluster.jumpClock(1, 1e9)).rejects.toThrow(code('fault-invalid'))
  expect(() => cluster.setClock(1, { mode: 'running', rate: 0 })).toThrow(code('fault-invalid'))
  expect(() => cluster.setClock(9, { mode: 'manual', rate: 1 })).toThrow(code('node-unknown'))
  expect(faultsOf(witness)).toEqual(['begin kill 1'])
  cluster.setClock(3, { mode: 'running', rate: 0.5 })
  await cluster.start(3)
  await until('it begins so', () => clocksOf(witness, 3)[0] === 'launched running 0.5')
  await cluster.restart(3)
  await until('and so again', () => clocksOf(witness, 3)[1] === 'launched running 0.5')
  cluster.setClock(3, { mode: 'running', rate: 1 })
  await until('it is true', () => clocksOf(witness, 3)[2] === 'set running 1')
  expect(faultsOf(witness)).toEqual(['begin kill 1', 'begin clock 2', 'end kill 1', 'end clock 2'])
})
