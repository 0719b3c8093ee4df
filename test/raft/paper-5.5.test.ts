/** Paper §5.5: follower and candidate crashes; §5.6: timing and availability. */
import { describe, expect, test } from 'vitest'
import { Random } from '../sim/random'
import { append, Cluster, ELECTION_TIMEOUT, requestVote, Server } from './support'

describe('§5.5 crashed servers', () => {
  test('crashed follower: entries are sent until it has them', () => {
    const cluster = Cluster.of(3)
    cluster.elect(1)
    cluster.connect(1, 2)
    for (const text of ['a', 'b', 'c']) cluster.propose(1, text)
    for (let beats = 0; beats < 10; beats += 1) cluster.beat(1)
    expect(cluster.server(1).status.commitIndex).toBe(4)
    cluster.heal()
    const restarted = cluster.restart(3)
    cluster.beat(1)
    cluster.beat(1)
    expect(restarted.terms).toEqual([1, 1, 1, 1])
    expect(restarted.status.commitIndex).toBe(4)
    expect(restarted.applied.map(({ data }) => new TextDecoder().decode(data))).toEqual(['', 'a', 'b', 'c'])
  })

  test('crashed candidate: another one is elected, and it comes back as a follower with its term and vote', () => {
    const cluster = Cluster.of(3)
    cluster.server(1).expire()
    cluster.server(1).take()
    cluster.connect(2, 3)
    cluster.elect(2)
    expect(cluster.server(2).status).toMatchObject({ role: 'leader', currentTerm: 1 })
    const restarted = cluster.restart(1)
    expect(restarted.status).toMatchObject({ role: 'follower', currentTerm: 1, votedFor: 1 })
    cluster.heal()
    cluster.beat(2)
    expect(restarted.status).toMatchObject({ role: 'follower', leader: 2 })
  })

  test('crashed leader: what it had committed survives, what only it had goes', () => {
    const cluster = Cluster.of(3)
    cluster.elect(1)
    cluster.propose(1, 'kept')
    cluster.connect(1)
    cluster.propose(1, 'alone')
    cluster.connect(2, 3)
    cluster.elect(2)
    cluster.propose(2, 'new')
    const restarted = cluster.restart(1)
    expect(restarted.status.lastIndex).toBe(3)
    cluster.heal()
    cluster.beat(2)
    cluster.beat(2)
    expect(restarted.terms).toEqual([1, 1, 2, 2])
    expect(restarted.applied).toEqual(cluster.server(2).applied)
  })

  describe('a peer that can be reached again is asked again', () => {
    test('by a pre-candidate and by a candidate, for what it has not answered', () => {
      const server = new Server({ preVote: true })
      server.expire()
      server.take()
      server.step({ type: 'reachable', peer: 3 })
      expect(server.take()).toMatchObject([{ type: 'RequestPreVote', to: 3, term: 1 }])
      server.receive({ type: 'RequestPreVoteReply', from: 2, to: 1, term: 1, voteGranted: true })
      server.take()
      server.step({ type: 'reachable', peer: 3 })
      expect(server.take()).toMatchObject([{ type: 'RequestVote', to: 3, term: 1, transfer: false }])
    })

    test('but not for an answer that is there, nor by anybody else', () => {
      const server = new Server({ voters: [1, 2, 3, 4, 5] })
      server.step({ type: 'reachable', peer: 2 })
      expect(server.take()).toEqual([])
      server.expire()
      server.receive({ type: 'RequestVoteReply', from: 2, to: 1, term: 1, voteGranted: true })
      server.take()
      server.step({ type: 'reachable', peer: 2 })
      server.step({ type: 'reachable', peer: 9 })
      expect(server.take()).toEqual([])
    })
  })

  describe('lost response: idempotent retry', () => {
    test('AppendEntries', () => {
      const server = new Server()
      const request = append({ terms: [1, 1], leaderCommit: 1 })
      server.receive(request)
      const first = server.reply('AppendEntriesReply')
      const effects = server.receive(request)
      expect(server.reply('AppendEntriesReply')).toEqual(first)
      expect(effects.write).toBeUndefined()
      expect(effects.committed).toEqual([])
      expect(server.remarks).toContain('append-duplicate')
    })

    test('RequestVote', () => {
      const server = new Server()
      server.receive(requestVote())
      const first = server.reply('RequestVoteReply')
      const effects = server.receive(requestVote())
      expect(server.reply('RequestVoteReply')).toEqual(first)
      expect(first.voteGranted).toBe(true)
      expect(effects.write).toBeUndefined()
    })
  })
})

describe('§5.6 timing requirement', () => {
  /** Five servers with messages that take no time, for `count` timers; returns how many elections were begun. */
  function run(heartbeatInterval: number, count: number): number {
    const random = new Random(3)
    const cluster = Cluster.of(5, { heartbeatInterval, random: random.next })
    for (let i = 0; i < count; i += 1) {
      const servers = [...cluster.servers.values()]
      const next = servers.reduce((a, b) => (b.status.deadline < a.status.deadline ? b : a))
      for (const server of servers) server.now = next.status.deadline
      cluster.elect(next.id)
    }
    return Math.max(...[...cluster.servers.values()].map(({ status }) => status.currentTerm))
  }

  test('heartbeats well within the election timeout: one leader for good', () => {
    expect(run(ELECTION_TIMEOUT / 5, 2000)).toBe(1)
  })

  test('heartbeats slower than the election timeout: leaders keep falling', () => {
    expect(run(ELECTION_TIMEOUT * 3, 200)).toBeGreaterThan(50)
  })
})
