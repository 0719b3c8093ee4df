import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import type { LinkRule } from '../../main/node/contract/conditions'
import { messageJson } from '../../main/node/contract/message-schema'
import type { Message } from '../../main/raft/types'
import {
  awaitEqualLogs,
  awaitLeader,
  bytes,
  faultsOf,
  type HeldMessage,
  heldBy,
  logOf,
  openCluster,
  put,
  STEADY,
  until,
  type Witness,
} from '../support/cluster'

/** Nobody asks whether a leader was heard lately: elections are those of the paper. */
const PLAIN = { preVote: false, checkQuorum: false, quiescence: false } as const
const HOLD_APPENDS: LinkRule = { messages: ['AppendEntries'], action: { type: 'hold' } }
const code = (wanted: string) => expect.objectContaining({ code: wanted })

/** Waits until what is held, as "1>2 RequestVote", is this; returns it. */
async function awaitHeld(witness: Witness, wanted: readonly string[]): Promise<readonly HeldMessage[]> {
  const sorted = [...wanted].sort()
  return await until(`held: ${wanted.join(', ')}`, () => {
    const held = heldBy(witness)
    const spelled = held.map(({ from, to, message }) => `${from}>${to} ${message}`)
    return JSON.stringify(spelled.sort()) === JSON.stringify(sorted) && held
  })
}

async function release(cluster: Cluster, held: readonly HeldMessage[], which: Partial<HeldMessage>): Promise<void> {
  const wanted = Object.entries(which)
  const found = held.find((one) => wanted.every(([key, value]) => one[key as keyof HeldMessage] === value))
  await cluster.release(found!)
}

/** Drops what is held until no message is under way: each that was sent has come to its end. */
async function dropAll(cluster: Cluster, witness: Witness): Promise<void> {
  const nameOf = (from: number, to: number, id: number) => `${from}>${to} ${id}`
  await until('no message is under way', async () => {
    for (const held of heldBy(witness)) await cluster.dropHeld(held)
    const ended = new Set([
      ...witness.of('received').map(({ peer, node, id }) => nameOf(peer, node, id)),
      ...witness.of('dropped').map(({ sender, receiver, id }) => nameOf(sender, receiver, id)),
    ])
    return witness.of('sent').every(({ node, peer, id }) => ended.has(nameOf(node, peer, id)))
  })
}

test('an election and a replication round, one message at a time, while time stands', async () => {
  const { cluster, witness } = await openCluster(3, { ...PLAIN, ...STEADY })
  await awaitLeader(cluster)
  await awaitEqualLogs(cluster)
  for (const node of cluster.nodeIds) cluster.setClock(node, { mode: 'manual', rate: 1 })
  const fault = cluster.preset('hold-all')
  await cluster.inForce()
  await until('every clock stands', () => witness.of('clock').length === 3)
  for (const { from, to } of cluster.nodeIds.flatMap((from) => cluster.nodeIds.map((to) => ({ from, to })))) {
    if (from !== to) expect(cluster.rulesOf(from, to).rules).toEqual([{ messages: [], action: { type: 'hold' } }])
  }
  await dropAll(cluster, witness)
  const before = witness.leader!
  const old = before.leader

  const [candidate, voter] = cluster.nodeIds.filter((node) => node !== old) as [number, number]
  await cluster.fire(candidate)
  let held = await awaitHeld(witness, [`${candidate}>${voter} RequestVote`, `${candidate}>${old} RequestVote`])
  await release(cluster, held, { to: voter })
  held = await awaitHeld(witness, [`${candidate}>${old} RequestVote`, `${voter}>${candidate} RequestVoteReply`])
  expect(witness.leader).toEqual(before)
  await release(cluster, held, { message: 'RequestVoteReply' })
  await until('it leads', () => witness.leader?.leader === candidate)
  expect(witness.leader?.term).toBe(before.term + 1)
  const appends = [`${candidate}>${voter} AppendEntries`, `${candidate}>${old} AppendEntries`]
  held = await awaitHeld(witness, [`${candidate}>${old} RequestVote`, ...appends])
  // Its own entry is committed with one answer; the old leader has not heard of any of this.
  const commits = () => witness.of('committed').filter((event) => event.node === candidate && event.by === 'counted')
  const committed = commits().length
  await release(cluster, held, { to: voter, message: 'AppendEntries' })
  held = await awaitHeld(witness, [
    `${candidate}>${old} RequestVote`,
    `${candidate}>${old} AppendEntries`,
    `${voter}>${candidate} AppendEntriesReply`,
  ])
  expect(commits()).toHaveLength(committed)
  await release(cluster, held, { message: 'AppendEntriesReply' })
  await until('the entry is committed', () => commits().length > committed)
  const lastTermOf = (node: number) => witness.of('hardState').findLast((event) => event.node === node)?.currentTerm
  expect(lastTermOf(old)).toBe(before.term)
  expect(lastTermOf(candidate)).toBe(before.term + 1)

  await cluster.endFault(fault)
  expect(await cluster.healAll()).toEqual([])
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  await awaitHeld(witness, [])
})

/** A leader, and a follower that gets its AppendEntries by hand only; the third one keeps the cluster going. */
async function byHand() {
  const { cluster, witness } = await openCluster(3, { ...PLAIN, electionTimeoutMs: 2000, heartbeatMs: 500 })
  const leader = await awaitLeader(cluster)
  const follower = cluster.nodeIds.find((node) => node !== leader)!
  await put(cluster, 'before', 'v')
  await awaitEqualLogs(cluster)
  // Time stands for the follower: it does not mind that it hears nothing.
  cluster.setClock(follower, { mode: 'manual', rate: 1 })
  cluster.condition([{ from: leader, to: follower }], [HOLD_APPENDS], 0)
  await cluster.inForce()
  await put(cluster, 'k', 'v')
  const entries = () =>
    witness
      .of('sent')
      .filter((event) => event.node === leader && event.peer === follower && event.count > 0)
      .map(({ id }) => id)
  const find = () => heldBy(witness).filter(({ id }) => entries().includes(id))
  const message = await until('an entry is held', () => find()[0])
  return { cluster, witness, leader, follower, message }
}

test('a duplicated and reordered AppendEntries changes nothing', async () => {
  const { cluster, witness, leader, follower, message } = await byHand()
  const place = heldBy(witness).findIndex(({ id }) => id === message.id)
  const copy = { ...message, id: await cluster.duplicateHeld(message) }
  expect(copy.id).toBeLessThan(0)
  await until('the copy is held right behind', () => heldBy(witness)[place + 1]?.id === copy.id)
  await cluster.moveHeld(copy, 0)
  await until('the copy is the first', () => heldBy(witness)[0]?.id === copy.id)

  await cluster.release(copy)
  await until(
    'the entry is in the log',
    async () => (await logOf(cluster, follower)).length === (await logOf(cluster, leader)).length,
  )
  const log = await logOf(cluster, follower)
  await cluster.release(message)
  await until('it is known already', () =>
    witness.of('remark').some((event) => event.node === follower && event.name === 'append-duplicate'),
  )
  expect(await logOf(cluster, follower)).toEqual(log)
  const mine = <T extends { readonly node: number }>(events: readonly T[]) =>
    events.filter(({ node }) => node === follower)
  expect(mine(witness.of('copied'))).toMatchObject([{ id: message.id, copy: copy.id, by: 'hand' }])
  expect(mine(witness.of('released')).map(({ id, how }) => ({ id, how }))).toEqual([
    { id: copy.id, how: 'delivered' },
    { id: message.id, how: 'delivered' },
  ])
  expect(mine(witness.of('truncated'))).toEqual([])

  const count = heldBy(witness).length
  expect(await cluster.releaseAll([{ from: leader, to: follower }])).toBeGreaterThanOrEqual(count)
  await cluster.healAll()
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
})

test('an edited message is what the follower gets; one that no peer could say is refused', async () => {
  const { cluster, witness, leader, follower, message } = await byHand()
  const sent = witness.of('sent').find((event) => event.node === leader && event.id === message.id)!
  const original: Message = {
    type: 'AppendEntries',
    from: leader,
    to: follower,
    term: sent.term,
    prevLogIndex: sent.index,
    prevLogTerm: sent.logTerm,
    entries: [],
    leaderCommit: sent.commit,
    round: sent.round,
    quiesce: false,
  }
  const json = messageJson(original)
  await expect(cluster.editHeld(message, { ...json, type: 'TimeoutNow' })).rejects.toThrow(code('message-invalid'))
  await expect(cluster.editHeld(message, { ...json, term: -1 })).rejects.toThrow(code('message-invalid'))
  await expect(cluster.editHeld(message, { ...json, prevLogTerm: sent.term + 1 })).rejects.toThrow(
    code('message-invalid'),
  )
  await expect(cluster.editHeld(message, 'nonsense')).rejects.toThrow(code('message-invalid'))
  await expect(cluster.editHeld(message, { ...json, to: leader })).rejects.toThrow(code('message-invalid'))
  expect(heldBy(witness).map(({ id }) => id)).toContain(message.id)

  await cluster.editHeld(message, { ...json, prevLogIndex: sent.index + 5 })
  await until('the follower finds that its log does not reach there', () =>
    witness.of('remark').some((event) => event.node === follower && event.name === 'append-refused-gap'),
  )
  expect(witness.of('released').at(-1)).toMatchObject({ node: follower, id: message.id, how: 'edited' })
  await cluster.healAll()
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
})

test('what is held is let go with its last rule, and is gone with its receiver; acts on what is not there are refused', async () => {
  const { cluster, witness, leader, follower, message } = await byHand()
  await expect(cluster.release({ ...message, id: message.id + 1_000_000 })).rejects.toThrow(code('held-unknown'))
  await expect(cluster.dropHeld({ from: follower, to: leader, id: 1 })).rejects.toThrow(code('held-unknown'))
  await expect(cluster.release({ ...message, to: 9 })).rejects.toThrow(code('node-unknown'))
  await expect(cluster.moveHeld(message, -1)).rejects.toThrow(code('fault-invalid'))
  await cluster.halt()
  await expect(cluster.release(message)).rejects.toThrow(code('cluster-stopped'))
  await cluster.continue()

  // A cut in front of the rule keeps what is held.
  cluster.block(leader, follower)
  await until('more is dropped', () => witness.of('dropped').some((event) => event.node === follower))
  expect(heldBy(witness).map(({ id }) => id)).toContain(message.id)
  cluster.heal(leader, follower)
  await until('all of it is let go', () => heldBy(witness).length === 0)
  expect(witness.of('released').find((event) => event.id === message.id)).toMatchObject({ how: 'delivered' })
  await awaitEqualLogs(cluster)

  cluster.condition([{ from: leader, to: follower }], [HOLD_APPENDS], 0)
  await cluster.inForce()
  await put(cluster, 'k2', 'v')
  await until('something is held again', () => heldBy(witness).length > 0)
  const [gone] = heldBy(witness)
  await cluster.kill(follower)
  await expect(cluster.release(gone!)).rejects.toThrow(code('node-state'))
  await cluster.start(follower)
  await expect(cluster.release(gone!)).rejects.toThrow(code('held-unknown'))
  expect(faultsOf(witness).filter((line) => line.includes('links'))).toEqual([
    'begin links 2',
    'end links 2',
    'begin links 4',
  ])
  await cluster.healAll()
  const { outcome } = await cluster.call({ op: 'append', key: 'k', value: bytes('!') }, { timeoutMs: 10_000 })
  expect(outcome).toBe('ok')
})
