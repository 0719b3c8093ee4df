import { afterEach, describe, expect, test } from 'vitest'
import type { AdminAction, AdminReply, AdminRequest } from '../../main/node/contract/admin'
import { FakeCluster, type FakeNode } from './client-nodes'

let cluster: FakeCluster

afterEach(async () => {
  await cluster.clear()
})

const change: AdminAction = { type: 'change', mode: 'auto', changes: [{ node: 4, role: 'learner' }] }

function reply({ request }: AdminRequest, fields: Partial<AdminReply>): AdminReply {
  return { type: 'admin-reply', request, problem: '', detail: '{}', index: 0, leader: 0, ...fields }
}

/** The leader does what `lead` says, the others name it. */
async function start(lead: (request: AdminRequest, node: FakeNode) => AdminReply | 'hang up' | undefined) {
  cluster = await FakeCluster.start()
  for (const node of cluster.nodes) {
    node.admin = (request) =>
      node.id === cluster.leader
        ? lead(request, node)
        : reply(request, { problem: 'not-leader', leader: cluster.leader })
  }
  return cluster.client
}

describe('admin', () => {
  test('goes to whoever leads, and tells the index', async () => {
    const asked: AdminAction[] = []
    const client = await start((request) => {
      asked.push(request.action)
      return reply(request, { index: 17 })
    })
    cluster.leader = 3
    expect(await client.admin(change)).toBe(17)
    expect(asked).toEqual([change])
  })

  test.each<readonly [string, object]>([
    ['change-refused', { reason: 'would-lose-majority', node: 2 }],
    ['transfer-refused', { reason: 'target-behind', node: 2 }],
    ['snapshot-refused', { reason: 'nothing new', node: '1' }],
  ])('%s is thrown with its reason', async (problem, details) => {
    const client = await start((request) => reply(request, { problem, detail: JSON.stringify(details) }))
    await expect(client.admin(change)).rejects.toMatchObject({ code: problem, details })
  })

  test('a reason that nobody can read is an internal problem', async () => {
    const client = await start((request) => reply(request, { problem: 'change-refused', detail: '{"reason":5}' }))
    await expect(client.admin(change)).rejects.toMatchObject({ code: 'internal' })
  })

  test('a leader that has just stopped to lead refers to the next', async () => {
    const detail = JSON.stringify({ reason: 'not-leader', node: 0 })
    const client = await start((request, node) => {
      if (node.id !== 1) return reply(request, { index: 5 })
      cluster.leader = 2
      return reply(request, { problem: 'change-refused', detail, leader: 2 })
    })
    expect(await client.admin(change)).toBe(5)
  })

  test('it waits for an election, as long as it may', async () => {
    const client = await start((request) => reply(request, { index: 5 }))
    cluster.leader = 0
    // Its time may be over while somebody is asked, who has then not answered.
    await expect(client.admin(change, { timeoutMs: 150 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(no-leader|call-unknown)$/),
    })
    setTimeout(() => {
      cluster.leader = 2
    }, 100)
    expect(await client.admin(change)).toBe(5)
  })

  test('it is asked once: a broken connection or silence leaves it unknown', async () => {
    let times = 0
    const client = await start(() => {
      times += 1
      return 'hang up'
    })
    await expect(client.admin(change)).rejects.toMatchObject({ code: 'call-unknown' })
    cluster.node(1).admin = () => {
      times += 1
      return undefined
    }
    await expect(client.admin(change, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'call-unknown' })
    expect(times).toBeLessThanOrEqual(2)
  })

  test('via one node only that is asked', async () => {
    const client = await start((request) => reply(request, { index: 5 }))
    await expect(client.admin({ type: 'transfer', target: 0 }, { via: 2 })).rejects.toMatchObject({
      code: 'not-leader',
      details: { leader: '1' },
    })
    cluster.node(2).admin = (request) => reply(request, { index: 40 })
    expect(await client.admin({ type: 'snapshot' }, { via: 2 })).toBe(40)
    await cluster.node(2).kill()
    await expect(client.admin({ type: 'snapshot' }, { via: 2 })).rejects.toMatchObject({ code: 'node-state' })
  })

  test('closing the client ends it', async () => {
    const client = await start(() => undefined)
    const asked = client.admin(change)
    setTimeout(() => client.close(), 50)
    await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/call-unknown|no-leader/) })
  })
})
