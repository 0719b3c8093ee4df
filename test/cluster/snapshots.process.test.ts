/** Snapshots, the log that they shorten, and nodes that catch up by one. */
import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import { awaitEqualLogs, awaitLeader, bytes, openCluster, put, until } from '../support/cluster'
import { operations, startLoad } from './support'

/** What one node has applied, in its own words. */
async function valueAt(cluster: Cluster, node: number, key: string): Promise<string> {
  const { value } = await cluster.call({ op: 'get', key }, { via: node, consistency: 'stale' })
  return Buffer.from(value).toString()
}

test('a wiped follower catches up by InstallSnapshot while clients write and logs are compacted', async () => {
  const settings = { snapshotEntries: 200, trailingEntries: 20, snapshotChunkBytes: 4096 }
  const { cluster, witness } = await openCluster(3, settings)
  // Written once, before everything: only snapshots hold it in the end.
  const large = 'x'.repeat(100_000)
  await put(cluster, 'old', large)
  const load = startLoad(cluster, 8, 0)
  await until('every log begins later', () =>
    cluster.nodeIds.every((node) =>
      witness.of('compacted').some((event) => event.node === node && event.firstIndex > 100),
    ),
  )
  const leader = await awaitLeader(cluster)
  const victim = cluster.nodeIds.find((node) => node !== leader)!
  await cluster.rebuild(victim)
  await load.verify()
  await awaitEqualLogs(cluster)

  const installed = witness.of('snapshot').filter(({ node, stage }) => node === victim && stage === 'installed')
  expect(installed.length).toBeGreaterThan(0)
  // In many pieces.
  const sent = witness.of('sent').filter(({ message, peer }) => message === 'InstallSnapshot' && peer === victim)
  expect(sent.length).toBeGreaterThan(large.length / settings.snapshotChunkBytes)
  for (const node of cluster.nodeIds) {
    expect(await valueAt(cluster, node, 'old'), `on node ${node}`).toBe(large)
    const { entries, firstIndex } = await inspectNode(cluster.dataDir(node))
    expect(firstIndex).toBeGreaterThan(100)
    expect(entries.some(({ data }) => Buffer.from(data).includes(large))).toBe(false)
  }

  // From the snapshot, after a restart of everybody.
  await Promise.all(cluster.nodeIds.map((node) => cluster.restart(node)))
  expect(await cluster.call({ op: 'get', key: 'old' }, { timeoutMs: 10_000 })).toMatchObject({ value: bytes(large) })
})

test('a snapshot is taken when it is asked for, on any node, and refused when there is nothing new for it', async () => {
  const { cluster, witness } = await openCluster(3, { trailingEntries: 0 })
  for (let i = 0; i < 30; i++) await put(cluster, `k${i}`, 'v')
  await awaitEqualLogs(cluster)
  const leader = await awaitLeader(cluster)
  for (const node of cluster.nodeIds) {
    await until(`node ${node} has applied everything`, async () => (await valueAt(cluster, node, 'k29')) === 'v')
    const index = await cluster.snapshot(node)
    expect(index).toBeGreaterThanOrEqual(30)
    const saved = () => witness.of('snapshot').filter((event) => event.node === node && event.stage === 'saved')
    await until('it is told', () => saved().length > 0)
    expect(saved()).toMatchObject([{ index }])
  }
  expect(operations(witness).filter((line) => line === 'snapshot done')).toHaveLength(3)
  const again = cluster.snapshot(leader).then(
    () => 'taken',
    (error: unknown) => (error as { code: string }).code,
  )
  expect(await again).toBe('snapshot-refused')
  await put(cluster, 'after', 'it')
  await Promise.all(cluster.nodeIds.map((node) => cluster.restart(node)))
  expect(await cluster.call({ op: 'get', key: 'k7' }, { timeoutMs: 10_000 })).toMatchObject({ value: bytes('v') })
  expect(await cluster.call({ op: 'get', key: 'after' })).toMatchObject({ value: bytes('it') })
})
