/** A process that dies before or after its next write or message, on real processes: what is on its disk, who heard what. */
import { expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import type { CrashPoint, NodeFault } from '../../main/node/contract/conditions'
import type { ReportedEvent } from '../../main/node/contract/events'
import type { MessageType } from '../../main/raft/types'
import {
  awaitEqualLogs,
  awaitLeader,
  bytes,
  faultsOf,
  type OpenCluster,
  openCluster,
  put,
  STEADY,
  until,
} from '../support/cluster'
import { startLoad } from './support'

const at = (point: CrashPoint, messages: MessageType[] = [], nth = 1): NodeFault => ({
  type: 'crash-point',
  point,
  messages,
  nth,
})

/** Three nodes that have one entry of a client, and nothing under way. */
async function calm(): Promise<OpenCluster & { readonly leader: number; readonly follower: number }> {
  const stage = await openCluster(3, STEADY)
  const { cluster } = stage
  const leader = await awaitLeader(cluster)
  await put(cluster, 'k', 'v')
  await awaitEqualLogs(cluster)
  return { ...stage, leader, follower: cluster.nodeIds.find((node) => node !== leader) ?? 0 }
}

async function struck({ cluster, witness }: OpenCluster, fault: number): Promise<ReportedEvent<'struck'>> {
  const event = await until('it strikes', () => witness.of('struck').find((one) => one.fault === fault))
  await until('the node has ended', () => cluster.standing(event.node) === 'killed')
  expect(witness.processStates(event.node).at(-1)).toBe('killed')
  return event
}

/** All of the message that `struck` names. */
function fateOf({ witness }: OpenCluster, { node, detail }: ReportedEvent<'struck'>) {
  const { id, peer } = JSON.parse(detail)
  const isIt = (event: { readonly peer: number; readonly id: number }) => event.id === id
  return {
    sent: witness.of('sent').filter((event) => event.node === node && event.peer === peer && isIt(event)).length,
    received: witness.of('received').filter((event) => event.node === peer && event.peer === node && isIt(event))
      .length,
  }
}

/** What the follower told of entries behind this one: what was on its disk before may be told late. */
function persistedBehind({ witness, follower }: OpenCluster & { readonly follower: number }, index: number) {
  return witness.of('persisted').filter(({ node, lastIndex }) => node === follower && lastIndex > index)
}

async function heal({ cluster, witness }: OpenCluster, fault: number): Promise<void> {
  await cluster.endFault(fault)
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  expect(faultsOf(witness)).toEqual([`begin crash-point ${fault}`, `end crash-point ${fault}`])
}

test('a follower before its write: the entry is not on its disk, and it never answered', async () => {
  const stage = await calm()
  const { cluster, follower } = stage
  const before = await inspectNode(cluster.dataDir(follower))
  const fault = cluster.arm(follower, at('before-write'))
  await put(cluster, 'during', 'v')
  await struck(stage, fault)
  const after = await inspectNode(cluster.dataDir(follower))
  expect(after).toMatchObject({ lastIndex: before.lastIndex, standing: 'ok' })
  expect(persistedBehind(stage, before.lastIndex)).toEqual([])
  await heal(stage, fault)
})

test('a follower after its write: the entry is on its disk, and nobody knows', async () => {
  const stage = await calm()
  const { cluster, witness, follower, leader } = stage
  const before = await inspectNode(cluster.dataDir(follower))
  const fault = cluster.arm(follower, at('after-write'))
  await put(cluster, 'during', 'v')
  await struck(stage, fault)
  const after = await inspectNode(cluster.dataDir(follower))
  expect(after).toMatchObject({ standing: 'ok', lastIndex: before.lastIndex + 1 })
  expect(persistedBehind(stage, before.lastIndex)).toEqual([])
  const heard = witness.of('progress').filter((event) => event.node === leader && event.peer === follower)
  expect(heard.filter(({ matchIndex }) => matchIndex > before.lastIndex)).toEqual([])
  await heal(stage, fault)
})

test('a leader after its write: what it alone could not commit is not lost to whoever asks again', async () => {
  const stage = await calm()
  const { cluster, leader } = stage
  const before = await inspectNode(cluster.dataDir(leader))
  const fault = cluster.arm(leader, at('after-write'))
  const call = { op: 'append', key: 'list', value: bytes('once;') } as const
  const answer = await cluster.call(call, { timeoutMs: 20_000 })
  await struck(stage, fault)
  expect((await inspectNode(cluster.dataDir(leader))).lastIndex).toBe(before.lastIndex + 1)
  // Its followers had it too, or the client asked again in the same session: either way it happened once.
  expect(answer.outcome).toBe('ok')
  await heal(stage, fault)
  const { value } = await cluster.call({ op: 'get', key: 'list' })
  expect(Buffer.from(value).toString()).toBe('once;')
})

test('a follower before it answers: the answer was never sent, and what it says is on its disk', async () => {
  const stage = await calm()
  const { cluster, follower } = stage
  const before = await inspectNode(cluster.dataDir(follower))
  // Heartbeats are answered as well: the cluster must have something to say to it.
  const fault = cluster.arm(follower, at('before-send', ['AppendEntriesReply']))
  await put(cluster, 'during', 'v')
  const event = await struck(stage, fault)
  expect(JSON.parse(event.detail)).toMatchObject({ message: 'AppendEntriesReply' })
  expect(fateOf(stage, event)).toEqual({ sent: 0, received: 0 })
  const after = await inspectNode(cluster.dataDir(follower))
  expect([before.lastIndex, before.lastIndex + 1]).toContain(after.lastIndex)
  await heal(stage, fault)
})

test('a follower after its third answer: it was told, left, and arrived', async () => {
  const stage = await calm()
  const { cluster, follower } = stage
  const fault = cluster.arm(follower, at('after-send', ['AppendEntriesReply'], 3))
  for (let i = 1; i <= 3; i++) await put(cluster, `during ${i}`, 'v')
  const event = await struck(stage, fault)
  await until('it has arrived', () => fateOf(stage, event).received === 1)
  expect(fateOf(stage, event)).toEqual({ sent: 1, received: 1 })
  await heal(stage, fault)
})

test('whoever dies before it votes has voted on its disk, and gives no other vote in that term', async () => {
  const stage = await calm()
  const { cluster, witness, leader, follower } = stage
  const other = cluster.nodeIds.find((node) => node !== leader && node !== follower) ?? 0
  const voter = cluster.arm(follower, at('before-send', ['RequestVoteReply']))
  await cluster.transferLeadership(other)
  const event = await struck(stage, voter)
  expect(fateOf(stage, event)).toEqual({ sent: 0, received: 0 })
  const { currentTerm, votedFor } = await inspectNode(cluster.dataDir(follower))
  expect(votedFor).toBe(other)
  await heal(stage, voter)
  const votes = witness
    .of('hardState')
    .filter((state) => state.node === follower && state.currentTerm === currentTerm && state.votedFor !== 0)
  expect(new Set(votes.map((state) => state.votedFor))).toEqual(new Set([other]))
})

test('under load, at any of the four points, nothing acknowledged is lost', async () => {
  const stage = await openCluster(3)
  const { cluster } = stage
  await awaitLeader(cluster)
  const load = startLoad(cluster)
  await until('it is written to', () => load.count > 50)
  for (const [round, point] of (['before-write', 'after-write', 'before-send', 'after-send'] as const).entries()) {
    const leader = await awaitLeader(cluster)
    const fault = cluster.arm(leader, at(point, [], 1 + round * 7))
    await struck(stage, fault)
    const { count } = load
    await until('the others take writes', () => load.count > count + 30)
    await cluster.start(leader)
  }
  await load.verify()
  await awaitEqualLogs(cluster)
})
