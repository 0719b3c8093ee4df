/** Dissertation §9.6 (PreVote) and §6.2, §4.2.3 (CheckQuorum and the lease of a heard leader). */
import { describe, expect, test } from 'vitest'
import {
  append,
  appended,
  Cluster,
  ELECTION_TIMEOUT,
  HEARTBEAT,
  preVote,
  requestPreVote,
  requestVote,
  Server,
  vote,
} from './support'

describe('PreVote', () => {
  test('a server asks before it stands, and its term does not change by asking', () => {
    const server = new Server({ preVote: true, log: [1, 1] })
    server.expire()
    expect(server.status).toMatchObject({ role: 'pre-candidate', currentTerm: 1, votedFor: 0 })
    expect(server.take()).toMatchObject([
      { type: 'RequestPreVote', to: 2, term: 2, lastLogIndex: 2, lastLogTerm: 1 },
      { type: 'RequestPreVote', to: 3, term: 2, lastLogIndex: 2, lastLogTerm: 1 },
    ])
  })

  test('with the promise of a majority it stands', () => {
    const server = new Server({ preVote: true })
    server.expire()
    server.take()
    server.receive(preVote())
    expect(server.status).toMatchObject({ role: 'candidate', currentTerm: 1, votedFor: 1 })
    expect(server.take()).toMatchObject([{ type: 'RequestVote' }, { type: 'RequestVote' }])
  })

  test('a single voter need not ask anybody', () => {
    const server = new Server({ voters: [1], preVote: true })
    server.expire()
    expect(server.status).toMatchObject({ role: 'leader', currentTerm: 1 })
  })

  test('an isolated server asks again and again, and its term stays: it does not disturb when it returns', () => {
    const cluster = Cluster.of(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.connect(1, 2)
    for (let round = 0; round < 5; round += 1) {
      cluster.server(3).expire()
      cluster.deliver()
    }
    expect(cluster.server(3).status).toMatchObject({ role: 'pre-candidate', currentTerm: 1 })
    cluster.heal()
    cluster.beat(1)
    expect(cluster.server(3).status).toMatchObject({ role: 'follower', leader: 1, currentTerm: 1 })
    expect(cluster.server(1).status).toMatchObject({ role: 'leader', currentTerm: 1 })
  })

  test('without it the isolated server inflates its term and deposes the leader', () => {
    const cluster = Cluster.of(3)
    cluster.elect(1)
    cluster.connect(1, 2)
    for (let round = 0; round < 5; round += 1) {
      cluster.server(3).expire()
      cluster.deliver()
    }
    expect(cluster.server(3).status.currentTerm).toBe(6)
    cluster.heal()
    cluster.beat(1)
    expect(cluster.server(1).status).toMatchObject({ role: 'follower', currentTerm: 6 })
  })

  test('who hears a leader does not promise anything', () => {
    const server = new Server({ preVote: true, term: 1 })
    server.receive(append({ term: 1, from: 2 }))
    server.take()
    server.now += ELECTION_TIMEOUT - 1
    server.receive(requestPreVote({ from: 3, term: 2 }))
    expect(server.reply('RequestPreVoteReply')).toMatchObject({ voteGranted: false, term: 1 })
    server.now += 1
    server.receive(requestPreVote({ from: 3, term: 2 }))
    expect(server.reply('RequestPreVoteReply')).toMatchObject({ voteGranted: true, term: 2 })
    expect(server.status).toMatchObject({ currentTerm: 1, votedFor: 0 })
  })

  test('a promise needs an up-to-date log (§5.4.1)', () => {
    const server = new Server({ preVote: true, log: [1, 2] })
    server.receive(requestPreVote({ term: 3, lastLogIndex: 9, lastLogTerm: 1 }))
    expect(server.reply('RequestPreVoteReply')).toMatchObject({ voteGranted: false, term: 2 })
  })

  test('a promise of another term does not count', () => {
    const server = new Server({ preVote: true, term: 4 })
    server.expire()
    server.receive(preVote({ term: 4 }))
    server.receive(preVote({ term: 6 }))
    expect(server.status).toMatchObject({ role: 'pre-candidate', currentTerm: 4 })
  })

  test('a leader that is found ends the asking', () => {
    const server = new Server({ preVote: true, term: 1 })
    server.expire()
    server.receive(append({ term: 1 }))
    server.receive(preVote({ from: 3, term: 2 }))
    expect(server.status).toMatchObject({ role: 'follower', leader: 2, currentTerm: 1 })
  })
})

describe('CheckQuorum', () => {
  test('a leader without answers from a majority for an election timeout steps down', () => {
    const server = new Server({ checkQuorum: true }).lead()
    for (let time = HEARTBEAT; time < ELECTION_TIMEOUT; time += HEARTBEAT) server.expire()
    expect(server.status.role).toBe('leader')
    server.expire()
    expect(server.status).toMatchObject({ role: 'follower', leader: 0, currentTerm: 1, votedFor: 1 })
    expect(server.observations).toContainEqual(
      expect.objectContaining({ kind: 'role', role: 'follower', reason: 'lost-quorum' }),
    )
  })

  test('one answer in three is a majority with its own', () => {
    const server = new Server({ checkQuorum: true }).lead()
    for (let beat = 0; beat < 20; beat += 1) {
      server.expire()
      server.receive(appended({ from: 2, term: 1, success: false, conflictIndex: 1 }))
    }
    expect(server.status.role).toBe('leader')
  })

  test('without it a leader cut off leads on', () => {
    const server = new Server().lead()
    for (let beat = 0; beat < 20; beat += 1) server.expire()
    expect(server.status.role).toBe('leader')
  })

  test('who hears a leader disregards candidates of later terms: a removed server does not disturb', () => {
    const server = new Server({ checkQuorum: true, term: 1 })
    server.receive(append({ term: 1, from: 2 }))
    server.take()
    server.receive(requestVote({ from: 3, term: 7 }))
    expect(server.status).toMatchObject({ currentTerm: 1, leader: 2 })
    expect(server.take()).toEqual([])
    expect(server.remarks).toContain('vote-refused-lease')
    server.now += ELECTION_TIMEOUT
    server.receive(requestVote({ from: 3, term: 7 }))
    expect(server.reply('RequestVoteReply')).toMatchObject({ voteGranted: true, term: 7 })
  })

  test('except when the leader itself asked for the election (dissertation §3.10)', () => {
    const server = new Server({ checkQuorum: true, term: 1 })
    server.receive(append({ term: 1, from: 2 }))
    server.take()
    server.receive(requestVote({ from: 3, term: 2, transfer: true }))
    expect(server.reply('RequestVoteReply')).toMatchObject({ voteGranted: true, term: 2 })
  })

  test('a leader disregards them too', () => {
    const server = new Server({ checkQuorum: true }).lead()
    server.receive(requestVote({ from: 3, term: 7 }))
    expect(server.status).toMatchObject({ role: 'leader', currentTerm: 1 })
  })

  test('a slow disk is no silence: a heartbeat is answered before the disk has the entries before it', () => {
    const server = new Server({ checkQuorum: true, term: 1, disk: 'manual' })
    server.receive(append({ term: 1, terms: [1, 1] }))
    expect(server.take()).toEqual([])
    server.receive(append({ term: 1, prevLogIndex: 2, prevLogTerm: 1, round: 9 }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 0, round: 9 })
    server.persist()
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 2 })
  })
})

test('votes are still counted one by one after the promises', () => {
  const server = new Server({ voters: [1, 2, 3, 4, 5], preVote: true })
  server.expire()
  server.receive(preVote({ from: 2 }))
  server.receive(preVote({ from: 3 }))
  expect(server.status.role).toBe('candidate')
  server.receive(vote({ from: 2 }))
  expect(server.status.role).toBe('candidate')
  server.receive(vote({ from: 4 }))
  expect(server.status.role).toBe('leader')
})
