/** Paper §8 and dissertation §6.4: linearizable reads without an entry. */
import { describe, expect, test } from 'vitest'
import { LEASE_FRACTION } from '../../main/raft/reads'
import { append, appended, Cluster, ELECTION_TIMEOUT, type Given, HEARTBEAT, requestVote, Server } from './support'

function leader(given: Given = {}): Server {
  const server = new Server(given).lead()
  server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 1 }))
  server.take()
  return server
}

function read(server: Server, id = 1, by: 'index' | 'lease' = 'index'): void {
  server.step({ type: 'read', id, by })
}

const round = (server: Server) => server.take().flatMap((each) => (each.type === 'AppendEntries' ? [each.round] : []))

describe('ReadIndex on the leader', () => {
  test('a read is answered after a majority has answered a round that began after it', () => {
    const server = leader()
    read(server)
    expect(server.reads).toEqual([])
    expect(round(server)).toEqual([2, 2])
    server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 1 }))
    expect(server.reads).toEqual([])
    server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 2 }))
    expect(server.reads).toEqual([{ id: 1, ok: true, index: 1 }])
  })

  test('a refusal of entries is an answer as well: the follower follows this leader', () => {
    const server = leader()
    read(server)
    server.receive(appended({ from: 3, term: 1, success: false, conflictIndex: 1, round: 2 }))
    expect(server.reads).toMatchObject([{ ok: true }])
  })

  test('before the first commit of the term it waits (etcd#7331)', () => {
    const server = new Server({ log: [1, 1], term: 1 }).lead()
    read(server)
    expect(server.remarks).toContain('read-waits-for-own-term')
    server.receive(appended({ from: 2, term: 2, matchIndex: 2, round: 1 }))
    expect(server.reads).toEqual([])
    server.receive(appended({ from: 2, term: 2, matchIndex: 3, round: 1 }))
    expect(server.reads).toEqual([])
    server.receive(appended({ from: 2, term: 2, matchIndex: 3, round: 2 }))
    expect(server.reads).toEqual([{ id: 1, ok: true, index: 3 }])
  })

  test('reads that come while a round is under way share the next one', () => {
    const server = leader()
    for (const id of [1, 2, 3, 4]) read(server, id)
    expect(round(server)).toEqual([2, 2])
    server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 2 }))
    expect(server.reads.map(({ id }) => id)).toEqual([1])
    expect(round(server)).toEqual([3, 3])
    server.receive(appended({ from: 3, term: 1, matchIndex: 1, round: 3 }))
    expect(server.reads.map(({ id }) => id)).toEqual([1, 2, 3, 4])
  })

  test('a single voter needs nobody', () => {
    const server = new Server({ voters: [1] }).lead()
    read(server)
    expect(server.reads).toEqual([{ id: 1, ok: true, index: 1 }])
  })

  test('a leader that was replaced without knowing it answers nothing', () => {
    const cluster = Cluster.of(3)
    const old = cluster.elect(1)
    cluster.beat(1)
    cluster.connect(2, 3)
    cluster.elect(2)
    cluster.propose(2, 'new')
    read(old)
    cluster.deliver()
    expect(old.reads).toEqual([])
    cluster.heal()
    cluster.beat(2)
    expect(old.reads).toEqual([{ id: 1, ok: false, reason: 'leader-changed', leader: 2 }])
  })
})

describe('ReadIndex on a follower', () => {
  test('it asks the leader, and answers at the index it hears', () => {
    const cluster = Cluster.of(3)
    cluster.elect(1)
    cluster.propose(1, 'x')
    read(cluster.server(2))
    cluster.deliver()
    expect(cluster.server(2).reads).toEqual([{ id: 1, ok: true, index: 2 }])
    // The same round told it what is committed, so it need not wait for the next heartbeat.
    expect(cluster.server(2).status.commitIndex).toBe(2)
  })

  test('without a leader it says so at once', () => {
    const server = new Server()
    read(server)
    expect(server.reads).toEqual([{ id: 1, ok: false, reason: 'no-leader', leader: 0 }])
  })

  test('a lost question is asked again with the next heartbeat', () => {
    const server = new Server({ term: 1 })
    server.receive(append())
    read(server)
    const [first] = server.take().filter(({ type }) => type === 'ReadIndex')
    server.now += HEARTBEAT
    server.receive(append())
    expect(server.take()).toContainEqual(first)
  })

  test('another leader: the read is not answered any more (etcd#20418)', () => {
    const server = new Server({ term: 1 })
    server.receive(append())
    read(server)
    const asked = server.take().find((each) => each.type === 'ReadIndex')!
    server.receive(append({ from: 3, term: 2 }))
    expect(server.reads).toEqual([{ id: 1, ok: false, reason: 'leader-changed', leader: 3 }])
    // What the old leader says, or the new one about the old question, finds nobody waiting.
    const answer = { type: 'ReadIndexReply', from: 3, to: 1, term: 2, context: asked.context, index: 7 } as const
    server.receive(answer)
    expect(server.reads).toHaveLength(1)
  })

  test('contexts of two lives of a server differ: an answer to the first is none to the second (etcd#20418)', () => {
    let drawn = 0
    const random = () => (drawn += 0.01)
    const contexts = new Set<number>()
    let server = new Server({ term: 1, random })
    for (let life = 0; life < 5; life += 1, server = server.restart()) {
      server.receive(append())
      read(server)
      for (const each of server.take()) if (each.type === 'ReadIndex') contexts.add(each.context)
    }
    expect(contexts.size).toBe(5)
  })

  test('when no leader is heard any more it is given up', () => {
    const server = new Server({ term: 1 })
    server.receive(append())
    read(server)
    server.expire()
    expect(server.reads).toMatchObject([{ ok: false, reason: 'leader-changed' }])
  })
})

describe('lease reads (dissertation §6.4.1)', () => {
  const leases = { leaseReads: true, checkQuorum: true } as const

  test('within the lease nobody is asked', () => {
    const server = leader(leases)
    read(server, 1, 'lease')
    expect(server.reads).toEqual([{ id: 1, ok: true, index: 1 }])
    expect(server.take()).toEqual([])
  })

  test('the lease begins when the answered round began, not when the answer came', () => {
    const server = leader(leases)
    server.expire()
    const began = server.now
    server.now += 50
    server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 2 }))
    server.now = began + ELECTION_TIMEOUT * LEASE_FRACTION - 1
    read(server, 1, 'lease')
    expect(server.reads).toHaveLength(1)
    server.now += 1
    read(server, 2, 'lease')
    expect(server.reads).toHaveLength(1)
  })

  test('it is over when TimeoutNow is sent (tikv#1593, raft-rs#234)', () => {
    const server = leader(leases)
    server.step({ type: 'transfer', id: 9, target: 2 })
    expect(server.take().map(({ type }) => type)).toContain('TimeoutNow')
    read(server, 1, 'lease')
    expect(server.reads).toEqual([])
  })

  test('switched off, or without CheckQuorum, it is an index read', () => {
    for (const given of [{ leaseReads: true }, { checkQuorum: true }]) {
      const server = leader(given)
      read(server, 1, 'lease')
      expect(server.reads).toEqual([])
    }
  })

  test('after a restart nobody votes for an election timeout: the lease that was forgotten may still hold', () => {
    const server = new Server({ ...leases, term: 1 })
    server.receive(requestVote({ term: 2 }))
    expect(server.take()).toEqual([])
    server.now += ELECTION_TIMEOUT
    server.receive(requestVote({ term: 2 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(true)
  })
})
