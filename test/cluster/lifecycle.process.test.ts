import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import { awaitEqualLogs, awaitLeader, bytes, logOf, openCluster, put, until, Witness } from '../support/cluster'

const state = (node: string, standing: string) =>
  expect.objectContaining({ code: 'node-state', details: expect.objectContaining({ node, state: standing }) })

describe('five nodes', () => {
  test('start, elect, take writes; the leader is killed, another leads; restarted, its log equals the others', async () => {
    const { cluster, witness } = await openCluster(5)
    expect(cluster.nodeIds).toEqual([1, 2, 3, 4, 5])
    for (const node of cluster.nodeIds) {
      expect(cluster.standing(node)).toBe('running')
      expect(witness.processStates(node)).toEqual(['spawned', 'ready'])
    }
    const first = await awaitLeader(cluster)
    for (let i = 0; i < 20; i++) await put(cluster, `k${i}`, `v${i}`)
    expect(await cluster.call({ op: 'get', key: 'k7' })).toMatchObject({
      outcome: 'ok',
      found: true,
      value: bytes('v7'),
    })
    expect(await cluster.call({ op: 'get', key: 'none' })).toMatchObject({ outcome: 'ok', found: false })

    await cluster.kill(first)
    expect(cluster.standing(first)).toBe('killed')
    expect(witness.processStates(first).at(-1)).toBe('killed')
    expect(witness.of('process').at(-1)).toMatchObject({ subject: first, signal: 'SIGKILL' })
    expect(witness.marks.get(first)).toBe(Number.POSITIVE_INFINITY)
    await put(cluster, 'after', 'the kill')
    const second = await awaitLeader(cluster)
    expect(second).not.toBe(first)

    await cluster.start(first)
    const log = await awaitEqualLogs(cluster)
    expect(log.length).toBeGreaterThan(21)
    const lives = () => witness.of('started').filter((event) => event.node === first)
    await until('it has told of its second life', () => lives().length > 1)
    expect(lives().map((event) => event.incarnation)).toEqual([0, 1])
    expect(witness.of('fault')).toMatchObject([
      { action: 'begin', id: 1, type: 'kill', detail: JSON.stringify({ nodes: [first] }) },
      { action: 'end', id: 1, type: 'kill' },
    ])
  })

  test('a paused leader is replaced, resumes as a follower, and catches up', async () => {
    const { cluster, witness } = await openCluster(5)
    const first = await awaitLeader(cluster)
    await cluster.pause(first)
    expect(cluster.standing(first)).toBe('paused')
    await expect(cluster.pause(first)).rejects.toThrow(state(String(first), 'paused'))
    await expect(cluster.stop(first)).rejects.toThrow(state(String(first), 'paused'))
    await put(cluster, 'while', 'paused')
    await cluster.resume(first)
    expect(cluster.standing(first)).toBe('running')
    await awaitEqualLogs(cluster)
    expect(witness.processStates(first)).toEqual(['spawned', 'ready', 'paused', 'resumed'])
    expect(witness.of('fault').map(({ action, type }) => `${action} ${type}`)).toEqual(['begin pause', 'end pause'])
    expect(await awaitLeader(cluster)).not.toBe(0)
  })

  test('stop is orderly, restart reads the disk, remove forgets; what the state forbids is refused', async () => {
    const { cluster, store, witness } = await openCluster(5)
    await put(cluster, 'a', '1')
    await cluster.stop(2)
    expect(cluster.standing(2)).toBe('stopped')
    expect(witness.of('process').at(-1)).toMatchObject({ subject: 2, state: 'stopped', exitCode: 0, signal: '' })
    for (const forbidden of ['stop', 'kill', 'pause', 'resume'] as const) {
      await expect(cluster[forbidden](2)).rejects.toThrow(state('2', 'stopped'))
    }
    await cluster.restart(2)
    await cluster.restart(3)
    expect(witness.processStates(3)).toEqual(['spawned', 'ready', 'stopping', 'stopped', 'spawned', 'ready'])
    await expect(cluster.start(3)).rejects.toThrow(state('3', 'running'))
    await cluster.pause(4)
    await cluster.restart(4)
    expect(witness.processStates(4).slice(2)).toEqual(['paused', 'killed', 'spawned', 'ready'])

    const directory = cluster.dataDir(5)
    expect(existsSync(directory)).toBe(true)
    await cluster.remove(5)
    expect(existsSync(directory)).toBe(false)
    expect(cluster.nodeIds).toEqual([1, 2, 3, 4])
    expect(cluster.standing(5)).toBe('removed')
    await expect(cluster.start(5)).rejects.toThrow(state('5', 'removed'))
    await expect(cluster.start(6)).rejects.toThrow(expect.objectContaining({ code: 'node-unknown' }))
    expect(() => cluster.block(1, 5)).toThrow(expect.objectContaining({ code: 'node-unknown' }))
    await put(cluster, 'b', '2')
    await awaitEqualLogs(cluster)

    await cluster.close()
    const again = new Witness()
    const reopened = await store.open(cluster.name, () => again)
    try {
      expect(reopened.nodeIds).toEqual([1, 2, 3, 4])
      await until('all have told of their lives', () => again.of('started').length >= 4)
      expect(
        again
          .of('started')
          .map((event) => event.incarnation)
          .sort(),
      ).toEqual([1, 2, 2, 2])
      expect(await reopened.call({ op: 'get', key: 'b' }, { timeoutMs: 30_000 })).toMatchObject({
        outcome: 'ok',
        value: bytes('2'),
      })
    } finally {
      await reopened.close()
    }
  })
})

test('events come from their own reporters, numbered from 1 in each life, on one clock', async () => {
  const { cluster, witness } = await openCluster(3)
  await put(cluster, 'k', 'v')
  await cluster.restart(2)
  await awaitEqualLogs(cluster)
  await cluster.close()
  expect(witness.events[0]).toMatchObject({ kind: 'cluster', node: 0, n: 1, name: cluster.name, nodes: 3 })
  for (const node of [0, 1, 2, 3]) {
    let expected = 1
    let t = 0
    for (const event of witness.events.filter((candidate) => candidate.node === node)) {
      if (event.kind === 'started') expected = 1
      expect(event.n).toBe(expected++)
      expect(event.t).toBeGreaterThanOrEqual(t)
      t = event.t
    }
    expect(witness.marks.get(node)).toBe(Number.POSITIVE_INFINITY)
  }
  const [call] = witness.of('invoke')
  expect(call).toMatchObject({ call: 1, client: 1, op: 'put', key: 'k', via: 0 })
  expect(witness.of('answer')[0]).toMatchObject({ call: 1, outcome: 'ok', problem: '' })
})

test('a node that dies by itself has crashed, and can be started again', async () => {
  const { cluster, witness } = await openCluster(3)
  const spawned = witness.of('process').find((event) => event.subject === 2)
  process.kill(spawned!.pid, 'SIGKILL')
  await until('node 2 crashed', () => cluster.standing(2) === 'crashed')
  expect(witness.of('process').at(-1)).toMatchObject({ subject: 2, state: 'crashed', signal: 'SIGKILL' })
  expect(witness.of('fault')).toEqual([])
  await cluster.start(2)
  await put(cluster, 'k', 'v')
  await awaitEqualLogs(cluster)
})

test('a single node leads itself; the last node can not be removed', async () => {
  const { cluster } = await openCluster(1)
  await put(cluster, 'k', 'v')
  await expect(cluster.remove(1)).rejects.toThrow(expect.objectContaining({ code: 'node-count' }))
  await cluster.restart(1)
  expect(await cluster.call({ op: 'get', key: 'k' }, { timeoutMs: 30_000 })).toMatchObject({
    outcome: 'ok',
    value: bytes('v'),
  })
  expect((await logOf(cluster, 1)).length).toBeGreaterThanOrEqual(3)
})

test('settings changed while the cluster runs hold from the next start of a node on, and stay', async () => {
  const { cluster, store, witness } = await openCluster(3, { snapshotEntries: 0, priorities: { 2: 0 } })
  const { name } = cluster
  await awaitLeader(cluster)
  expect(witness.leader?.leader).not.toBe(2)
  await expect(store.configure(name, { priorities: { 5: 1 } })).rejects.toThrow(
    expect.objectContaining({ code: 'settings-invalid' }),
  )
  const changed = await store.configure(name, { priorities: { 1: 0, 3: 0 }, telemetry: 'state' })
  expect(cluster.settings).toEqual(changed)
  expect(await store.settings(name)).toEqual(changed)
  await put(cluster, 'k', 'v')
  // The one that may stand for election then has to have it.
  await awaitEqualLogs(cluster)
  await cluster.close()

  const again = new Witness()
  const reopened = await store.open(name, () => again)
  try {
    expect(reopened.settings).toEqual(changed)
    const told = JSON.parse(again.of('cluster')[0]?.settings ?? '') as unknown
    expect(told).toEqual(changed)
    // Only node 2 stands for election now.
    expect(await awaitLeader(reopened)).toBe(2)
    expect(again.of('sent')).toEqual([])
    expect(await reopened.call({ op: 'get', key: 'k' })).toMatchObject({ outcome: 'ok', value: bytes('v') })
  } finally {
    await reopened.close()
  }
})

test('closing is quick also with paused and stopped nodes, may be asked twice, and ends calls under way', async () => {
  const { cluster } = await openCluster(5)
  await awaitLeader(cluster)
  await cluster.pause(1)
  await cluster.pause(2)
  await cluster.pause(3)
  await cluster.stop(4)
  const call = cluster.call({ op: 'put', key: 'k', value: bytes('v') }, { timeoutMs: 60_000 })
  const began = performance.now()
  await Promise.all([cluster.close(), cluster.close()])
  expect(performance.now() - began).toBeLessThan(30_000)
  expect((await call).outcome).not.toBe('ok')
  await expect(cluster.start(4)).rejects.toThrow(expect.objectContaining({ code: 'node-state' }))
  expect(readdirSync(cluster.path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
})

test('opening can be given up, and leaves nothing', async () => {
  const { store } = await openCluster(1)
  const { name, path } = await store.create({ nodes: 9 })
  const abort = new AbortController()
  const witness = new Witness()
  const opening = store.open(name, () => witness, {
    signal: abort.signal,
    progress: (ready) => ready === 1 && abort.abort(),
  })
  await expect(opening).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(readdirSync(path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
})

test('a kill in any phase of a start ends it, and the node can be started again at once', async () => {
  const { cluster, witness } = await openCluster(3)
  await cluster.kill(2)
  for (const delay of [0, 0, 1, 5, 20, 60, 120]) {
    const start = cluster.start(2).then(
      () => 'started',
      (error: unknown) => (error as { code?: string }).code,
    )
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    await cluster.kill(2)
    expect(cluster.standing(2)).toBe('killed')
    expect(['started', 'node-start']).toContain(await start)
  }
  await cluster.start(2)
  expect(witness.processStates(2).at(-1)).toBe('ready')
  await put(cluster, 'k', 'v')
  await awaitEqualLogs(cluster)
})

test('a node whose disk is damaged stays down and says why; the others start', async () => {
  const { cluster, store } = await openCluster(3)
  for (let i = 0; i < 5; i++) await put(cluster, `k${i}`, 'v')
  await awaitEqualLogs(cluster)
  await cluster.close()
  // One flipped bit in the first record, with more behind it: no torn tail.
  const [segment] = (await inspectNode(cluster.dataDir(2))).files.filter(({ name }) => name.endsWith('.log'))
  const file = join(cluster.dataDir(2), segment!.name)
  const content = readFileSync(file)
  const at = segment!.records[0]!.offset + 12
  content[at] = content[at]! ^ 1
  writeFileSync(file, content)

  const witness = new Witness()
  const reopened = await store.open(cluster.name, () => witness)
  try {
    expect(reopened.nodeIds.map((node) => reopened.standing(node))).toEqual(['running', 'crashed', 'running'])
    expect(witness.of('trouble')).toMatchObject([{ node: 2, problem: 'record-corrupt' }])
    expect(witness.of('output')).toMatchObject([{ subject: 2, stream: 'stderr' }])
    expect(witness.processStates(2)).toEqual(['spawned', 'crashed'])
    expect(witness.of('process').find(({ state }) => state === 'crashed')).toMatchObject({ exitCode: 70, signal: '' })
    await expect(reopened.start(2)).rejects.toThrow(
      expect.objectContaining({
        code: 'node-start',
        details: { node: '2', reason: expect.stringContaining('record-corrupt') },
      }),
    )
    expect(await reopened.call({ op: 'get', key: 'k4' }, { timeoutMs: 30_000 })).toMatchObject({
      outcome: 'ok',
      value: bytes('v'),
    })
  } finally {
    await reopened.close()
  }
})
