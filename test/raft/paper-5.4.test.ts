/** Paper §5.4: safety. */
import { describe, expect, test } from 'vitest'
import { appended, Cluster, requestVote, Server } from './support'

describe('§5.4.1 election restriction', () => {
  test.each([
    [[], 0, 0],
    [[1], 1, 1],
    [[1, 2], 2, 2],
    [[1, 2, 2], 3, 2],
  ])("RequestVote carries the log's end: %j", (log, lastLogIndex, lastLogTerm) => {
    const server = new Server({ log })
    server.expire()
    const expected = { type: 'RequestVote', lastLogIndex, lastLogTerm }
    expect(server.take()).toMatchObject([expected, expected])
  })

  describe('a voter refuses a less up-to-date log', () => {
    test.each([
      [[1], 1, 1, true],
      [[1], 2, 1, true],
      [[1, 1], 1, 1, false],
      [[1], 1, 2, true],
      [[1, 1], 1, 2, true],
      [[2], 1, 1, false],
      [[2], 9, 1, false],
      [[1, 2], 1, 2, false],
    ] as const)('own log %j; the candidate ends with entry %i of term %i: %s', (log, lastLogIndex, lastLogTerm, ok) => {
      const server = new Server({ log })
      server.receive(requestVote({ term: 3, lastLogIndex, lastLogTerm }))
      expect(server.reply('RequestVoteReply')).toMatchObject({ voteGranted: ok, term: 3 })
      expect(server.status.votedFor).toBe(ok ? 2 : 0)
      if (!ok) expect(server.remarks).toContain('vote-refused-log-behind')
    })
  })
})

describe('§5.4.2 only entries of the current term commit by counting', () => {
  test('Figure 8 (c): a majority has entry 2 of term 2, but it is not committed', () => {
    const server = new Server({ voters: [1, 2, 3, 4, 5], log: [1, 2], term: 3 }).lead()
    server.receive(appended({ from: 2, term: 4, matchIndex: 2 }))
    server.receive(appended({ from: 3, term: 4, matchIndex: 2 }))
    expect(server.status).toMatchObject({ currentTerm: 4, commitIndex: 0 })
    expect(server.observations).toContainEqual({
      kind: 'remark',
      name: 'commit-waits-for-own-term',
      peer: 1,
      term: 4,
      index: 2,
    })
  })

  test('Figure 8 (e): with an entry of term 4 on a majority, everything before it commits', () => {
    const server = new Server({ voters: [1, 2, 3, 4, 5], log: [1, 2], term: 3 }).lead()
    server.receive(appended({ from: 2, term: 4, matchIndex: 3 }))
    server.receive(appended({ from: 3, term: 4, matchIndex: 3 }))
    expect(server.applied.map(({ term }) => term)).toEqual([1, 2, 4])
  })

  /** (c) of the figure, but the leader's own entry of term 4 has reached only the servers of `reached`. */
  function figure8(reached: readonly number[]): Cluster {
    const cluster = new Cluster([
      { id: 1, log: [1, 2], term: 3 },
      { id: 2, log: [1, 2], term: 2 },
      { id: 3, log: [1], term: 2 },
      { id: 4, log: [1], term: 2 },
      { id: 5, log: [1, 3], term: 3 },
    ])
    cluster.passes = ({ from, to, ...rest }) =>
      ![from, to].includes(5) && ![from, to].includes(4) && !('entries' in rest && !reached.includes(to))
    cluster.elect(1)
    expect(cluster.server(1).status).toMatchObject({ role: 'leader', currentTerm: 4 })
    return cluster
  }

  test('Figure 8 (d): S5 may still win and overwrite entry 2', () => {
    const cluster = figure8([])
    expect(cluster.server(1).status.commitIndex).toBe(0)
    cluster.connect(2, 3, 4, 5)
    cluster.elect(5)
    cluster.elect(5)
    expect(cluster.server(5).status.role).toBe('leader')
    cluster.heal()
    cluster.beat(5)
    for (const server of cluster.servers.values()) expect(server.terms.slice(0, 2)).toEqual([1, 3])
  })

  test('Figure 8 (e): once entry 3 of term 4 is on a majority, S5 cannot win', () => {
    const cluster = figure8([2, 3])
    expect(cluster.server(1).status.commitIndex).toBe(3)
    cluster.connect(2, 3, 4, 5)
    for (let attempt = 0; attempt < 4; attempt += 1) {
      cluster.elect(5)
      expect(cluster.server(5).status.role).toBe('candidate')
    }
    cluster.elect(2)
    expect(cluster.server(2).status.role).toBe('leader')
    expect(cluster.server(2).terms.slice(0, 3)).toEqual([1, 2, 4])
  })
})

test('§8: a new leader commits what its predecessors left, without any client', () => {
  const cluster = new Cluster([
    { id: 1, log: [1, 1] },
    { id: 2, log: [1, 1] },
    { id: 3, log: [1] },
  ])
  cluster.elect(1)
  cluster.beat(1)
  for (const server of cluster.servers.values()) expect(server.applied.map(({ term }) => term)).toEqual([1, 1, 2])
})
