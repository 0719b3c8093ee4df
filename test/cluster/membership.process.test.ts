/** Nodes come, go, are rebuilt and hand over leadership, while clients write. */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { ProblemCode } from '../../main/node/contract/problem'
import { awaitEqualLogs, awaitLeader, bytes, openCluster, put, STEADY, until, Witness } from '../support/cluster'
import { awaitConfiguration, configurationOf, flipBit, operations, startLoad } from './support'

const problem = (code: ProblemCode, details: object = {}) =>
  expect.objectContaining({ name: 'Problem', code, details: expect.objectContaining(details) })

/**
 * Adds a voter that nobody reaches: it is cut off at the very event by which it begins, before anything can be sent to it. @returns what
 * becomes of the wish
 */
async function addUnreached(cluster: Cluster, witness: Witness, node: number): Promise<{ adding: Promise<number> }> {
  const report = witness.report.bind(witness)
  let isCut = false
  witness.report = (events) => {
    report(events)
    if (isCut || !events.some((event) => event.kind === 'process' && event.subject === node)) return
    isCut = true
    // Not amid the report itself, and before anything else happens.
    queueMicrotask(() => {
      for (const from of cluster.nodeIds) if (from !== node) cluster.block(from, node)
    })
  }
  const adding = cluster.add('voter')
  adding.catch(() => undefined)
  await until(`node ${node} is cut off`, () => isCut && cluster.nodeIds.includes(node) && cluster.isBlocked(1, node))
  return { adding }
}

test('under load: two nodes join, the leader is removed, and a node with a damaged log is rebuilt', async () => {
  const { cluster, witness, store } = await openCluster(3)
  await awaitLeader(cluster)
  const load = startLoad(cluster)
  expect(await Promise.all([cluster.add('voter'), cluster.add('voter', 7)])).toEqual([4, 7])
  expect(cluster.nodeIds).toEqual([1, 2, 3, 4, 7])
  await awaitConfiguration(witness, [1, 2, 3, 4, 7])

  const leader = await awaitLeader(cluster)
  const directory = cluster.dataDir(leader)
  await cluster.remove(leader)
  expect(cluster.standing(leader)).toBe('removed')
  expect(existsSync(directory)).toBe(false)
  const members = [1, 2, 3, 4, 7].filter((node) => node !== leader)
  expect(cluster.nodeIds).toEqual(members)
  await awaitConfiguration(witness, members)
  expect(members).toContain(await awaitLeader(cluster))

  // One flipped bit in the middle of the log: the node will not start with it, and says where it is.
  const victim = members.find((node) => node !== witness.leader?.leader)!
  await cluster.stop(victim)
  const { file, record } = await flipBit(cluster, victim)
  await expect(cluster.start(victim)).rejects.toThrow(problem('node-start'))
  expect(cluster.standing(victim)).toBe('crashed')
  const trouble = witness.of('trouble').filter(({ node }) => node === victim)
  expect(trouble.at(-1)?.problem).toBe('record-corrupt')
  expect(JSON.parse(trouble.at(-1)?.detail ?? '')).toMatchObject({ record, file: expect.stringContaining(file) })
  await cluster.rebuild(victim)
  expect(cluster.standing(victim)).toBe('running')
  await awaitConfiguration(witness, members)

  await load.verify()
  await awaitEqualLogs(cluster)
  expect((await inspectNode(cluster.dataDir(victim))).standing).toBe('ok')
  expect(operations(witness).toSorted()).toEqual([
    'add-node begin',
    'add-node begin',
    'add-node done',
    'add-node done',
    'rebuild begin',
    'rebuild done',
    'remove-node begin',
    'remove-node done',
  ])
  const details = witness.of('operation').map(({ detail }) => JSON.parse(detail) as object)
  expect(details).toContainEqual({ node: 7, role: 'voter' })
  expect(details).toContainEqual({ node: victim, role: 'voter' })

  // All of it holds after the whole cluster was closed: the rebuilt node takes part without the first configuration.
  await cluster.close()
  const reopened = await store.open(cluster.name, () => new Witness())
  try {
    expect(reopened.nodeIds).toEqual(members)
    await put(reopened, 'after', 'all')
    await awaitEqualLogs(reopened)
    await expect(reopened.add('voter', leader)).rejects.toThrow(problem('node-exists'))
  } finally {
    await reopened.close()
  }
})

test('two data nodes and a witness survive the loss of the data node that leads', async () => {
  const { cluster } = await openCluster(3, {}, 1)
  const first = await awaitLeader(cluster)
  expect(first).not.toBe(3)
  for (let i = 0; i < 20; i++) await put(cluster, `k${i}`, 'a value that no witness keeps')
  // It has nothing to read, and must not say that there is nothing.
  for (const consistency of ['index', 'lease', 'stale'] as const) {
    const read = await cluster.call({ op: 'get', key: 'k1' }, { via: 3, consistency })
    expect(read).toMatchObject({ outcome: 'failed', problem: 'not-leader' })
  }
  await cluster.kill(first)
  await put(cluster, 'after', 'the loss')
  const second = await awaitLeader(cluster)
  expect([1, 2]).toContain(second)
  expect(second).not.toBe(first)
  expect(await cluster.call({ op: 'get', key: 'k7' })).toMatchObject({ outcome: 'ok', found: true })

  await cluster.start(first)
  await awaitEqualLogs(cluster, [1, 2])
  const shape = async (node: number) => {
    const { entries } = await inspectNode(cluster.dataDir(node))
    return entries.map(({ index, term }) => `${index}/${term}`)
  }
  await until('the witness has the same entries', async () => `${await shape(3)}` === `${await shape(1)}`)
  const withData = (await inspectNode(cluster.dataDir(3))).entries.filter(
    (entry) => !['config', 'noop'].includes(entry.type) && entry.data.length > 0,
  )
  expect(withData).toEqual([])
  // It never leads, and a rebuilt one is a witness again.
  await expect(cluster.transferLeadership(3)).rejects.toThrow(problem('transfer-refused', { reason: 'witness' }))
  await cluster.rebuild(3)
  await put(cluster, 'with', 'the rebuilt witness')
  await cluster.kill(await awaitLeader(cluster))
  await put(cluster, 'again', 'alone with it')
})

test('leadership moves under load; no write is lost or doubled, and no call waits until its time is up', async () => {
  const { cluster, witness } = await openCluster(3, STEADY)
  await awaitLeader(cluster)
  const load = startLoad(cluster, 8, 0, 'writer', 60_000)
  for (let round = 0; round < 6; round++) {
    const told = witness.of('role').length
    // It is refused when another one has come to lead meanwhile.
    const { leader, target } = await until('leadership is handed over', async () => {
      const leader = await awaitLeader(cluster)
      const target = cluster.nodeIds.find((node) => node !== leader)!
      await cluster.transferLeadership(round % 2 === 0 ? target : undefined)
      return { leader, target }
    })
    // Who leads a moment later may be another one again; this one did.
    const isNext = (node: number) => (round % 2 === 0 ? node === target : node !== leader)
    await until('another one leads', () => {
      const since = witness.of('role').slice(told)
      return since.some(({ node, role }) => role === 'leader' && isNext(node))
    })
  }
  await load.verify()
  await awaitEqualLogs(cluster)
  expect(load.troubles).toEqual([])
  // Whoever never found the next leader would have waited a minute.
  expect(load.slowest).toBeLessThan(20_000)
  expect(witness.of('role').filter(({ reason }) => reason === 'told-by-leader').length).toBeGreaterThanOrEqual(6)
  expect(operations(witness).filter((line) => line === 'transfer done')).toHaveLength(6)
})

test('a learner is added, gets everything without a vote, and is promoted by a change of several at once', async () => {
  const { cluster, witness } = await openCluster(3)
  for (let i = 0; i < 10; i++) await put(cluster, `k${i}`, 'v')
  expect(await cluster.add('learner')).toBe(4)
  await awaitEqualLogs(cluster)
  await awaitConfiguration(witness, [1, 2, 3], '4')
  expect(
    witness
      .of('role')
      .filter(({ node }) => node === 4)
      .map(({ role }) => role),
  ).not.toContain('follower')

  const changes = [
    { node: 4, role: 'voter' },
    { node: 1, role: 'learner' },
  ] as const
  await expect(cluster.changeMembership(changes, 'single')).rejects.toThrow(
    problem('change-refused', { reason: 'too-many-changes' }),
  )
  // Its disk is even with the others'; the leader may not have heard that yet.
  const index = await until('it has caught up', () => cluster.changeMembership(changes, 'auto'))
  await until('everybody knows', () => {
    const known = witness.of('configuration').filter((event) => event.index === index && event.standing === 'committed')
    return known.length === 4
  })
  expect(configurationOf(witness)).toMatchObject({ index, voters: '2,3,4', learners: '1', outgoing: '' })
  // It went through the joint configuration (§6).
  expect(witness.of('configuration')).toContainEqual(expect.objectContaining({ voters: '2,3,4', outgoing: '1,2,3' }))
  expect([2, 3, 4]).toContain(await awaitLeader(cluster))
  await awaitEqualLogs(cluster)
})

describe('refusals leave the cluster as it was', () => {
  test('unknown, duplicate and redundant nodes; numbers in use; the last node', async () => {
    const { cluster, witness } = await openCluster(2, STEADY)
    await awaitLeader(cluster)
    await until('both have told the first one', () => {
      return new Set(witness.of('configuration').map(({ node }) => node)).size === 2
    })
    const told = witness.of('configuration').length
    const voter = (node: number) => ({ node, role: 'voter' }) as const
    await expect(cluster.changeMembership([voter(9)], 'auto')).rejects.toThrow(problem('node-unknown', { node: '9' }))
    await expect(cluster.changeMembership([voter(1)], 'auto')).rejects.toThrow(
      problem('change-refused', { reason: 'already-so', node: 1 }),
    )
    const twice = [
      { node: 2, role: 'removed' },
      { node: 2, role: 'learner' },
    ] as const
    await expect(cluster.changeMembership(twice, 'joint')).rejects.toThrow(
      problem('change-refused', { reason: 'duplicate-node', node: 2 }),
    )
    await expect(cluster.changeMembership([], 'auto')).rejects.toThrow(problem('change-refused'))
    await expect(cluster.remove(9)).rejects.toThrow(problem('node-unknown'))
    await expect(cluster.rebuild(9)).rejects.toThrow(problem('node-unknown'))
    await expect(cluster.snapshot(9)).rejects.toThrow(problem('node-unknown'))
    await expect(cluster.transferLeadership(9)).rejects.toThrow(problem('node-unknown'))
    await expect(cluster.add('voter', 2)).rejects.toThrow(problem('node-exists', { node: '2' }))
    await expect(cluster.transferLeadership(await awaitLeader(cluster))).rejects.toThrow(
      problem('transfer-refused', { reason: 'already-leader' }),
    )
    expect(cluster.nodeIds).toEqual([1, 2])
    expect(witness.of('configuration').slice(told)).toEqual([])
    expect(operations(witness).filter((line) => line.includes(' failed'))).toHaveLength(10)
    expect(witness.of('operation').find(({ problem: code }) => code === 'change-refused')).toMatchObject({
      type: 'change',
      detail: JSON.stringify({ changes: [voter(1)], mode: 'auto', refusal: { reason: 'already-so', node: 1 } }),
    })
    await put(cluster, 'still', 'there')
  })

  test('what would lose the majority, a dead target, and a node that a cut link keeps from catching up', async () => {
    const { cluster, witness } = await openCluster(3)
    const leader = await awaitLeader(cluster)
    const [dead, alive] = cluster.nodeIds.filter((node) => node !== leader) as [number, number]
    await cluster.kill(dead)
    await expect(cluster.transferLeadership(dead)).rejects.toThrow(
      problem('transfer-refused', { reason: 'target-unreachable', node: dead }),
    )
    await expect(cluster.snapshot(dead)).rejects.toThrow(problem('node-state', { state: 'killed' }))
    const told = witness.of('configuration').length
    for (const attempt of [
      () => cluster.remove(alive),
      () => cluster.rebuild(alive),
      () => cluster.changeMembership([{ node: alive, role: 'removed' }], 'single'),
    ]) {
      await expect(attempt()).rejects.toThrow(problem('change-refused', { reason: 'would-lose-majority' }))
    }
    expect(witness.of('configuration').slice(told)).toEqual([])
    expect(cluster.standing(alive)).toBe('running')
    expect([leader, alive]).toContain(await awaitLeader(cluster))

    // The new node is reached by nobody: after a while without progress it is taken back.
    const { adding } = await addUnreached(cluster, witness, 4)
    await expect(adding).rejects.toThrow(problem('change-refused', { reason: 'not-caught-up', node: 4 }))
    expect(cluster.nodeIds).toEqual([1, 2, 3])
    await awaitConfiguration(witness, [1, 2, 3])
    expect([1, 2, 3].some((node) => cluster.isBlocked(node, 1))).toBe(false)
    await put(cluster, 'still', 'there')
    await cluster.start(dead)
    await awaitEqualLogs(cluster)
    // Its number was in the log, and is not given again.
    expect(await cluster.add('voter')).toBe(5)
    expect(await cluster.call({ op: 'get', key: 'still' })).toMatchObject({ outcome: 'ok', value: bytes('there') })
  })

  test('without a majority nothing is begun, and a number that was not used stays free', {
    timeout: 180_000,
  }, async () => {
    const { cluster, witness } = await openCluster(3)
    await awaitLeader(cluster)
    await cluster.kill(2)
    await cluster.kill(3)
    for (const attempt of [() => cluster.add('learner'), () => cluster.remove(2), () => cluster.rebuild(2)]) {
      await expect(attempt()).rejects.toThrow(problem('change-refused', { reason: 'would-lose-majority' }))
    }
    expect(cluster.nodeIds).toEqual([1, 2, 3])
    expect(operations(witness).at(-1)).toBe('rebuild failed change-refused')
    await cluster.start(2)
    await cluster.start(3)
    expect(await cluster.add('learner')).toBe(4)
    await awaitEqualLogs(cluster)

    // One operation at a time on a node.
    const [removal, rebuilding] = await Promise.allSettled([cluster.remove(4), cluster.rebuild(4)])
    expect(removal.status).toBe('fulfilled')
    expect(rebuilding).toMatchObject({ status: 'rejected', reason: problem('node-state', { state: 'stopping' }) })
    expect(cluster.nodeIds).toEqual([1, 2, 3])
  })

  test('closing gives up what is under way; the half-added node can be removed later', async () => {
    const { cluster, store, witness } = await openCluster(3)
    await awaitLeader(cluster)
    const { adding } = await addUnreached(cluster, witness, 4)
    const refusal = expect(adding).rejects.toThrow(expect.objectContaining({ name: 'Problem' }))
    await cluster.close()
    await refusal
    const reopened = await store.open(cluster.name, () => new Witness())
    try {
      expect(reopened.nodeIds).toEqual([1, 2, 3, 4])
      await reopened.remove(4)
      await put(reopened, 'k', 'v')
      await awaitEqualLogs(reopened)
      expect(reopened.nodeIds).toEqual([1, 2, 3])
    } finally {
      await reopened.close()
    }
  })
})
