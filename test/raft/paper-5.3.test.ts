/** Paper §5.3: log replication. */
import { describe, expect, test } from 'vitest'
import { append, appended, Cluster, entry, HEARTBEAT, logOf, Server } from './support'

test('leader starts replication', () => {
  const server = new Server().lead()
  for (const from of [2, 3]) server.receive(appended({ from, matchIndex: 1 }))
  server.take()
  server.propose('x', 77)
  expect(server.proposals).toEqual([{ id: 77, accepted: true, index: 2, term: 1 }])
  const entries = [entry(2, 1, 'x')]
  const common = { type: 'AppendEntries', prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 1, entries }
  expect(server.take()).toMatchObject([
    { to: 2, ...common },
    { to: 3, ...common },
  ])
  expect(server.entries).toHaveLength(2)
})

test('anybody but the leader names the leader', () => {
  const server = new Server()
  server.propose('x', 5)
  server.receive(append({ from: 3 }))
  server.propose('x', 6)
  expect(server.proposals).toEqual([
    { id: 5, accepted: false, reason: 'not-leader', leader: 0 },
    { id: 6, accepted: false, reason: 'not-leader', leader: 3 },
  ])
  expect(server.status.lastIndex).toBe(0)
})

describe('commits when a majority has it', () => {
  test.each([
    [1, [], true],
    [3, [], false],
    [3, [2], true],
    [4, [2], false],
    [4, [2, 3], true],
    [5, [2], false],
    [5, [2, 3], true],
    [5, [2, 3, 4, 5], true],
  ] as const)('%i servers, on the disks of 1 and %j: %s', (size, others, committed) => {
    const server = new Server({ voters: Array.from({ length: size }, (_, i) => i + 1) }).lead()
    for (const from of others) server.receive(appended({ from, matchIndex: 1 }))
    expect(server.status.commitIndex).toBe(committed ? 1 : 0)
    expect(server.applied.map(({ type }) => type)).toEqual(committed ? ['noop'] : [])
  })
})

test('acknowledges commits to followers', () => {
  const server = new Server().lead()
  server.receive(appended({ from: 2, matchIndex: 1 }))
  server.take()
  server.expire()
  expect(server.take()).toMatchObject([{ leaderCommit: 1 }, { leaderCommit: 1 }])
})

test.each([[[]], [[2]], [[1, 2]], [[1]]])('commits all preceding entries: log %j', (log) => {
  const server = new Server({ log, term: 2 }).lead()
  const last = log.length + 1
  server.receive(appended({ term: 3, matchIndex: last }))
  expect(server.status.commitIndex).toBe(last)
  expect(server.applied.map(({ term }) => term)).toEqual([...log, 3])
})

test('followers apply in order, once', () => {
  const server = new Server()
  server.receive(append({ terms: [1, 1], leaderCommit: 1 }))
  server.receive(append({ prevLogIndex: 2, prevLogTerm: 1, terms: [1, 1], leaderCommit: 4 }))
  server.receive(append({ terms: [1, 1], leaderCommit: 4 }))
  expect(server.applied).toEqual(logOf([1, 1, 1, 1]))
})

describe('the consistency check', () => {
  const log = [1, 1, 2, 2, 2, 4]
  test.each([
    ['before the first entry', 0, 0, true, {}],
    ['inside', 2, 1, true, {}],
    ['at the end', 6, 4, true, {}],
    ['behind the end', 7, 4, false, { conflictIndex: 7, conflictTerm: 0 }],
    ['far behind the end', 90, 4, false, { conflictIndex: 7, conflictTerm: 0 }],
    ['another term', 5, 3, false, { conflictIndex: 3, conflictTerm: 2 }],
    ['another term at the first index of its term', 3, 1, false, { conflictIndex: 3, conflictTerm: 2 }],
    ['another term at the first entry', 1, 2, false, { conflictIndex: 1, conflictTerm: 1 }],
  ] as const)('%s', (_, prevLogIndex, prevLogTerm, success, rest) => {
    const server = new Server({ log })
    server.receive(append({ term: 5, prevLogIndex, prevLogTerm }))
    const matchIndex = success ? prevLogIndex : 0
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success, matchIndex, ...rest })
    expect(server.terms, 'a heartbeat removes nothing').toEqual(log)
  })
})

describe('a follower overwrites conflicts and keeps what matches', () => {
  test.each([
    ['new entries', [1, 2], 2, [3], [1, 2, 3]],
    ['a conflict at the first', [1, 2, 2], 1, [3, 3], [1, 3, 3]],
    ['a conflict further on', [1, 2, 2, 2], 1, [2, 3], [1, 2, 3]],
    ['everything conflicts', [1, 1], 0, [3], [3]],
    ['a copy of what is there', [1, 2, 2], 1, [2], [1, 2, 2]],
    ['nothing', [1, 2, 2], 1, [], [1, 2, 2]],
    ['a copy and more', [1, 2, 2], 2, [2, 3], [1, 2, 2, 3]],
  ])('%s', (_, log, prevLogIndex, terms, expected) => {
    const server = new Server({ log, term: 3 })
    const prevLogTerm = log[prevLogIndex - 1] ?? 0
    server.receive(append({ term: 3, prevLogIndex, prevLogTerm, terms }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: prevLogIndex + terms.length })
    expect(server.terms).toEqual(expected)
    expect(server.entries.map(({ term }) => term)).toEqual(expected)
    expect(server.status.durableIndex).toBe(expected.length)
  })

  test('what went and what came is observed', () => {
    const server = new Server({ log: [1, 2, 2] })
    server.observations.length = 0
    server.receive(append({ term: 3, prevLogIndex: 1, prevLogTerm: 1, terms: [3] }))
    expect(server.observations.filter(({ kind }) => kind === 'truncated' || kind === 'appended')).toEqual([
      { kind: 'truncated', fromIndex: 2 },
      { kind: 'appended', entries: [entry(2, 3)] },
    ])
  })
})

test('all seven logs of Figure 7 converge', () => {
  const logs = [
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
    [1, 1, 1, 4, 4, 5, 5, 6, 6],
    [1, 1, 1, 4],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    [1, 1, 1, 4, 4, 4, 4],
    [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
  ]
  const cluster = new Cluster(logs.map((log, i) => ({ id: i + 1, log, term: 7 })))
  const leader = cluster.elect(1)
  expect(leader.status).toMatchObject({ role: 'leader', currentTerm: 8 })
  cluster.beat(1)
  for (const server of cluster.servers.values()) {
    expect(server.terms).toEqual([...logs[0]!, 8])
    expect(server.status.commitIndex).toBe(11)
  }
})

describe('backtracking by conflicting term', () => {
  /** How many refusals the leader needs before the follower's log equals its own. */
  function refusals(leaderLog: number[], followerLog: number[], term: number): number {
    const cluster = new Cluster([
      { id: 1, log: leaderLog, term },
      { id: 2, log: followerLog, term },
      { id: 3, term },
    ])
    cluster.connect(1, 3)
    cluster.elect(1)
    let count = 0
    cluster.passes = (message) => {
      if (message.type === 'AppendEntriesReply' && !message.success) count += 1
      return message.from !== 3 && message.to !== 3
    }
    cluster.beat(1)
    expect(cluster.server(2).terms).toEqual(cluster.server(1).terms)
    return count
  }
  const run = (term: number, length: number): number[] => Array.from({ length }, () => term)

  test('a short log: one refusal', () => {
    expect(refusals(run(1, 1000), run(1, 3), 1)).toBe(1)
  })

  test('a whole foreign term: one refusal for the term', () => {
    expect(refusals([...run(1, 5), ...run(3, 500)], [...run(1, 5), ...run(2, 600)], 3)).toBeLessThanOrEqual(2)
  })

  test('a term that both have, the follower more of it: its last entry in the leader is tried', () => {
    expect(refusals([...run(1, 100), ...run(3, 100)], run(1, 300), 3)).toBe(1)
  })

  test('several foreign terms: one refusal each at most', () => {
    const follower = [...run(1, 10), ...run(2, 50), ...run(3, 50), ...run(4, 50)]
    expect(refusals([...run(1, 10), ...run(5, 300)], follower, 5)).toBeLessThanOrEqual(4)
  })
})

describe('pipelining', () => {
  function following(given: ConstructorParameters<typeof Server>[0] = {}): Server {
    const server = new Server({ voters: [1, 2], ...given }).lead()
    server.receive(appended({ matchIndex: 1 }))
    server.take()
    return server
  }

  test('entries leave without waiting for replies, until the window is full', () => {
    const server = following({ maxInFlight: 3 })
    for (let i = 0; i < 5; i += 1) server.propose()
    expect(server.take()).toMatchObject([{ prevLogIndex: 1 }, { prevLogIndex: 2 }, { prevLogIndex: 3 }])
    expect(server.progress(2)).toMatchObject({ state: 'replicate', matchIndex: 1, nextIndex: 5, inFlight: 3 })
    server.receive(appended({ matchIndex: 2 }))
    expect(server.take(), 'what waited goes together').toMatchObject([
      { prevLogIndex: 4, entries: [{ index: 5 }, { index: 6 }] },
    ])
  })

  test('a batch is bounded in bytes, and a larger entry goes alone', () => {
    const server = following({ maxBatchBytes: 200, maxInFlight: 1 })
    for (const length of [10, 100, 100, 500, 1]) server.propose('x'.repeat(length))
    const batches: number[][] = []
    for (;;) {
      const sent = server.take()
      if (sent.length === 0) break
      for (const each of sent) {
        if (each.type !== 'AppendEntries') continue
        batches.push(each.entries.map(({ index }) => index))
        server.receive(appended({ matchIndex: each.entries.at(-1)!.index }))
      }
    }
    expect(batches).toEqual([[2], [3], [4], [5], [6]])
  })

  test('a lost tail is found by the next heartbeat', () => {
    const server = following()
    server.propose()
    server.propose()
    server.take()
    server.expire()
    expect(server.take()).toMatchObject([{ prevLogIndex: 3, entries: [] }])
    server.receive(appended({ success: false, conflictIndex: 2 }))
    expect(server.take()).toMatchObject([{ prevLogIndex: 1, entries: [{ index: 2 }, { index: 3 }] }])
    expect(server.progress(2)).toMatchObject({ state: 'probe', nextIndex: 2 })
  })

  test('lost replies to a full window are made up for by the reply to a heartbeat', () => {
    const server = following({ maxInFlight: 2 })
    for (let i = 0; i < 4; i += 1) server.propose()
    server.take()
    server.expire()
    expect(server.take()).toMatchObject([{ prevLogIndex: 3, entries: [] }])
    server.receive(appended({ matchIndex: 3 }))
    expect(server.take()).toMatchObject([{ entries: [{ index: 4 }, { index: 5 }] }])
    expect(server.status.commitIndex).toBe(3)
  })

  test('a lost probe is made up for by the reply to a heartbeat, which carries no entries', () => {
    const server = new Server({ voters: [1, 2], log: [1, 1] })
    server.lead()
    server.now += HEARTBEAT
    server.expire()
    expect(server.take()).toMatchObject([{ prevLogIndex: 2, entries: [] }])
    server.receive(appended({ term: 2, matchIndex: 2 }))
    expect(server.take()).toMatchObject([{ prevLogIndex: 2, entries: [{ index: 3 }] }])
  })

  test('the copy of an old refusal does not disturb', () => {
    const server = following()
    for (let i = 0; i < 3; i += 1) server.propose()
    server.receive(appended({ matchIndex: 4 }))
    server.take()
    const before = server.status
    server.receive(appended({ success: false, conflictIndex: 2 }))
    expect(server.status).toEqual(before)
    expect(server.take()).toEqual([])
    expect(server.remarks).toContain('stale-reply-ignored')
  })
})
