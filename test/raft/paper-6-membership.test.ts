/** Paper §6 and dissertation §4: cluster membership changes. */
import { describe, expect, test } from 'vitest'
import {
  type ChangeMode,
  configurationOf,
  encodeConfiguration,
  type MembershipChange,
  type RequestResult,
} from '../../main/raft'
import { append, appended, Cluster, type Given, HEARTBEAT, requestVote, Server } from './support'

/** A leader of term 1 with the no-op committed. */
function leader(given: Given = {}): Server {
  const server = new Server(given).lead()
  for (const peer of server.status.progress.map((each) => each.peer)) {
    server.receive(appended({ from: peer, term: 1, matchIndex: server.status.lastIndex }))
  }
  server.take()
  return server
}

function change(
  server: Server,
  changes: readonly MembershipChange[],
  mode: ChangeMode = 'auto',
): RequestResult | undefined {
  return server.step({ type: 'change', id: 5, changes, mode }).requests[0]
}

const voter = (node: number): MembershipChange => ({ node, role: 'voter' })
const learner = (node: number): MembershipChange => ({ node, role: 'learner' })
const removed = (node: number): MembershipChange => ({ node, role: 'removed' })

/** Five servers, of which the first `members` belong to the cluster; the others join later. */
function joining(members: number, more: Given = {}): Cluster {
  const voters = Array.from({ length: members }, (_, i) => i + 1)
  const given = [1, 2, 3, 4, 5].map((id) => ({ ...more, id, voters: id <= members ? voters : [] }))
  return new Cluster(given)
}

/** Heartbeats until `done`, so that everybody hears of everything. */
function settle(cluster: Cluster, id: number, beats = 6): void {
  for (let beat = 0; beat < beats; beat += 1) {
    if (cluster.server(id).status.role === 'leader') cluster.beat(id)
  }
}

describe('single-server changes (dissertation §4.1)', () => {
  test('a new configuration counts as soon as it is in the log', () => {
    const server = leader({ catchUpCheck: false })
    expect(change(server, [voter(4)])).toBeUndefined()
    expect(server.status).toMatchObject({ configuration: configurationOf([1, 2, 3, 4]), configurationIndex: 2 })
    expect(server.status.progress.map(({ peer }) => peer)).toEqual([2, 3, 4])
    // Three of four are needed now, for this very entry as well.
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(server.status.commitIndex).toBe(1)
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.status.commitIndex).toBe(2)
    expect(server.requests).toEqual([{ id: 5, ok: true, index: 2 }])
  })

  test('a follower uses it as soon as it is in its log', () => {
    const cluster = joining(3, { catchUpCheck: false })
    cluster.elect(1)
    change(cluster.server(1), [learner(4)])
    cluster.deliver()
    expect(cluster.server(2).status.configuration.learners).toEqual([4])
  })

  test('more than one vote at a time is too much for it', () => {
    const server = leader({ catchUpCheck: false })
    expect(change(server, [voter(4), voter(5)], 'single')).toMatchObject({ ok: false, reason: 'too-many-changes' })
    expect(change(server, [voter(4), removed(3)], 'single')).toMatchObject({ ok: false, reason: 'too-many-changes' })
    expect(server.status).toMatchObject({ configurationIndex: 0, lastIndex: 1 })
  })

  test('no second change before the first is committed', () => {
    const server = leader({ catchUpCheck: false })
    change(server, [voter(4)])
    expect(change(server, [voter(5)])).toMatchObject({ ok: false, reason: 'change-in-progress' })
  })

  test('none before the leader has committed in its term (the correction of 2015)', () => {
    const server = new Server({ catchUpCheck: false }).lead()
    expect(change(server, [voter(4)])).toMatchObject({ ok: false, reason: 'no-commit-in-term' })
    server.receive(appended({ from: 2, term: 1, matchIndex: 1 }))
    expect(change(server, [voter(4)])).toBeUndefined()
  })

  test('only the leader changes anything', () => {
    const server = new Server()
    expect(change(server, [voter(4)])).toMatchObject({ ok: false, reason: 'not-leader', leader: 0 })
  })

  test.each<[string, MembershipChange[], object]>([
    ['an unknown node', [removed(9)], { reason: 'unknown-node', node: 9 }],
    ['a node named twice', [voter(9), removed(9)], { reason: 'duplicate-node', node: 9 }],
    ['what is so already', [voter(2)], { reason: 'already-so', node: 2 }],
    ['no voter left', [removed(1), removed(2), removed(3)], { reason: 'no-voters' }],
    ['no data left', [removed(1), removed(2), removed(3), { node: 4, role: 'witness' }], { reason: 'no-voters' }],
  ])('%s: refused, and nothing changed', (_, changes, expected) => {
    const server = leader()
    const before = server.status
    expect(change(server, changes)).toMatchObject({ ok: false, ...expected })
    expect(server.status).toEqual(before)
    expect(server.take()).toEqual([])
  })

  test('a change that would lose the majority is refused', () => {
    const server = leader({ voters: [1, 2, 3] })
    server.now += 1000
    server.receive(appended({ from: 2, term: 1, matchIndex: 1 }))
    // Server 3 is silent: without server 2 nobody would be left but the leader.
    expect(change(server, [removed(2)])).toMatchObject({ ok: false, reason: 'would-lose-majority' })
    expect(change(server, [removed(3)])).toBeUndefined()
  })
})

describe('learners (dissertation §4.2.1)', () => {
  test('a learner gets the log, and has no vote', () => {
    const cluster = joining(3)
    cluster.elect(1)
    cluster.propose(1, 'x')
    change(cluster.server(1), [learner(4)])
    cluster.deliver()
    settle(cluster, 1)
    expect(cluster.server(4).status).toMatchObject({ role: 'learner', lastIndex: 3, commitIndex: 3 })
    cluster.connect(1, 4)
    cluster.propose(1, 'y')
    expect(cluster.server(1).status.commitIndex).toBe(3)
  })

  test('it never stands for election', () => {
    const cluster = joining(3)
    cluster.elect(1)
    change(cluster.server(1), [learner(4)])
    cluster.deliver()
    const server = cluster.server(4)
    cluster.passes = () => false
    server.expire()
    expect(server.status).toMatchObject({ role: 'learner', currentTerm: 1, leader: 0 })
    expect(server.remarks).toContain('election-not-allowed')
    expect(server.status.deadline).toBe(Number.POSITIVE_INFINITY)
  })

  test('it is made a voter when it has caught up, and not before', () => {
    const cluster = joining(3, { maxCatchUpLag: 2 })
    cluster.elect(1)
    change(cluster.server(1), [learner(4)])
    cluster.connect(1, 2, 3)
    cluster.deliver()
    for (let i = 0; i < 5; i += 1) cluster.propose(1)
    expect(change(cluster.server(1), [voter(4)])).toMatchObject({ ok: false, reason: 'not-caught-up', node: 4 })
    cluster.heal()
    settle(cluster, 1)
    expect(change(cluster.server(1), [voter(4)])).toBeUndefined()
    cluster.deliver()
    settle(cluster, 1)
    expect(cluster.server(4).status).toMatchObject({ role: 'follower' })
    expect(cluster.server(4).observations).toContainEqual(
      expect.objectContaining({ kind: 'role', role: 'follower', reason: 'configuration' }),
    )
  })

  test('a voter that nobody knows is refused until it has learned; the check can be switched off', () => {
    expect(change(leader(), [voter(4)])).toMatchObject({ ok: false, reason: 'not-caught-up', node: 4 })
    expect(change(leader({ catchUpCheck: false }), [voter(4)])).toBeUndefined()
  })
})

describe('joint consensus (§6)', () => {
  function midway(): { cluster: Cluster; server: Server } {
    const cluster = joining(3, { catchUpCheck: false })
    const server = cluster.elect(1)
    cluster.beat(1)
    cluster.passes = () => false
    change(server, [voter(4), voter(5), removed(2), removed(3)], 'joint')
    return { cluster, server }
  }

  /** Everybody hears server 1, and it hears only the newcomers: nothing is committed. */
  function hear(cluster: Cluster): void {
    cluster.passes = ({ from, to }) => from === 1 || (to === 1 && from > 3)
  }

  test('C_old,new needs a majority of both', () => {
    const { server } = midway()
    const index = server.status.configurationIndex
    expect(server.status.configuration).toMatchObject({ voters: [1, 4, 5], outgoing: [1, 2, 3] })
    server.receive(appended({ from: 4, term: 1, matchIndex: index }))
    server.receive(appended({ from: 5, term: 1, matchIndex: index }))
    expect(server.status.commitIndex).toBeLessThan(index)
    server.receive(appended({ from: 2, term: 1, matchIndex: index }))
    expect(server.status.commitIndex).toBe(index)
  })

  test('once it is committed C_new follows by itself, and the change is over when that is', () => {
    const { cluster, server } = midway()
    cluster.heal()
    settle(cluster, 1)
    expect(server.status.configuration).toEqual(configurationOf([1, 4, 5]))
    expect(server.status.commitIndex).toBe(server.status.lastIndex)
    expect(server.requests).toEqual([{ id: 5, ok: true, index: server.status.configurationIndex }])
    expect(cluster.server(4).status).toMatchObject({ role: 'follower', configuration: configurationOf([1, 4, 5]) })
  })

  test('a new leader in the middle leaves the joint configuration for the old one', () => {
    const { cluster, server } = midway()
    hear(cluster)
    settle(cluster, 1, 2)
    expect(cluster.server(4).status.configuration.outgoing).toEqual([1, 2, 3])
    cluster.connect(2, 3, 4, 5)
    cluster.elect(4)
    expect(cluster.server(4).status.role).toBe('leader')
    settle(cluster, 4)
    cluster.heal()
    settle(cluster, 4)
    expect(cluster.server(4).status.configuration).toEqual(configurationOf([1, 4, 5]))
    expect(server.status).toMatchObject({ role: 'follower', leader: 4 })
    expect(server.requests).toMatchObject([{ ok: false, reason: 'leadership-lost' }])
  })

  test('an election in a joint configuration needs both majorities', () => {
    const { cluster } = midway()
    hear(cluster)
    settle(cluster, 1, 2)
    cluster.connect(4, 5)
    cluster.elect(4)
    expect(cluster.server(4).status.role).toBe('candidate')
    cluster.connect(3, 4, 5)
    cluster.elect(4)
    expect(cluster.server(4).status.role).toBe('candidate')
    cluster.connect(2, 3, 4, 5)
    cluster.elect(4)
    expect(cluster.server(4).status.role).toBe('leader')
  })

  test('a voter that shall learn keeps its vote until the joint configuration is left', () => {
    const server = leader()
    change(server, [learner(3)], 'joint')
    expect(server.status.configuration).toMatchObject({ voters: [1, 2], outgoing: [1, 2, 3], learnersNext: [3] })
    const joint = server.status.configurationIndex
    server.receive(appended({ from: 2, term: 1, matchIndex: joint }))
    expect(server.status.configuration).toEqual(configurationOf([1, 2], { learners: [3] }))
  })
})

describe('removal of the leader (§6, "the second issue"; dissertation §4.2.2)', () => {
  test('it leads until the new configuration is committed, without counting itself, and then steps down', () => {
    const server = leader()
    change(server, [removed(1)])
    const index = server.status.configurationIndex
    server.receive(appended({ from: 2, term: 1, matchIndex: index }))
    // Its own copy does not count: one of two is no majority.
    expect(server.status).toMatchObject({ role: 'leader', commitIndex: 1 })
    server.take()
    server.receive(appended({ from: 3, term: 1, matchIndex: index }))
    expect(server.status).toMatchObject({ role: 'learner', commitIndex: index, leader: 0 })
    expect(server.requests).toEqual([{ id: 5, ok: true, index }])
    const last = server.take()
    expect(last.filter(({ type }) => type === 'AppendEntries')).toMatchObject([
      { leaderCommit: index },
      { leaderCommit: index },
    ])
    expect(last.filter(({ type }) => type === 'TimeoutNow')).toHaveLength(1)
    server.now += HEARTBEAT * 100
    server.step({ type: 'deadline' })
    expect(server.take()).toEqual([])
  })

  test('as long as that is not committed it may still be needed as a candidate', () => {
    const cluster = Cluster.of(3)
    const server = cluster.elect(1)
    cluster.beat(1)
    cluster.passes = () => false
    change(server, [removed(1)])
    server.receive(append({ term: 2, from: 2, prevLogIndex: 9, prevLogTerm: 2 }))
    cluster.deliver()
    cluster.heal()
    // The log of server 1 is the longest: nobody else can win, and its own vote does not count.
    cluster.elect(1)
    expect(server.observations).toContainEqual(expect.objectContaining({ kind: 'role', role: 'leader', term: 3 }))
    expect(server.status).toMatchObject({ role: 'learner', commitIndex: 3 })
  })

  test('the others go on', () => {
    const cluster = Cluster.of(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.beat(1)
    change(cluster.server(1), [removed(1)])
    cluster.deliver()
    const leads = [2, 3].find((id) => cluster.server(id).status.role === 'leader')
    expect(leads).toBeDefined()
    cluster.propose(leads!, 'x')
    expect(cluster.server(leads!).status.commitIndex).toBe(cluster.server(leads!).status.lastIndex)
  })
})

describe('a configuration goes with its entry', () => {
  const config = (index: number, term: number, voters: number[]) => ({
    index,
    term,
    type: 'config' as const,
    data: new Uint8Array(encode(voters)),
  })
  /** As docs/storage-format.md has it: five lists of u16. */
  function encode(voters: number[]): number[] {
    const u16 = (value: number) => [value & 255, value >> 8]
    return [...u16(voters.length), ...voters.flatMap(u16), ...[0, 0, 0, 0].flatMap(u16)]
  }

  test('truncation takes it back, two levels deep, across a restart', () => {
    const log = [1, config(2, 1, [1, 2, 3, 4]), config(3, 1, [1, 2, 3, 4, 5]), 1] as const
    const server = new Server({ log, voters: [1, 2, 3] }).restart()
    expect(server.status.configuration.voters).toEqual([1, 2, 3, 4, 5])
    server.receive(append({ from: 2, term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2] }))
    expect(server.status).toMatchObject({ configuration: configurationOf([1, 2, 3]), configurationIndex: 0 })
    expect(server.observations).toContainEqual(
      expect.objectContaining({ kind: 'configuration', standing: 'rolled-back', index: 0 }),
    )
    expect(server.restart().status.configuration.voters).toEqual([1, 2, 3])
  })

  test('one replaced by another at the same place counts at once', () => {
    const server = new Server({ id: 4, log: [1, config(2, 1, [1, 2, 3, 4])], voters: [1, 2, 3] })
    expect(server.status.role).toBe('follower')
    const entries = [config(2, 2, [1, 2, 3])]
    server.receive(append({ from: 2, to: 4, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries }))
    expect(server.status).toMatchObject({ role: 'learner', configurationIndex: 2 })
  })

  test('a server that was given a vote loses it with the entry', () => {
    const server = new Server({ id: 4, log: [1, config(2, 1, [1, 2, 3, 4])], voters: [] })
    expect(server.status.role).toBe('follower')
    server.receive(append({ from: 2, to: 4, term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2] }))
    expect(server.status.role).toBe('learner')
  })
})

describe('a member that has lost its disk and joins again', () => {
  const joining = { id: 4, voters: [], joinsAfter: { index: 5, term: 3 } } as const

  test('takes part in no election before its log reaches its removal again', () => {
    const server = new Server(joining)
    server.receive(requestVote({ to: 4, term: 4, lastLogIndex: 3, lastLogTerm: 2 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(false)
    server.receive(append({ to: 4, term: 4, terms: [1, 1, 2, 3, 3] }))
    server.take()
    server.receive(requestVote({ to: 4, from: 3, term: 5, lastLogIndex: 5, lastLogTerm: 3 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(true)
  })

  test('does not stand for election by an old configuration that it meets on the way', () => {
    const config = { index: 1, term: 1, type: 'config' as const, data: encodeConfiguration(configurationOf([3, 4])) }
    const server = new Server({ ...joining, log: [config], term: 3 })
    expect(server.status).toMatchObject({ role: 'follower', deadline: Number.POSITIVE_INFINITY })
    server.receive({ type: 'TimeoutNow', from: 2, to: 4, term: 3 })
    expect(server.status.role).toBe('follower')
  })

  test('believes no leader of a term before its removal', () => {
    const server = new Server(joining)
    expect(server.hardState.value).toEqual({ currentTerm: 3, votedFor: 0 })
    server.receive(append({ to: 4, term: 2, terms: [1] }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: false, term: 3 })
  })
})

test('a server without any configuration waits, and still votes and follows', () => {
  const server = new Server({ id: 4, voters: [] })
  expect(server.status).toMatchObject({ role: 'learner', deadline: Number.POSITIVE_INFINITY })
  server.receive(requestVote({ from: 1, to: 4, term: 3 }))
  expect(server.reply('RequestVoteReply')).toMatchObject({ voteGranted: true })
  server.receive(append({ from: 1, to: 4, term: 3, terms: [3, 3] }))
  expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 2 })
})
