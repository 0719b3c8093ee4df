/** Bugs that real implementations had, by their number in the project's list, and what shows that this core has not. */
import { describe, expect, test } from 'vitest'
import { InvariantViolation } from '../../main/raft'
import { append, appended, requestVote, Server, vote } from './support'

describe('2: counting copies of an old-term entry (logcabin#44, NATS #7955)', () => {
  test('even a copy on every server does not commit', () => {
    const server = new Server({ log: [1, 1], term: 1 }).lead()
    for (const from of [2, 3]) server.receive(appended({ from, term: 2, matchIndex: 2 }))
    expect(server.status.commitIndex).toBe(0)
  })
})

describe('11: term and vote persisted apart (hashicorp/raft#661)', () => {
  test('one write carries both, with the candidate in it', () => {
    const server = new Server({ disk: 'manual' })
    const { write } = server.receive(requestVote({ term: 7 }))
    expect(write).toEqual({ number: 1, entries: [], hardState: { currentTerm: 7, votedFor: 2 } })
  })

  test('a crash before the disk has the vote: it was never told, so it may be given again', () => {
    const server = new Server({ disk: 'manual' })
    server.receive(requestVote({ term: 7 }))
    expect(server.take()).toEqual([])
    const restarted = server.restart()
    restarted.receive(requestVote({ term: 7, from: 3 }))
    restarted.persist()
    expect(restarted.reply('RequestVoteReply')).toMatchObject({ to: 3, voteGranted: true })
  })

  test('a crash after: it is kept', () => {
    const server = new Server()
    server.receive(requestVote({ term: 7 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(true)
    const restarted = server.restart()
    restarted.receive(requestVote({ term: 7, from: 3 }))
    expect(restarted.reply('RequestVoteReply').voteGranted).toBe(false)
  })

  test('a repeated request while the vote is being written is not answered early', () => {
    const server = new Server({ disk: 'manual' })
    server.receive(requestVote({ term: 7 }))
    server.receive(requestVote({ term: 7 }))
    expect(server.take()).toEqual([])
    server.persist()
    expect(server.take()).toHaveLength(2)
  })

  test('a candidate asks nobody, and does not count itself, before its disk has its own vote', () => {
    const server = new Server({ disk: 'manual' })
    server.expire()
    expect(server.take()).toEqual([])
    server.receive(vote({ from: 2 }))
    expect(server.status.role).toBe('candidate')
    server.persist(1)
    expect(server.status.role).toBe('leader')
  })

  test('a disk slower than the election timeout does not make the term run away', () => {
    const server = new Server({ disk: 'manual' })
    for (let i = 0; i < 5; i += 1) server.expire()
    expect(server.status).toMatchObject({ role: 'candidate', currentTerm: 1 })
    expect(server.writing).toBe(1)
    server.persist()
    expect(server.take()).toHaveLength(2)
    server.expire()
    expect(server.status.currentTerm).toBe(2)
  })
})

describe('12: the vote cleared by stepping down within a term (CCF PR 8094)', () => {
  test('a candidate that finds the leader of its term still has voted for itself', () => {
    const server = new Server()
    server.expire()
    server.receive(append({ from: 2, term: 1 }))
    expect(server.status).toMatchObject({ role: 'follower', votedFor: 1 })
    server.take()
    server.receive(requestVote({ from: 3, term: 1, lastLogIndex: 9, lastLogTerm: 1 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(false)
  })
})

describe('13: acknowledging entries that are not yet durable (yugabyte#32875)', () => {
  const entries = append({ terms: [1, 1] })
  test.each([
    ['an empty AppendEntries', append({ prevLogIndex: 2, prevLogTerm: 1 })],
    ['a duplicate', entries],
    ['a part of it', append({ terms: [1] })],
  ])('%s while the write is under way waits for it', (_, second) => {
    const server = new Server({ disk: 'manual' })
    server.receive(entries)
    server.receive(second)
    expect(server.take()).toEqual([])
    expect(server.status).toMatchObject({ lastIndex: 2, durableIndex: 0 })
    server.persist()
    expect(server.take()).toMatchObject([{ success: true }, { success: true }])
    expect(server.status.durableIndex).toBe(2)
  })

  test('a refusal waits as well: it tells the term', () => {
    const server = new Server({ disk: 'manual' })
    server.receive(append({ term: 3, prevLogIndex: 9, prevLogTerm: 2 }))
    expect(server.take()).toEqual([])
    server.persist()
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: false, term: 3 })
  })

  test('with an idle disk it is answered at once', () => {
    const server = new Server({ disk: 'manual', log: [1] })
    server.receive(append({ prevLogIndex: 1, prevLogTerm: 1 }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 1 })
  })
})

describe('14: committing before the own disk has it (etcd#14370)', () => {
  test('a single voter waits for its disk, for its vote and for every entry', () => {
    const server = new Server({ voters: [1], disk: 'manual' })
    server.expire()
    expect(server.status.role).toBe('candidate')
    server.persist(1)
    expect(server.status).toMatchObject({ role: 'leader', lastIndex: 1, commitIndex: 0 })
    server.persist(1)
    expect(server.status.commitIndex).toBe(1)
    server.propose()
    server.propose()
    expect(server.status.commitIndex).toBe(1)
    server.persist(1)
    expect(server.status.commitIndex).toBe(2)
  })

  test('a leader counts itself by its disk: entries travel first', () => {
    const server = new Server({ disk: 'manual' })
    server.lead()
    server.persist()
    for (const from of [2, 3]) server.receive(appended({ from, matchIndex: 1 }))
    server.take()
    server.propose()
    expect(server.take()).toMatchObject([{ entries: [{ index: 2 }] }, { entries: [{ index: 2 }] }])
    server.receive(appended({ from: 2, matchIndex: 2 }))
    expect(server.status).toMatchObject({ durableIndex: 1, commitIndex: 1 })
    server.receive(appended({ from: 3, matchIndex: 2 }))
    expect(server.status, 'two others are a majority without it').toMatchObject({ durableIndex: 1, commitIndex: 2 })
  })
})

describe('15: a follower commits past what it has verified (copycat#265)', () => {
  test.each([
    ['a heartbeat at entry 1', { prevLogIndex: 1, prevLogTerm: 1 }, 1],
    ['one entry after it', { prevLogIndex: 1, prevLogTerm: 1, terms: [1] }, 2],
    ['a heartbeat at the end', { prevLogIndex: 3, prevLogTerm: 2 }, 3],
    ['a refused heartbeat', { prevLogIndex: 3, prevLogTerm: 1 }, 0],
  ])('%s', (_, told, expected) => {
    const server = new Server({ log: [1, 1, 2], term: 3 })
    server.receive(append({ ...told, term: 3, leaderCommit: 9 }))
    expect(server.status.commitIndex).toBe(expected)
  })
})

describe('16: matchIndex or nextIndex going back on reordered replies (etcd-io/raft#149)', () => {
  test('an older acceptance and an older refusal change nothing', () => {
    const server = new Server().lead()
    for (let i = 0; i < 5; i += 1) server.propose()
    server.receive(appended({ matchIndex: 6 }))
    const before = server.progress(2)
    expect(before).toMatchObject({ matchIndex: 6, nextIndex: 7 })
    server.receive(appended({ matchIndex: 2 }))
    server.receive(appended({ success: false, conflictIndex: 1 }))
    server.receive(appended({ success: false, conflictIndex: 3, conflictTerm: 1 }))
    expect(server.progress(2)).toEqual(before)
    expect(server.status.commitIndex).toBe(6)
  })

  test('an acceptance of what the leader does not have is not believed', () => {
    const server = new Server().lead()
    server.receive(appended({ matchIndex: 40 }))
    expect(server.progress(2).matchIndex).toBe(0)
    expect(server.remarks).toContain('stale-reply-ignored')
  })
})

describe('a stale acknowledgement of the disk (ABA)', () => {
  test('replaced entries do not become durable by the write of those before them', () => {
    const server = new Server({ disk: 'manual', log: [1] })
    server.receive(append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2, 2] }))
    server.receive(append({ term: 3, from: 3, prevLogIndex: 1, prevLogTerm: 1, terms: [3, 3] }))
    server.persist(1)
    expect(server.status).toMatchObject({ lastIndex: 3, durableIndex: 1 })
    expect(server.take(), 'the old leader may hear of it, the new one not yet').toMatchObject([{ to: 2, term: 2 }])
    server.persist(1)
    expect(server.status.durableIndex).toBe(3)
    expect(server.take()).toMatchObject([{ to: 3, term: 3, matchIndex: 3 }])
  })
})

describe('what can only be a broken rule stops the server', () => {
  test.each([
    ['a committed entry is to be replaced', append({ term: 2, prevLogIndex: 0, terms: [2] })],
    [
      'entries with a hole',
      {
        ...append({ term: 1 }),
        prevLogIndex: 2,
        prevLogTerm: 1,
        entries: append({ terms: [1] }).entries.map((e) => ({ ...e, index: 5 })),
      },
    ],
    ['an entry of a later term than its leader', append({ term: 1, prevLogIndex: 2, prevLogTerm: 1, terms: [4] })],
  ])('%s', (_, message) => {
    const server = new Server()
    server.receive(append({ terms: [1, 1], leaderCommit: 2 }))
    expect(() => server.receive(message)).toThrow(InvariantViolation)
  })

  test('a second leader in the same term', () => {
    expect(() => new Server().lead().receive(append({ term: 1 }))).toThrow(InvariantViolation)
  })

  test('a disk with a later term in its log than in its hard state', () => {
    expect(() => new Server({ log: [1, 3], term: 2 })).toThrow(InvariantViolation)
  })
})
