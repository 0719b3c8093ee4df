/** What the rest of a cluster does while all of it stands. The stop itself: breakpoints.process.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { awaitLeader, bytes, heldBy, openCluster, put, until } from '../support/cluster'

const code = (wanted: string) => expect.objectContaining({ code: wanted })

test('a call outlives a stop that is longer than its time limit', async () => {
  const { cluster } = await openCluster(3)
  await awaitLeader(cluster)
  await put(cluster, 'before', 'v')
  await cluster.halt()
  const call = cluster.call({ op: 'put', key: 'k', value: bytes('v') }, { timeoutMs: 3000 })
  await sleep(4000)
  await cluster.continue()
  expect(await call).toMatchObject({ outcome: 'ok' })
})

test('what needs an answer is refused meanwhile, settings are kept, and a node that is started stands with the others', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  await cluster.kill(3)
  await cluster.halt()
  for (const act of [
    () => cluster.stop(1),
    () => cluster.pause(1),
    () => cluster.restart(1),
    () => cluster.fire(1),
    () => cluster.jumpClock(1, 100),
  ]) {
    await expect(act()).rejects.toThrow(code('cluster-stopped'))
  }
  const fault = cluster.arm(1, { type: 'slow-disk', delayMs: 1, jitterMs: 0, seed: 0 })
  cluster.block(1, 2)
  await cluster.start(3)
  const since = witness.events.length
  await sleep(500)
  expect(witness.events.slice(since).filter(({ kind }) => kind === 'role')).toEqual([])
  await cluster.kill(2)
  expect(cluster.standing(2)).toBe('killed')
  await cluster.continue()
  await cluster.start(2)
  await cluster.endFault(fault)
  await cluster.healAll()
  await put(cluster, 'k', 'v')
})

test('a message that is released into a breakpoint is answered for, and the node stands before it does anything with it', async () => {
  const { cluster, witness } = await openCluster(3, { preVote: false, checkQuorum: false, quiescence: false })
  const leader = await awaitLeader(cluster)
  const [candidate, voter] = cluster.nodeIds.filter((node) => node !== leader) as [number, number]
  for (const node of cluster.nodeIds) cluster.setClock(node, { mode: 'manual', rate: 1 })
  // Both, so that it is a candidate still when it reaches the voter for the first time.
  const links = [voter, leader].map((to) => ({ from: candidate, to }))
  cluster.condition(links, [{ messages: [], action: { type: 'hold' } }], 0)
  const breakpoint = cluster.setBreakpoint(`n${voter}: received.message = RequestVote`)
  await cluster.inForce()
  await cluster.fire(candidate)
  const message = await until('a request', () => heldBy(witness).find(({ to }) => to === voter))
  expect(message.message).toBe('RequestVote')
  await cluster.release(message)
  await until('the cluster stands', () => cluster.stopped !== undefined)
  expect(cluster.stopped).toMatchObject({ node: voter, breakpoint: breakpoint.id, kind: 'received' })
  cluster.removeBreakpoint(breakpoint.id)
  await cluster.continue()
  await cluster.healAll()
  await put(cluster, 'k', 'v')
})

test('a breakpoint in the middle of releasing everything: what was released counts, and nobody waits', async () => {
  const { cluster, witness } = await openCluster(3, { preVote: false, checkQuorum: false, quiescence: false })
  const leader = await awaitLeader(cluster)
  for (const node of cluster.nodeIds) cluster.setClock(node, { mode: 'manual', rate: 1 })
  cluster.preset('hold-all')
  await cluster.inForce()
  await cluster.fire(leader)
  // Answers to earlier ones may be held as well.
  const heartbeats = () => heldBy(witness).filter(({ message }) => message === 'AppendEntries')
  await until('heartbeats are held', () => heartbeats().length >= 2)
  const { id } = cluster.setBreakpoint('received.message = AppendEntries')
  expect(await cluster.releaseAll()).toBeGreaterThan(0)
  // That it stands is said on another way than what was released.
  await until('the cluster stands', () => cluster.stopped?.breakpoint === id)
  await expect(cluster.releaseAll()).rejects.toThrow(code('cluster-stopped'))
  cluster.removeBreakpoint(id)
  expect(await cluster.healAll()).toEqual([])
  await until('nothing is held', () => heldBy(witness).length === 0)
  await put(cluster, 'k', 'v')
})

test('a breakpoint is there again in the next life of a node', async () => {
  const { cluster } = await openCluster(3)
  await awaitLeader(cluster)
  const { id } = cluster.setBreakpoint('n3: started')
  await cluster.kill(3)
  void cluster.start(3).catch(() => undefined)
  await until('the cluster stands', () => cluster.stopped?.breakpoint === id)
  cluster.enableBreakpoint(id, false)
  expect(cluster.breakpoints).toEqual([{ id, text: 'n3: started', enabled: false }])
  await cluster.continue()
  await until('it runs', () => cluster.standing(3) === 'running')
  await cluster.restart(3)
  await put(cluster, 'k', 'v')
  expect(cluster.stopped).toBeUndefined()
  const refused = (action: () => unknown, wanted: string) => expect(action).toThrow(code(wanted))
  refused(() => cluster.setBreakpoint('n9: started'), 'node-unknown')
  refused(() => cluster.setBreakpoint('any: tern >= 3'), 'breakpoint-invalid')
  refused(() => cluster.setBreakpoint('started', 99), 'breakpoint-unknown')
  refused(() => cluster.removeBreakpoint(99), 'breakpoint-unknown')
  expect(cluster.setBreakpoint('n3: truncated', id)).toEqual({ id, text: 'n3: truncated', enabled: false })
})
