/** What leading implementations add to the paper: flow control, back-pressure, quiescence, witnesses. */
import { describe, expect, test } from 'vitest'
import { configurationOf } from '../../main/raft'
import { ENTRY_OVERHEAD_BYTES } from '../../main/raft/log'
import { append, appended, Cluster, ELECTION_TIMEOUT, type Given, HEARTBEAT, requestVote, Server } from './support'

function leader(given: Given = {}): Server {
  const server = new Server(given).lead()
  for (const { peer } of server.status.progress) server.receive(appended({ from: peer, term: 1, matchIndex: 1 }))
  server.take()
  return server
}

describe('flow control', () => {
  test('no more bytes are under way to a peer than the window holds', () => {
    const size = 100
    const server = leader({ voters: [1, 2], maxInFlight: 100, maxInFlightBytes: 3 * (size + ENTRY_OVERHEAD_BYTES) })
    for (let i = 0; i < 10; i += 1) server.propose('x'.repeat(size))
    expect(server.progress(2)).toMatchObject({ state: 'replicate', inFlight: 3, nextIndex: 5 })
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(server.progress(2).nextIndex).toBeGreaterThan(5)
  })

  test('without pipelining one message at a time', () => {
    const server = leader({ voters: [1, 2], maxInFlight: 1 })
    for (let i = 0; i < 5; i += 1) server.propose()
    expect(server.take()).toHaveLength(1)
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(server.take()).toMatchObject([{ entries: [{ index: 3 }, { index: 4 }, { index: 5 }, { index: 6 }] }])
  })

  test('proposals of one turn travel together', () => {
    const server = leader()
    const proposals = [1, 2, 3].map((id) => ({ id, data: new Uint8Array(1) }))
    server.step({ type: 'propose', proposals })
    expect(server.proposals.map(({ id, accepted }) => [id, accepted])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ])
    expect(server.take()).toMatchObject([{ entries: { length: 3 } }, { entries: { length: 3 } }])
  })

  test('a broken connection: what was under way is asked for again', () => {
    const server = leader()
    for (let i = 0; i < 3; i += 1) server.propose()
    expect(server.progress(2)).toMatchObject({ state: 'replicate', nextIndex: 5, inFlight: 3 })
    server.step({ type: 'unreachable', peer: 2 })
    expect(server.progress(2)).toMatchObject({ state: 'probe', nextIndex: 2 })
  })

  test('sequential disk: entries leave when the leader’s own disk has them', () => {
    const server = leader({ disk: 'manual', parallelWrite: false })
    server.persist()
    server.take()
    server.propose('x')
    expect(server.take()).toEqual([])
    server.persist()
    expect(server.take()).toMatchObject([{ entries: [{ index: 2 }] }, { entries: [{ index: 2 }] }])
  })

  test('slow backtracking: one entry at a time (§5.3)', () => {
    const server = new Server({ log: [1, 1, 1, 1], term: 2, fastBacktracking: false })
    server.receive(append({ term: 2, prevLogIndex: 4, prevLogTerm: 2 }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: false, conflictIndex: 4, conflictTerm: 0 })
  })
})

describe('back-pressure', () => {
  test('what waits for a majority is bounded; when it is committed there is room again', () => {
    const server = leader({ maxUncommittedBytes: 250 })
    for (const id of [1, 2, 3]) server.propose('x'.repeat(100), id)
    expect(server.proposals.map(({ accepted }) => accepted)).toEqual([true, true, false])
    expect(server.proposals[2]).toMatchObject({ reason: 'uncommitted-limit', leader: 1 })
    server.receive(appended({ from: 2, term: 1, matchIndex: 3 }))
    expect(server.status.uncommittedBytes).toBe(0)
    server.propose('x', 4)
    expect(server.proposals.at(-1)).toMatchObject({ accepted: true })
  })

  test('a single command beyond the limit is still taken', () => {
    const server = leader({ maxUncommittedBytes: 10 })
    server.propose('x'.repeat(100))
    expect(server.proposals).toMatchObject([{ accepted: true }])
  })

  test('a new leader counts what it finds uncommitted', () => {
    const server = new Server({ log: [1], term: 1, maxUncommittedBytes: 50 })
    server.receive(
      append({
        prevLogIndex: 1,
        prevLogTerm: 1,
        entries: [{ index: 2, term: 1, type: 'command', data: new Uint8Array(40) }],
      }),
    )
    server.lead()
    expect(server.status.uncommittedBytes).toBe(40)
  })
})

describe('quiescence', () => {
  const quiet = { quiescence: true, checkQuorum: true, preVote: true } as const

  function asleep(): Cluster {
    const cluster = Cluster.of(3, quiet)
    cluster.elect(1)
    for (let beat = 0; beat < 8 && !cluster.server(1).status.isQuiescent; beat += 1) cluster.beat(1)
    return cluster
  }

  test('an idle cluster falls silent: no heartbeats, no timers', () => {
    const cluster = asleep()
    for (const id of [1, 2, 3]) {
      expect(cluster.server(id).status).toMatchObject({ isQuiescent: true, deadline: Number.POSITIVE_INFINITY })
    }
  })

  test('a proposal wakes it', () => {
    const cluster = asleep()
    cluster.propose(1, 'x')
    expect(cluster.server(1).status).toMatchObject({ isQuiescent: false, commitIndex: 2 })
    expect(cluster.server(2).status.deadline).toBeLessThan(Number.POSITIVE_INFINITY)
  })

  test('a follower that is woken without need finds the leader again, in the same term', () => {
    const cluster = asleep()
    cluster.server(2).step({ type: 'wake' })
    cluster.elect(2)
    expect(cluster.server(1).status).toMatchObject({ role: 'leader', currentTerm: 1 })
    expect(cluster.server(2).status).toMatchObject({ role: 'follower', leader: 1, currentTerm: 1 })
  })

  test('when the leader is gone, whoever is woken gets another elected', () => {
    const cluster = asleep()
    cluster.connect(2, 3)
    cluster.server(2).step({ type: 'unreachable', peer: 1 })
    cluster.elect(2)
    const third = cluster.server(3)
    third.now = cluster.server(2).now
    expect(third.status.isQuiescent).toBe(false)
    third.now += ELECTION_TIMEOUT
    cluster.elect(2)
    expect(cluster.server(2).status.role).toBe('leader')
  })

  test('a leader whose followers lack something, or that hears from one no more, goes on', () => {
    const cluster = Cluster.of(3, quiet)
    cluster.elect(1)
    cluster.connect(1, 2)
    for (let beat = 0; beat < 20; beat += 1) cluster.beat(1)
    expect(cluster.server(1).status.isQuiescent).toBe(false)
  })

  test('a follower that lacks something does not believe it', () => {
    const server = new Server({ term: 1, log: [1, 1], quiescence: true })
    server.receive(append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 1, quiesce: true }))
    expect(server.status.isQuiescent).toBe(false)
  })

  test('switched off, the heartbeats go on', () => {
    const cluster = Cluster.of(3)
    cluster.elect(1)
    for (let beat = 0; beat < 20; beat += 1) cluster.beat(1)
    expect(cluster.server(1).status.deadline).toBe(cluster.server(1).now + HEARTBEAT)
  })
})

describe('a broken connection to the leader', () => {
  const hinted = { disconnectHint: true, preVote: true, checkQuorum: true } as const

  function cutOff(given: Given = {}): Cluster {
    const cluster = Cluster.of(3, { ...hinted, ...given })
    cluster.elect(1)
    cluster.beat(1)
    cluster.connect(2, 3)
    return cluster
  }

  test('counts as its silence: whoever else has lost it agrees at once', () => {
    const cluster = cutOff()
    const second = cluster.server(2)
    for (const id of [2, 3]) cluster.server(id).step({ type: 'unreachable', peer: 1 })
    expect(second.status.deadline).toBeLessThanOrEqual(second.now + HEARTBEAT)
    cluster.elect(2)
    expect(second.status.role).toBe('leader')
  })

  test('but who still hears the leader does not agree', () => {
    const cluster = cutOff()
    cluster.server(2).step({ type: 'unreachable', peer: 1 })
    cluster.elect(2)
    expect(cluster.server(2).status).toMatchObject({ role: 'pre-candidate', currentTerm: 1 })
  })

  test.each<[string, Given]>([
    ['switched off', { disconnectHint: false }],
    ['with leases, which rest on the wait', { leaseReads: true }],
  ])('%s it changes nothing', (_, given) => {
    const server = new Server({ ...hinted, ...given, term: 1 })
    server.receive(append())
    const { deadline } = server.status
    server.step({ type: 'unreachable', peer: 2 })
    expect(server.status.deadline).toBe(deadline)
  })
})

describe('witnesses', () => {
  const bootstrap = configurationOf([1, 2, 3], { witnesses: [3] })

  test('a witness gets terms, not data', () => {
    const server = leader({ bootstrap })
    server.propose('secret')
    const [toSecond, early] = server.take()
    // Somebody who could lead has to have it first.
    expect(early).toBeUndefined()
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    const [toWitness] = server.take()
    expect(toSecond).toMatchObject({ to: 2, entries: [{ type: 'command', data: { length: 6 } }] })
    expect(toWitness).toMatchObject({ to: 3, entries: [{ index: 2, term: 1, type: 'metadata', data: { length: 0 } }] })
  })

  test('it counts for the commit and gives votes, by the same rules', () => {
    const server = leader({ bootstrap })
    server.propose('x')
    // Server 2 is not heard any more: the witness is needed.
    server.now += ELECTION_TIMEOUT
    server.step({ type: 'deadline' })
    expect(server.take()).toContainEqual(
      expect.objectContaining({ to: 3, entries: [expect.objectContaining({ index: 2 })] }),
    )
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.status.commitIndex).toBe(2)
    const witness = new Server({ id: 3, bootstrap, log: [1, 1], term: 1 })
    witness.receive(requestVote({ to: 3, term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    expect(witness.reply('RequestVoteReply').voteGranted).toBe(false)
    witness.receive(requestVote({ to: 3, term: 2, lastLogIndex: 2, lastLogTerm: 1 }))
    expect(witness.reply('RequestVoteReply').voteGranted).toBe(true)
  })

  test('it gets nothing that only a leader without a vote has', () => {
    const server = leader({ bootstrap: configurationOf([1, 2, 3], { witnesses: [3] }) })
    server.step({ type: 'change', id: 1, changes: [{ node: 1, role: 'removed' }], mode: 'auto' })
    const to = (peer: number) => server.take().filter((each) => each.to === peer && each.type === 'AppendEntries')
    expect(to(3)).toEqual([])
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    expect(to(3)).toMatchObject([{ entries: [{ index: 2 }] }])
  })

  test('it never leads', () => {
    const witness = new Server({ id: 3, bootstrap })
    expect(witness.status.deadline).toBe(Number.POSITIVE_INFINITY)
    witness.receive({ type: 'TimeoutNow', from: 1, to: 3, term: 0 })
    expect(witness.status.role).toBe('follower')
  })

  test('a snapshot for it has no data', () => {
    const server = leader({ bootstrap })
    server.propose('x')
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    server.step({ type: 'snapshot-saved', snapshot: { ...server.describe(2)!, bytes: 300, checksum: 7 } })
    server.receive(appended({ from: 3, term: 1, success: false, conflictIndex: 1 }))
    server.expire()
    server.take()
    const other = leader({ bootstrap })
    other.propose('x')
    other.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    other.step({ type: 'snapshot-saved', snapshot: { ...other.describe(2)!, bytes: 300, checksum: 7 } })
    other.step({ type: 'unreachable', peer: 3 })
    other.propose('y')
    expect(other.progress(3).state).toBe('snapshot')
    expect(other.take().find(({ type }) => type === 'InstallSnapshot')).toMatchObject({
      to: 3,
      snapshot: { index: 2, bytes: 0, checksum: 0 },
    })
  })
})
