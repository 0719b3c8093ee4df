/** Bugs that real implementations had, by their number in the project's list, and what shows that this core has not. */
import { describe, expect, test } from 'vitest'
import { configurationOf, encodeConfiguration, InvariantViolation } from '../../main/raft'
import { append, appended, Cluster, ELECTION_TIMEOUT, requestVote, Server, vote } from './support'

describe('1: a single-server change before the new leader has committed in its term (raft-dev, 2015)', () => {
  test('it is refused, so that two leaders never have changes with majorities that do not meet', () => {
    const server = new Server({ voters: [1, 2, 3, 4], catchUpCheck: false }).lead()
    const change = () =>
      server.step({ type: 'change', id: 1, changes: [{ node: 5, role: 'voter' }], mode: 'single' }).requests
    expect(change()).toMatchObject([{ ok: false, reason: 'no-commit-in-term' }])
    expect(server.status.configurationIndex).toBe(0)
    server.receive(appended({ from: 2, term: 1, matchIndex: 1 }))
    expect(change()).toMatchObject([{ ok: false, reason: 'no-commit-in-term' }])
    server.receive(appended({ from: 3, term: 1, matchIndex: 1 }))
    expect(change()).toEqual([])
    expect(server.status.configurationIndex).toBe(2)
  })
})

const modern = { preVote: true, checkQuorum: true } as const

/** Lets every timer in `ids` run out, in turn, until somebody leads. */
function untilLed(cluster: Cluster, ...ids: number[]): number | undefined {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    for (const id of ids) {
      const server = cluster.server(id)
      for (const other of ids) cluster.server(other).now = Math.max(server.now, cluster.server(other).now) + 1
      cluster.elect(id)
      if (server.status.role === 'leader') return id
    }
  }
  return undefined
}

describe('3: PreVote with a longer log at a lower term (etcd#8501)', () => {
  test('somebody is elected: a refusal tells its term', () => {
    const cluster = new Cluster([
      { id: 1, ...modern, log: [1, 1, 1], term: 3 },
      { id: 2, ...modern, log: [1], term: 7 },
      { id: 3, ...modern, log: [1], term: 7 },
    ])
    cluster.connect(1, 2)
    expect(untilLed(cluster, 1, 2)).toBe(1)
    expect(cluster.server(1).status.currentTerm).toBeGreaterThan(7)
  })
})

describe('4: the same inside a joint configuration (openraft#1796)', () => {
  test('somebody is elected', () => {
    const bootstrap = configurationOf([1, 2, 4], { outgoing: [1, 2, 3] })
    const cluster = new Cluster([
      { id: 1, ...modern, bootstrap, log: [1, 1, 1], term: 3 },
      { id: 2, ...modern, bootstrap, log: [1], term: 7 },
      { id: 3, ...modern, bootstrap, log: [1], term: 7 },
      { id: 4, ...modern, bootstrap, log: [1], term: 2 },
    ])
    cluster.connect(1, 2)
    expect(untilLed(cluster, 1, 2)).toBe(1)
  })
})

describe('5: a server with a stale term, ignored by PreVote (etcd#8243)', () => {
  test('after the leader died its peers still elect: the stale one is told the term', () => {
    const cluster = Cluster.of(3, modern)
    cluster.elect(1)
    cluster.connect(1, 2)
    cluster.beat(1)
    cluster.server(1).step({ type: 'transfer', id: 1, target: 2 })
    cluster.deliver()
    expect(cluster.server(2).status).toMatchObject({ role: 'leader', currentTerm: 2 })
    cluster.propose(2, 'only on 1 and 2')
    // Server 3 slept through all of that; now the leader dies.
    expect(cluster.server(3).status.currentTerm).toBe(1)
    cluster.connect(1, 3)
    expect(untilLed(cluster, 3, 1)).toBe(1)
    expect(cluster.server(3).status.leader).toBe(1)
  })
})

describe('6: ReadIndex before the first commit of the term (etcd#7331)', () => {
  test('it waits: what an earlier leader committed may not be known yet', () => {
    const server = new Server({ log: [1, 1, 1], term: 1 }).lead()
    server.step({ type: 'read', id: 1, by: 'index' })
    server.expire()
    for (const round of [1, 2, 3]) server.receive(appended({ from: 2, term: 2, matchIndex: 3, round }))
    expect(server.reads).toEqual([])
    server.receive(appended({ from: 2, term: 2, matchIndex: 4, round: 2 }))
    server.expire()
    server.receive(appended({ from: 2, term: 2, matchIndex: 4, round: 3 }))
    expect(server.reads).toEqual([{ id: 1, ok: true, index: 4 }])
  })
})

describe('7: a reused read context after pause, leader change, resume (etcd#20418)', () => {
  test('an answer to the question of an earlier life is not taken for one of this', () => {
    let draw = 0
    const random = () => (draw += 0.001)
    const before = new Server({ term: 1, random })
    before.receive(append())
    before.step({ type: 'read', id: 1, by: 'index' })
    const asked = before.take().find((each) => each.type === 'ReadIndex')!
    const after = before.restart()
    after.receive(append())
    after.step({ type: 'read', id: 1, by: 'index' })
    after.receive({ type: 'ReadIndexReply', from: 2, to: 1, term: 1, context: asked.context, index: 1 })
    expect(after.reads).toEqual([])
  })
})

describe('8: a lease read during a leadership transfer (tikv#1593, raft-rs#234)', () => {
  test('from TimeoutNow to the end of the term no lease counts, though followers still answer', () => {
    const server = new Server({ checkQuorum: true, leaseReads: true }).lead()
    server.receive(appended({ from: 2, term: 1, matchIndex: 1, round: 1 }))
    server.step({ type: 'transfer', id: 1, target: 2 })
    const began = server.now
    while (server.now < began + ELECTION_TIMEOUT) {
      server.expire()
      const round = server.take().findLast((each) => each.type === 'AppendEntries')?.round ?? 0
      server.receive(appended({ from: 2, term: 1, matchIndex: 1, round }))
    }
    expect(server.status).toMatchObject({ role: 'leader', transferTarget: 0 })
    server.step({ type: 'read', id: 5, by: 'lease' })
    expect(server.reads).toEqual([])
  })
})

describe('9: a heartbeat after TimeoutNow (canonical/raft#203)', () => {
  test('the target still wins', () => {
    const cluster = Cluster.of(3, modern)
    cluster.elect(1)
    cluster.beat(1)
    cluster.server(1).step({ type: 'transfer', id: 1, target: 2 })
    cluster.server(1).expire()
    // TimeoutNow and the heartbeats behind it arrive in this order.
    cluster.deliver()
    expect(cluster.server(2).status).toMatchObject({ role: 'leader', currentTerm: 2 })
  })
})

describe('10: a transfer under load, before the target has caught up (redpanda#2606)', () => {
  test('the target is told when its log is as long as the leader’s, and the log stands still meanwhile', () => {
    const server = new Server().lead()
    server.receive(appended({ from: 2, term: 1, matchIndex: 1 }))
    for (let i = 0; i < 5; i += 1) server.propose()
    server.take()
    server.step({ type: 'transfer', id: 1, target: 2 })
    for (const matchIndex of [2, 3, 4, 5]) {
      server.propose()
      server.receive(appended({ from: 2, term: 1, matchIndex }))
      expect(server.take().map(({ type }) => type)).not.toContain('TimeoutNow')
    }
    server.receive(appended({ from: 2, term: 1, matchIndex: 6 }))
    expect(server.take().map(({ type }) => type)).toContain('TimeoutNow')
    expect(server.status.lastIndex).toBe(6)
  })
})

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

describe('17: a configuration is not rolled back on truncation (scylladb#30936, canonical/raft#250)', () => {
  test('two levels deep, across a restart: an election asks the old voters again', () => {
    const config = (index: number, voters: readonly number[]) => ({
      index,
      term: 1,
      type: 'config' as const,
      data: encodeConfiguration(configurationOf(voters)),
    })
    const log = [1, config(2, [1, 2, 3, 4]), config(3, [1, 2, 3, 4, 5])]
    const server = new Server({ log }).restart()
    server.receive(append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2] }))
    const after = server.restart()
    after.expire()
    expect(after.take().map(({ to }) => to)).toEqual([2, 3])
  })
})

describe('18: a removed leader counts itself, or goes on with heartbeats (raft-rs#584, etcd-io/raft#77, #79)', () => {
  test('neither', () => {
    const server = new Server({ voters: [1, 2, 3, 4] }).lead()
    for (const from of [2, 3, 4]) server.receive(appended({ from, term: 1, matchIndex: 1 }))
    server.step({ type: 'change', id: 1, changes: [{ node: 1, role: 'removed' }], mode: 'auto' })
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(server.status).toMatchObject({ role: 'leader', commitIndex: 1 })
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.status).toMatchObject({ role: 'learner', commitIndex: 2 })
    server.take()
    for (let beat = 0; beat < 20; beat += 1) {
      server.now += 50
      server.step({ type: 'deadline' })
    }
    expect(server.take()).toEqual([])
  })
})

describe('19: compaction racing with sending (camunda#13724)', () => {
  test('prevLogTerm at the edge of the compacted log is the true one, and before it a snapshot goes out', () => {
    const server = new Server({ log: [1, 2, 2], term: 2 }).lead()
    server.receive(appended({ from: 2, term: 3, matchIndex: 4 }))
    server.receive(appended({ from: 3, term: 3, success: false, conflictIndex: 3, conflictTerm: 0 }))
    const snapshot = { ...server.describe(2)!, bytes: 10, checksum: 1 }
    server.step({ type: 'snapshot-saved', snapshot })
    server.take()
    // The follower has 1…2 exactly: entry 2 is gone here, its term is not.
    server.receive(appended({ from: 3, term: 3, matchIndex: 2 }))
    expect(server.take()).toMatchObject([{ type: 'AppendEntries', prevLogIndex: 2, prevLogTerm: 2 }])
    server.step({ type: 'unreachable', peer: 3 })
    server.receive(appended({ from: 3, term: 3, success: false, conflictIndex: 1 }))
    for (const message of server.take()) {
      if (message.type === 'AppendEntries')
        expect([
          [0, 0],
          [2, 2],
        ]).toContainEqual([message.prevLogIndex, message.prevLogTerm])
    }
  })
})
