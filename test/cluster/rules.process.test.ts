import { expect, test } from 'vitest'
import type { LinkRule, Shape } from '../../main/node/contract/conditions'
import type { ReportedEvent } from '../../main/node/contract/events'
import type { MessageType } from '../../main/raft/types'
import { awaitEqualLogs, awaitLeader, faultsOf, openCluster, put, until, type Witness } from '../support/cluster'

const code = (wanted: string) => expect.objectContaining({ code: wanted })
function shape(of: Partial<Shape>, ...messages: MessageType[]): LinkRule {
  const nothing = { dropPercent: 0, delayMs: 0, jitterMs: 0, duplicatePercent: 0, reorderPercent: 0, bytesPerSecond: 0 }
  return { messages, action: { type: 'shape', ...nothing, ...of } }
}

/** A leader and a follower of it. */
async function scene() {
  const { cluster, witness } = await openCluster(3, { quiescence: false })
  const leader = await awaitLeader(cluster)
  const follower = cluster.nodeIds.find((node) => node !== leader)!
  await awaitEqualLogs(cluster)
  return { cluster, witness, leader, follower }
}

/** What a node told of the link from `from` after there were `since` events. */
function arrivals(witness: Witness, since: number, from: number, to: number) {
  const mine = (witness.events.slice(since) as readonly ReportedEvent[]).filter(({ node }) => node === to)
  return {
    received: mine.filter((event) => event.kind === 'received').filter(({ peer }) => peer === from),
    dropped: mine.filter((event) => event.kind === 'dropped').filter(({ sender }) => sender === from),
    copied: mine.filter((event) => event.kind === 'copied').filter(({ peer }) => peer === from),
  }
}

test('a rule of one direction and one type of message: all of those are lost, and nothing else', async () => {
  const { cluster, witness, leader, follower } = await scene()
  const since = witness.events.length
  cluster.condition([{ from: follower, to: leader }], [shape({ dropPercent: 100 }, 'AppendEntriesReply')], 1)
  await cluster.inForce()
  expect(cluster.isBlocked(follower, leader)).toBe(false)
  await put(cluster, 'k', 'v')
  await until('replies are lost', () => arrivals(witness, since, follower, leader).dropped.length > 5)
  const { received, dropped } = arrivals(witness, since, follower, leader)
  expect(dropped.every(({ message, reason }) => message === 'AppendEntriesReply' && reason === 'lost')).toBe(true)
  const first = witness.events.indexOf(dropped[0]!)
  const after = received.filter((event) => witness.events.indexOf(event) > first)
  expect(after.filter(({ message }) => message === 'AppendEntriesReply')).toEqual([])
  expect(arrivals(witness, since, leader, follower).dropped).toEqual([])
  const detail = JSON.parse(witness.of('fault').at(-1)!.detail)
  expect(detail).toMatchObject({ links: [[follower, leader]], seed: 1 })
  expect(witness.of('rules').map(({ from, to, rules }) => ({ from, to, rules: JSON.parse(rules) }))).toEqual([
    { from: follower, to: leader, rules: cluster.rulesOf(follower, leader) },
  ])

  cluster.condition([{ from: follower, to: leader }], [], 0)
  const healed = witness.events.length
  await until('replies arrive again', () =>
    arrivals(witness, healed, follower, leader).received.some(({ message }) => message === 'AppendEntriesReply'),
  )
  expect(witness.of('rules').at(-1)).toMatchObject({ rules: '' })
  expect(faultsOf(witness)).toEqual(['begin links 1', 'end links 1'])
})

test('a delay holds every message back for so long', async () => {
  const { cluster, witness, leader, follower } = await scene()
  const link = { from: leader, to: follower }
  cluster.condition([link], [shape({ delayMs: 80 })], 1)
  // The node answers this behind the rule: whatever is sent from now on meets it.
  await cluster.releaseAll([link])
  const begun = Number(process.hrtime.bigint() - cluster.origin)
  const sentAt = new Map<number, number>()
  const late = () => {
    for (const { node, peer, id, t } of witness.of('sent')) if (node === leader && peer === follower) sentAt.set(id, t)
    return arrivals(witness, 0, leader, follower).received.filter(({ id }) => (sentAt.get(id) ?? 0) > begun)
  }
  await until('messages arrive late', () => late().length > 10)
  const took = late().map(({ id, t }) => (t - sentAt.get(id)!) / 1e6)
  // Half a millisecond early is what its timer may be.
  expect(Math.min(...took)).toBeGreaterThanOrEqual(79.5)
  await put(cluster, 'k', 'v')
})

test('flaky links: some are lost, doubled and overtaken, and still nothing acknowledged is', async () => {
  const { cluster, witness } = await scene()
  const fault = cluster.preset('flaky')
  await cluster.inForce()
  for (let i = 0; i < 60; i++) await put(cluster, `k${i}`, `v${i}`)
  await until('all of it happened', () => {
    const lost = witness.of('dropped').filter(({ reason }) => reason === 'lost').length
    return lost > 20 && witness.of('copied').some(({ by, copy }) => by === 'rule' && copy < 0)
  })
  await cluster.endFault(fault)
  for (let i = 0; i < 60; i++) {
    const { outcome, value } = await cluster.call({ op: 'get', key: `k${i}` }, { timeoutMs: 10_000 })
    expect({ outcome, value: Buffer.from(value).toString() }).toEqual({ outcome: 'ok', value: `v${i}` })
  }
  await awaitEqualLogs(cluster)
})

test('presets about the leader of the moment, and those that are impossible', async () => {
  const { cluster, witness, leader } = await scene()
  cluster.preset('isolate-leader')
  const others = cluster.nodeIds.filter((node) => node !== leader)
  for (const node of others) {
    expect(cluster.isBlocked(leader, node)).toBe(true)
    expect(cluster.isBlocked(node, leader)).toBe(true)
  }
  await until('another leader', () => witness.leader?.leader !== leader)
  expect(JSON.parse(witness.of('fault').at(-1)!.detail)).toEqual({
    groups: [[leader], others],
    preset: 'isolate-leader',
  })
  await cluster.healAll()
  await awaitLeader(cluster)
  const impossible = (action: () => unknown, reason: string) =>
    expect(action).toThrow(
      expect.objectContaining({ code: 'preset-impossible', details: expect.objectContaining({ reason }) }),
    )
  impossible(() => cluster.preset('ring'), 'too-few-nodes')
  impossible(() => cluster.preset('bridge'), 'node-wanted')
  for (const node of cluster.nodeIds) await cluster.kill(node)
  impossible(() => cluster.preset('majority'), 'no-leader')
})

test('a rule for a link or a node that does not exist, percentages out of range: refused, and nothing has changed', async () => {
  const { cluster, witness } = await scene()
  const rule = shape({ dropPercent: 50 })
  const link = { from: 1, to: 2 }
  expect(() => cluster.condition([link, { from: 1, to: 9 }], [rule], 0)).toThrow(code('node-unknown'))
  expect(() => cluster.condition([link, { from: 2, to: 2 }], [rule], 0)).toThrow(code('link-self'))
  expect(() => cluster.condition([link], [shape({ dropPercent: 101 })], 0)).toThrow(code('fault-invalid'))
  expect(() => cluster.condition([link], [shape({ delayMs: 60_001 })], 0)).toThrow(code('fault-invalid'))
  expect(() => cluster.condition([link], [rule], 0.5)).toThrow(code('fault-invalid'))
  expect(() => cluster.preset('deaf', 9)).toThrow(code('node-unknown'))
  expect(() => cluster.rulesOf(1, 9)).toThrow(code('node-unknown'))
  expect(cluster.rulesOf(1, 2).rules).toEqual([])
  expect(faultsOf(witness)).toEqual([])
})

test('what was set is in force when that was waited for: not one message passes afterwards', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  for (let round = 0; round < 10; round++) {
    cluster.partition([[1], [2], [3]])
    await cluster.inForce()
    const since = Number(process.hrtime.bigint() - cluster.origin)
    await new Promise((resolve) => setTimeout(resolve, 60))
    cluster.partition([])
    const end = Number(process.hrtime.bigint() - cluster.origin)
    await cluster.inForce()
    const passed = witness.of('received').filter(({ t }) => t >= since && t < end)
    expect(passed).toEqual([])
  }
  await put(cluster, 'k', 'v')
})

test('a node that stands still is not waited for, and goes by it when it goes on', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  await cluster.pause(3)
  cluster.partition([[3], [1, 2]])
  await cluster.inForce()
  await cluster.resume(3)
  await cluster.inForce()
  const since = Number(process.hrtime.bigint() - cluster.origin)
  await put(cluster, 'k', 'v')
  expect(witness.of('received').filter(({ node, t }) => node === 3 && t >= since)).toEqual([])
})
