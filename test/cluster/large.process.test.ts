import { afterEach, expect, test } from 'vitest'
import { awaitLeader, type OpenCluster, openCluster, put } from '../support/cluster'

let open: OpenCluster | undefined

afterEach(async () => {
  await open?.clear()
  open = undefined
}, 60_000)

test('51 nodes start, elect a leader, and take a write', { timeout: 240_000 }, async () => {
  open = await openCluster(51)
  const { cluster } = open
  expect(cluster.nodeIds).toHaveLength(51)
  expect(cluster.nodeIds.map((node) => cluster.standing(node))).toEqual(cluster.nodeIds.map(() => 'running'))
  await awaitLeader(cluster)
  await put(cluster, 'k', 'v', 30_000)
})
