import { expect, test } from 'vitest'
import { CONSISTENCIES, type Consistency } from '../../main/node/contract/client'
import type { ReportedEvent } from '../../main/node/contract/events'
import {
  awaitEqualLogs,
  awaitLeader,
  bytes,
  faultsOf,
  logOf,
  openCluster,
  put,
  STEADY,
  until,
  type Witness,
} from '../support/cluster'

/** Events of a kind that one node reported after there were `since` events in all. */
function after<K extends 'received' | 'dropped'>(witness: Witness, kind: K, since: number, node: number) {
  const later = witness.events.slice(since) as readonly ReportedEvent[]
  return later.filter((event): event is ReportedEvent<K> & ReportedEvent => event.kind === kind && event.node === node)
}

test('a link that is blocked one way drops what arrives that way and nothing else, until it is healed', async () => {
  const { cluster, witness } = await openCluster(3, STEADY)
  const leader = await awaitLeader(cluster)
  const follower = cluster.nodeIds.find((node) => node !== leader)!
  cluster.block(follower, leader)
  cluster.block(follower, leader)
  expect(cluster.isBlocked(follower, leader)).toBe(true)
  expect(cluster.isBlocked(leader, follower)).toBe(false)
  expect(() => cluster.block(leader, leader)).toThrow(expect.objectContaining({ code: 'link-self' }))

  await until('a reply is dropped at the leader', () =>
    witness.of('dropped').some((event) => event.receiver === leader && event.sender === follower),
  )
  const since = witness.events.length
  await put(cluster, 'k', 'v')
  await until('the follower still hears the leader', () =>
    after(witness, 'received', since, follower).some((event) => event.peer === leader),
  )
  expect(after(witness, 'received', since, leader).filter((event) => event.peer === follower)).toEqual([])
  cluster.heal(follower, leader)
  await until('the leader hears the follower again', () =>
    after(witness, 'received', since, leader).some((event) => event.peer === follower),
  )
  await awaitEqualLogs(cluster)
  expect(witness.of('link')).toMatchObject([
    { from: follower, to: leader, blocked: true },
    { from: follower, to: leader, blocked: false },
  ])
  expect(faultsOf(witness)).toEqual(['begin block 1', 'end block 1'])
})

test('a blocked link stays blocked over a restart of its receiver', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  cluster.block(1, 3)
  cluster.block(2, 3)
  await cluster.restart(3)
  const since = witness.events.length
  await until('node 3 drops what it is sent', () => after(witness, 'dropped', since, 3).length > 5)
  expect(after(witness, 'received', since, 3)).toEqual([])
  cluster.healAll()
  await put(cluster, 'k', 'v')
  await awaitEqualLogs(cluster)
})

test('partition 2|3: the majority commits, the minority does not, and after healing the logs converge', async () => {
  const { cluster, witness } = await openCluster(5, { electionTimeoutMs: 1000 })
  const old = await awaitLeader(cluster)
  const before = await cluster.call({ op: 'put', key: 'before', value: bytes('1') })
  const companion = cluster.nodeIds.find((node) => node !== old)!
  const majority = cluster.nodeIds.filter((node) => node !== old && node !== companion)
  cluster.partition([[old, companion], majority])
  expect(cluster.isBlocked(old, majority[0]!)).toBe(true)
  expect(cluster.isBlocked(majority[0]!, old)).toBe(true)
  expect(cluster.isBlocked(old, companion)).toBe(false)

  // The old leader takes the command, and can't commit it.
  const lost = await cluster.call({ op: 'put', key: 'lost', value: bytes('x') }, { via: old, timeoutMs: 1500 })
  expect(lost).toMatchObject({ outcome: 'unknown', problem: 'call-unknown' })
  for (const node of [old, companion]) expect((await logOf(cluster, node)).length).toBeGreaterThan(before.index)

  // A client that asks the old leader first finds the new one, within one call.
  await put(cluster, 'during', '2')
  const result = await cluster.call({ op: 'get', key: 'during' })
  expect(majority).toContain(result.from)
  const committedBy = (nodes: readonly number[]) =>
    Math.max(
      0,
      ...witness
        .of('committed')
        .filter((e) => nodes.includes(e.node))
        .map((e) => e.commitIndex),
    )
  await until('the majority tells of its commit', () => committedBy(majority) >= result.index)
  expect(committedBy([old, companion])).toBe(before.index)

  cluster.healAll()
  await put(cluster, 'after', '3')
  await awaitEqualLogs(cluster)
  for (const [key, value] of [
    ['before', '1'],
    ['during', '2'],
    ['after', '3'],
  ] as const) {
    expect(await cluster.call({ op: 'get', key })).toMatchObject({ outcome: 'ok', value: bytes(value) })
  }
  expect(await cluster.call({ op: 'get', key: 'lost' })).toMatchObject({ outcome: 'ok', found: false })
  expect(faultsOf(witness)).toEqual(['begin partition 1', 'end partition 1'])
})

test('partitions replace one another; bad groups are refused and change nothing', async () => {
  const { cluster, witness } = await openCluster(5)
  cluster.partition([[1, 2]])
  expect(cluster.isBlocked(2, 3)).toBe(true)
  expect(cluster.isBlocked(3, 4)).toBe(false)
  cluster.partition([[2]])
  expect(cluster.isBlocked(2, 1)).toBe(true)
  expect(cluster.isBlocked(1, 3)).toBe(false)
  expect(() =>
    cluster.partition([
      [1, 2],
      [2, 3],
    ]),
  ).toThrow(expect.objectContaining({ code: 'partition-groups' }))
  expect(() => cluster.partition([[1, 9]])).toThrow(expect.objectContaining({ code: 'node-unknown' }))
  cluster.heal(2, 1)
  expect(faultsOf(witness)).toEqual(['begin partition 1', 'end partition 1', 'begin isolate 2'])
  cluster.partition([])
  expect(faultsOf(witness).at(-1)).toBe('end isolate 2')
  for (const from of cluster.nodeIds) {
    for (const to of cluster.nodeIds) if (from !== to) expect(cluster.isBlocked(from, to)).toBe(false)
  }
})

test('via asks one node only, and says when it does not lead', async () => {
  const { cluster } = await openCluster(3, STEADY)
  const leader = await awaitLeader(cluster)
  const follower = cluster.nodeIds.find((node) => node !== leader)!
  await put(cluster, 'k', 'v')
  const get = { op: 'get', key: 'k' } as const
  const ask = (via: number, consistency: Consistency) => cluster.call(get, { via, consistency })
  for (const consistency of CONSISTENCIES) {
    expect(await ask(leader, consistency), consistency).toMatchObject({
      outcome: 'ok',
      from: leader,
      value: bytes('v'),
    })
  }
  // A follower asks the leader for an index to read at; only what becomes an entry, or needs the lease, it can't do.
  expect(await ask(follower, 'index')).toMatchObject({ outcome: 'ok', from: follower, value: bytes('v') })
  expect(await ask(follower, 'stale')).toMatchObject({ outcome: 'ok', from: follower })
  expect(await ask(follower, 'log')).toMatchObject({ outcome: 'failed', problem: 'not-leader' })
  const write = await cluster.call({ op: 'put', key: 'k', value: bytes('w') }, { via: follower })
  expect(write).toMatchObject({ outcome: 'failed', problem: 'not-leader' })
  await cluster.kill(follower)
  expect(await cluster.call(get, { via: follower })).toMatchObject({ outcome: 'failed', problem: 'node-state' })
  await expect(cluster.call(get, { via: 7 })).rejects.toThrow(expect.objectContaining({ code: 'node-unknown' }))
})

test('many calls at the same time each take effect once; too large ones are refused; one can be given up', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  const before = (await awaitEqualLogs(cluster)).length
  await Promise.all(Array.from({ length: 200 }, (_, i) => put(cluster, `k${i}`, `v${i}`)))
  const clients = witness.of('invoke').map((event) => event.client)
  expect(new Set(clients).size).toBeGreaterThan(100)
  await until('all entries', async () => (await awaitEqualLogs(cluster)).length >= before + 200)
  for (const i of [0, 99, 199]) {
    expect(await cluster.call({ op: 'get', key: `k${i}` })).toMatchObject({ outcome: 'ok', value: bytes(`v${i}`) })
  }
  expect(await cluster.call({ op: 'delete', key: 'k0' })).toMatchObject({ outcome: 'ok', found: true })
  expect(await cluster.call({ op: 'delete', key: 'k0' })).toMatchObject({ outcome: 'ok', found: false })

  const large = (size: number) =>
    cluster.call({ op: 'put', key: 'large', value: new Uint8Array(size) }, { timeoutMs: 60_000 })
  expect(await large(1 << 20)).toMatchObject({ outcome: 'ok' })
  await expect(large((1 << 20) + 1)).rejects.toThrow(expect.objectContaining({ code: 'value-size' }))
  await expect(cluster.call({ op: 'get', key: 'k'.repeat(1025) })).rejects.toThrow(
    expect.objectContaining({ code: 'key-size' }),
  )

  cluster.partition([[1], [2], [3]])
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 200)
  const given = await cluster.call(
    { op: 'put', key: 'k', value: bytes('v') },
    { timeoutMs: 60_000, signal: abort.signal },
  )
  expect(given.outcome).not.toBe('ok')
  expect(given.millis).toBeLessThan(30_000)
})
