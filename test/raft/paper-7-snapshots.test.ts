/** Paper §7: log compaction and InstallSnapshot. */
import { describe, expect, test } from 'vitest'
import { configurationOf, type SnapshotMeta } from '../../main/raft'
import {
  append,
  appended,
  Cluster,
  ELECTION_TIMEOUT,
  HEARTBEAT,
  installed,
  installSnapshot,
  requestVote,
  Server,
  snapshotAt,
} from './support'

/** Makes `server` take a snapshot of everything it applied. */
function save(server: Server): SnapshotMeta {
  const snapshot = { ...server.describe(server.status.commitIndex)!, bytes: 300, checksum: 7 }
  server.snapshot = snapshot
  server.step({ type: 'snapshot-saved', snapshot })
  return snapshot
}

/** A leader whose log begins at 6, with a follower 3 that has nothing. */
function ahead(more: object = {}): Server {
  const server = new Server({ log: [1, 1, 1, 1], term: 1, ...more }).lead()
  server.receive(appended({ from: 2, term: 2, matchIndex: 5 }))
  save(server)
  server.take()
  return server
}

describe('taking one', () => {
  test('the log forgets what the snapshot covers, except for a little, on disk as well', () => {
    const server = new Server({ log: [1, 1, 1, 1], term: 1, trailingEntries: 2 }).lead()
    server.receive(appended({ from: 2, term: 2, matchIndex: 5 }))
    save(server)
    expect(server.status).toMatchObject({ firstIndex: 4, lastIndex: 5, snapshot: { index: 5, term: 2 } })
    expect(server.base).toEqual({ index: 3, term: 1 })
    expect(server.observations).toContainEqual({ kind: 'compacted', firstIndex: 4 })
  })

  test('only what is committed', () => {
    const server = new Server({ log: [1, 1] }).lead()
    expect(() => server.step({ type: 'snapshot-saved', snapshot: snapshotAt(2, 1) })).toThrow('only 0 is committed')
    expect(() => server.describe(2)).toThrow('no committed entry 2')
  })

  test('not beyond the own disk, though others have committed more', () => {
    const server = new Server({ disk: 'manual' })
    server.lead()
    server.persist()
    server.propose('x')
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.status).toMatchObject({ commitIndex: 2, durableIndex: 1 })
    expect(server.describe(2)).toBeUndefined()
    server.persist()
    expect(server.describe(2)).toMatchObject({ index: 2, term: 1 })
  })

  test('not by a newcomer that has not heard yet who belonged to the cluster', () => {
    const server = new Server({ id: 4, voters: [] })
    server.receive(append({ to: 4, terms: [1, 1], leaderCommit: 2 }))
    expect(server.describe(2)).toBeUndefined()
  })

  test('an older one than the last changes nothing', () => {
    const server = ahead()
    const before = server.status
    server.step({ type: 'snapshot-saved', snapshot: snapshotAt(3, 1) })
    expect(server.status).toEqual(before)
  })

  test('after a restart it is the beginning: commitIndex, configuration, term of the last entry', () => {
    const server = ahead().restart()
    expect(server.status).toMatchObject({ firstIndex: 6, lastIndex: 5, commitIndex: 5, snapshot: { index: 5 } })
    server.receive(requestVote({ term: 3, lastLogIndex: 4, lastLogTerm: 2 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(false)
  })

  test('it says the configuration of its index, not a later one', () => {
    const server = new Server({ catchUpCheck: false }).lead()
    server.receive(appended({ from: 2, term: 1, matchIndex: 1 }))
    server.step({ type: 'change', id: 1, changes: [{ node: 4, role: 'voter' }], mode: 'auto' })
    expect(server.describe(1)?.configuration).toEqual(configurationOf([1, 2, 3]))
    server.receive(appended({ from: 2, term: 1, matchIndex: 2 }))
    server.receive(appended({ from: 3, term: 1, matchIndex: 2 }))
    expect(server.describe(1)?.configuration).toEqual(configurationOf([1, 2, 3]))
    expect(server.describe(2)?.configuration).toEqual(configurationOf([1, 2, 3, 4]))
  })
})

describe('sending one', () => {
  test('to a follower whose next entry is gone', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    expect(server.progress(3)).toMatchObject({ state: 'snapshot', nextIndex: 6, inFlight: 1 })
    expect(server.reply('InstallSnapshot')).toMatchObject({
      to: 3,
      snapshot: { index: 5, term: 2 },
      offset: 0,
      done: false,
    })
  })

  test('chunk by chunk, from where the follower says that it is', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    server.take()
    server.receive(installed({ from: 3, term: 2, index: 5, installed: false, offset: 100 }))
    expect(server.reply('InstallSnapshot')).toMatchObject({ offset: 100 })
    server.now += HEARTBEAT
    server.receive(installed({ from: 3, term: 2, index: 5, installed: false, offset: 0 }))
    expect(server.reply('InstallSnapshot')).toMatchObject({ offset: 0 })
    server.receive(installed({ from: 3, term: 2, index: 5 }))
    expect(server.progress(3)).toMatchObject({ state: 'replicate', matchIndex: 5, nextIndex: 6 })
  })

  test('a repeated answer does not make another chunk (the sorcerer’s apprentice)', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    server.take()
    const answer = installed({ from: 3, term: 2, index: 5, installed: false, offset: 100 })
    for (let copy = 0; copy < 5; copy += 1) server.receive(answer)
    expect(server.take()).toMatchObject([{ type: 'InstallSnapshot', offset: 100 }])
  })

  test('heartbeats go on meanwhile, and the entries come after it', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    server.take()
    server.propose('x')
    expect(server.take().filter(({ to }) => to === 3)).toEqual([])
    server.expire()
    expect(server.take().filter(({ to }) => to === 3)).toMatchObject([
      { type: 'AppendEntries', prevLogIndex: 0, entries: [] },
    ])
    server.receive(installed({ from: 3, term: 2, index: 5 }))
    expect(server.take()).toMatchObject([{ type: 'AppendEntries', to: 3, prevLogIndex: 5, entries: [{ index: 6 }] }])
  })

  test('a lost chunk is sent again; then a newer snapshot as well', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    server.propose('x')
    server.receive(appended({ from: 2, term: 2, matchIndex: 6 }))
    save(server)
    server.take()
    const chunks = () => server.take().filter(({ type }) => type === 'InstallSnapshot')
    while (server.now < 200 + ELECTION_TIMEOUT) server.expire()
    expect(chunks()).toMatchObject([{ snapshot: { index: 6 }, offset: 0 }])
  })

  test('an answer about another snapshot changes nothing', () => {
    const server = ahead()
    server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 1 }))
    server.take()
    server.receive(installed({ from: 3, term: 2, index: 4, installed: false, offset: 50 }))
    expect(server.take()).toEqual([])
  })
})

test('compacted while a probe was lost: the next heartbeat finds that a snapshot is needed', () => {
  const server = new Server({ log: [1, 1, 1, 1], term: 1 }).lead()
  server.receive(appended({ from: 3, term: 2, success: false, conflictIndex: 2 }))
  expect(server.progress(3)).toMatchObject({ state: 'probe', nextIndex: 2, inFlight: 1 })
  server.receive(appended({ from: 2, term: 2, matchIndex: 5 }))
  save(server)
  server.take()
  server.expire()
  expect(server.progress(3).state).toBe('snapshot')
  expect(
    server
      .take()
      .filter(({ to }) => to === 3)
      .map(({ type }) => type),
  ).toContain('InstallSnapshot')
})

describe('receiving one', () => {
  test('a chunk is the caller’s to store, and it resets the election timer like any word of the leader', () => {
    const server = new Server({ term: 1 })
    server.now = 90
    server.receive(installSnapshot())
    expect(server.chunks).toMatchObject([{ from: 2, offset: 0, done: false, snapshot: { index: 10 } }])
    expect(server.status).toMatchObject({ leader: 2, deadline: 90 + 150 })
    server.step({ type: 'chunk-stored', from: 2, snapshot: snapshotAt(10, 1), offset: 100 })
    expect(server.reply('InstallSnapshotReply')).toMatchObject({ index: 10, offset: 100, installed: false })
  })

  test('with all of it, log and state machine begin there', () => {
    const server = new Server({ log: [1, 1], term: 2 })
    server.receive(installSnapshot({ term: 2, snapshot: snapshotAt(10, 2, [1, 2, 3, 4]) }))
    server.step({ type: 'snapshot-received', from: 2, snapshot: snapshotAt(10, 2, [1, 2, 3, 4]) })
    expect(server.restored).toMatchObject([{ index: 10 }])
    expect(server.status).toMatchObject({
      firstIndex: 11,
      lastIndex: 10,
      durableIndex: 10,
      commitIndex: 10,
      configuration: configurationOf([1, 2, 3, 4]),
    })
    expect(server.reply('InstallSnapshotReply')).toMatchObject({ index: 10, installed: true })
    server.receive(append({ term: 2, prevLogIndex: 10, prevLogTerm: 2, terms: [2] }))
    expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 11 })
  })

  test('entries that continue it stay (Figure 13, 6); it is told only when the disk has it', () => {
    const server = new Server({ log: [1, 1, 1, 1], term: 1, disk: 'manual' })
    server.receive(installSnapshot({ snapshot: snapshotAt(3, 1) }))
    server.take()
    server.step({ type: 'snapshot-received', from: 2, snapshot: snapshotAt(3, 1) })
    expect(server.status).toMatchObject({ firstIndex: 4, lastIndex: 4, commitIndex: 3 })
    expect(server.take()).toEqual([])
    server.persist()
    expect(server.reply('InstallSnapshotReply')).toMatchObject({ installed: true })
    expect(server.restart().status).toMatchObject({ firstIndex: 4, lastIndex: 4, commitIndex: 3 })
  })

  test('entries that contradict it go, with their configuration', () => {
    const server = new Server({ log: [1, 1, 1, 1], term: 2 })
    server.receive(installSnapshot({ term: 2, snapshot: snapshotAt(3, 2) }))
    server.step({ type: 'snapshot-received', from: 2, snapshot: snapshotAt(3, 2) })
    expect(server.status).toMatchObject({ firstIndex: 4, lastIndex: 3, commitIndex: 3 })
  })

  test('what is committed here already is not taken back by an old snapshot', () => {
    const server = new Server({ log: [1, 1, 1], term: 1 })
    server.receive(append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }))
    server.take()
    server.receive(installSnapshot({ snapshot: snapshotAt(2, 1) }))
    expect(server.reply('InstallSnapshotReply')).toMatchObject({ installed: true, index: 2 })
    server.step({ type: 'snapshot-received', from: 2, snapshot: snapshotAt(2, 1) })
    expect(server.status).toMatchObject({ firstIndex: 1, lastIndex: 3 })
    expect(server.restored).toEqual([])
  })

  test('of a term that is over: refused with the term', () => {
    const server = new Server({ term: 5 })
    server.receive(installSnapshot({ term: 4 }))
    expect(server.chunks).toEqual([])
    expect(server.reply('InstallSnapshotReply')).toMatchObject({ term: 5, installed: false })
  })

  test('a write of before is no proof for what the snapshot put in its place (ABA)', () => {
    const server = new Server({ log: [1], term: 2, disk: 'manual' })
    server.receive(append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2, 2, 2, 2] }))
    server.receive(installSnapshot({ term: 3, snapshot: snapshotAt(3, 3) }))
    server.step({ type: 'snapshot-received', from: 2, snapshot: snapshotAt(3, 3) })
    expect(server.status).toMatchObject({ lastIndex: 3, durableIndex: 0 })
    server.persist(1)
    expect(server.status.durableIndex).toBe(0)
    server.persist()
    expect(server.status.durableIndex).toBe(3)
  })
})

test('entries that reach back before the log are taken from where it begins', () => {
  const server = ahead().restart()
  server.receive(append({ term: 3, prevLogIndex: 2, prevLogTerm: 1, terms: [1, 1, 2, 3], leaderCommit: 6 }))
  expect(server.reply('AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 6 })
  expect(server.status).toMatchObject({ firstIndex: 6, lastIndex: 6, commitIndex: 6 })
})

test('a server that was away while the log was compacted gets the same state as the others', () => {
  const cluster = Cluster.of(3, { checkQuorum: true, preVote: true })
  cluster.elect(1)
  cluster.connect(1, 2)
  for (const text of ['a', 'b', 'c']) cluster.propose(1, text)
  const snapshot = save(cluster.server(1))
  cluster.propose(1, 'd')
  cluster.heal()
  cluster.beat(1)
  const late = cluster.server(3)
  expect(late.chunks).toMatchObject([{ offset: 0 }])
  late.step({ type: 'snapshot-received', from: 1, snapshot })
  cluster.deliver()
  cluster.beat(1)
  expect(late.status).toMatchObject({ firstIndex: snapshot.index + 1, lastIndex: 5, commitIndex: 5 })
  expect(late.restored).toEqual([snapshot])
  expect(late.applied.map(({ index }) => index)).toEqual([5])
})
