/** Dissertation §3.10: leadership transfer; and election priorities, which use it. */
import { describe, expect, test } from 'vitest'
import { configurationOf } from '../../main/raft'
import { append, appended, Cluster, ELECTION_TIMEOUT, type Given, Server } from './support'

function leader(given: Given = {}): Server {
  const server = new Server(given).lead()
  for (const { peer } of server.status.progress) server.receive(appended({ from: peer, term: 1, matchIndex: 1 }))
  server.take()
  return server
}

const transfer = (server: Server, target = 0) => server.step({ type: 'transfer', id: 3, target })
const timeoutNow = { type: 'TimeoutNow', from: 2, to: 1, term: 1 } as const

describe('transfer', () => {
  test('the target stands at once, and wins in spite of PreVote and leases', () => {
    const cluster = Cluster.of(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.beat(1)
    transfer(cluster.server(1), 3)
    cluster.deliver()
    expect(cluster.server(3).status).toMatchObject({ role: 'leader', currentTerm: 2 })
    expect(cluster.server(1).status).toMatchObject({ role: 'follower', leader: 3 })
    expect(cluster.server(1).requests).toEqual([{ id: 3, ok: true, index: 0 }])
    expect(cluster.server(3).observations).toContainEqual(
      expect.objectContaining({ kind: 'role', role: 'candidate', reason: 'told-by-leader' }),
    )
  })

  test('it is told only when it has everything (redpanda#2606), and nothing new is taken meanwhile', () => {
    const server = leader()
    server.propose('x')
    server.take()
    transfer(server, 2)
    expect(server.take()).toEqual([])
    server.propose('y', 8)
    expect(server.proposals.at(-1)).toMatchObject({ id: 8, accepted: false, reason: 'transferring' })
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.take().map(({ type }) => type)).not.toContain('TimeoutNow')
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(server.take()).toContainEqual({ type: 'TimeoutNow', from: 1, to: 2, term: 1 })
  })

  test('without a target the one that is furthest in the log', () => {
    const server = leader()
    server.propose('x')
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    transfer(server)
    expect(server.status.transferTarget).toBe(3)
  })

  test('a target that does not take over within an election timeout: the leader leads on', () => {
    const server = leader()
    transfer(server, 2)
    const began = server.now
    while (server.now < began + ELECTION_TIMEOUT) server.expire()
    expect(server.status).toMatchObject({ role: 'leader', transferTarget: 0 })
    expect(server.requests).toEqual([{ id: 3, ok: false, reason: 'timed-out', node: 2, leader: 1 }])
    server.propose('x', 8)
    expect(server.proposals.at(-1)).toMatchObject({ accepted: true })
  })

  test('a heartbeat that arrives after TimeoutNow does not hold the target back (canonical/raft#203)', () => {
    const server = new Server({ term: 1, preVote: true, checkQuorum: true })
    server.receive(append())
    server.receive(timeoutNow)
    server.receive(append())
    expect(server.status).toMatchObject({ role: 'candidate', currentTerm: 2, votedFor: 1 })
  })

  test('TimeoutNow of a term that is over, or for a server that may not lead, is ignored', () => {
    const late = new Server({ term: 2 })
    late.receive(timeoutNow)
    expect(late.status).toMatchObject({ role: 'follower', currentTerm: 2 })
    const learner = new Server({ term: 1, bootstrap: configurationOf([2, 3], { learners: [1] }) })
    learner.receive(timeoutNow)
    expect(learner.status).toMatchObject({ role: 'learner', currentTerm: 1 })
  })

  test.each<[string, Given, number, object]>([
    ['an unknown node', {}, 9, { reason: 'unknown-node', node: 9 }],
    ['itself', {}, 1, { reason: 'already-leader' }],
    ['a learner', { bootstrap: configurationOf([1, 2, 3], { learners: [4] }) }, 4, { reason: 'not-a-voter', node: 4 }],
    ['a witness', { bootstrap: configurationOf([1, 2, 3], { witnesses: [3] }) }, 3, { reason: 'witness', node: 3 }],
  ])('to %s: refused', (_, given, target, expected) => {
    const server = leader(given)
    transfer(server, target)
    expect(server.requests).toMatchObject([{ ok: false, ...expected }])
    expect(server.status.transferTarget).toBe(0)
  })

  test('to a dead node, or one far behind: refused', () => {
    const server = leader({ maxCatchUpLag: 2 })
    for (let i = 0; i < 4; i += 1) server.propose()
    transfer(server, 2)
    expect(server.requests).toMatchObject([{ ok: false, reason: 'target-behind', node: 2 }])
    server.now += ELECTION_TIMEOUT
    transfer(server, 3)
    expect(server.requests[1]).toMatchObject({ ok: false, reason: 'target-unreachable', node: 3 })
    transfer(server)
    expect(server.requests[2]).toMatchObject({ ok: false, reason: 'target-unreachable', node: 0 })
  })

  test('by somebody who does not lead: refused with the leader', () => {
    const server = new Server({ term: 1 })
    server.receive(append())
    transfer(server, 3)
    expect(server.requests).toMatchObject([{ ok: false, reason: 'not-leader', leader: 2 }])
  })

  test('together with a membership change that is not committed yet', () => {
    const cluster = Cluster.of(3, { preVote: true, checkQuorum: true, catchUpCheck: false })
    cluster.elect(1)
    cluster.beat(1)
    cluster.server(1).step({ type: 'change', id: 1, changes: [{ node: 3, role: 'learner' }], mode: 'joint' })
    transfer(cluster.server(1), 2)
    cluster.deliver()
    expect(cluster.server(2).status.role).toBe('leader')
    cluster.beat(2)
    expect(cluster.server(2).status.configuration).toEqual(configurationOf([1, 2], { learners: [3] }))
  })
})

describe('election priority', () => {
  const priorities = new Map([
    [1, 1],
    [2, 5],
    [3, 0],
  ])

  test('who has a lower one waits longer', () => {
    expect(new Server({ id: 2, priorities, term: 1 }).status.deadline).toBe(1.5 * ELECTION_TIMEOUT)
    expect(new Server({ id: 1, priorities, term: 1 }).status.deadline).toBe(2.5 * ELECTION_TIMEOUT)
  })

  test('with 0 it never stands', () => {
    const server = new Server({ id: 3, priorities })
    expect(server.status.deadline).toBe(Number.POSITIVE_INFINITY)
  })

  test('a leader hands over to a higher one that has caught up', () => {
    const cluster = Cluster.of(3, { priorities, preVote: true, checkQuorum: true })
    cluster.elect(1)
    for (let beat = 0; beat < 4; beat += 1) if (cluster.server(1).status.role === 'leader') cluster.beat(1)
    expect(cluster.server(2).status).toMatchObject({ role: 'leader', currentTerm: 2 })
    cluster.beat(2)
    cluster.beat(2)
    expect(cluster.server(2).status.role).toBe('leader')
  })
})
