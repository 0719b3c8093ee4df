/** Time limits stand while the whole cluster is stopped: nobody could answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { ClusterTime } from '../../main/cluster/time'
import { bytes, FakeCluster, refused } from './client-nodes'

let cluster: FakeCluster | undefined

afterEach(async () => {
  await cluster?.clear()
  cluster = undefined
})

const LIMIT_MS = 2000
const STOP_MS = 2500

/** Nobody does anything for some time, which the client's clock leaves out. */
async function stopFor(millis: number, nodes: FakeCluster): Promise<void> {
  nodes.time.stand()
  for (const node of nodes.nodes) node.behaviour = (request) => refused(request, 'node-busy')
  await sleep(millis)
  for (const node of nodes.nodes) node.behaviour = undefined
  nodes.time.goOn()
}

test('the clock leaves stops out, also when it is told of one twice', async () => {
  const time = new ClusterTime()
  const [began, machine] = [time.now(), performance.now()]
  time.stand()
  const stood = time.now()
  time.stand()
  await sleep(50)
  expect(time.now()).toBe(stood)
  time.goOn()
  time.goOn()
  await sleep(50)
  const passed = time.now() - began
  expect(passed).toBeGreaterThan(40)
  // However long a busy machine slept: what it slept first is not in it.
  expect(passed).toBeLessThan(performance.now() - machine - 45)
})

test('a call outlives a stop that is longer than its time limit, and says how long it took in all', async () => {
  cluster = await FakeCluster.start()
  const { client } = cluster
  const stop = stopFor(STOP_MS, cluster)
  const put = { op: 'put', key: 'k', value: bytes('v') } as const
  const result = await client.call(put, { timeoutMs: LIMIT_MS })
  await stop
  expect(result).toMatchObject({ outcome: 'ok' })
  expect(result.millis).toBeGreaterThan(STOP_MS - 50)
})

test('without a stop, silence ends it', async () => {
  cluster = await FakeCluster.start()
  for (const node of cluster.nodes) node.isSilent = true
  const get = { op: 'get', key: 'k' } as const
  const began = performance.now()
  const result = await cluster.client.call(get, { timeoutMs: LIMIT_MS, consistency: 'log' })
  expect(result.outcome).toBe('failed')
  expect(result.millis).toBeGreaterThan(LIMIT_MS - 5)
  expect(result.millis).toBeLessThanOrEqual(performance.now() - began)
})

test("an operator's request, too", async () => {
  cluster = await FakeCluster.start()
  const { client } = cluster
  for (const node of cluster.nodes) node.admin = () => undefined
  const stop = stopFor(STOP_MS, cluster)
  const began = performance.now()
  await expect(client.admin({ type: 'snapshot' }, { timeoutMs: LIMIT_MS })).rejects.toThrow(
    expect.objectContaining({ code: 'call-unknown' }),
  )
  await stop
  expect(performance.now() - began).toBeGreaterThan(STOP_MS)
})
