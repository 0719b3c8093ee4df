/** Paper §5.2: leader election. */
import { describe, expect, test } from 'vitest'
import { configurationOf, type Message } from '../../main/raft'
import { Agenda } from '../sim/agenda'
import { Random } from '../sim/random'
import { append, Cluster, ELECTION_TIMEOUT, HEARTBEAT, requestVote, Server, vote } from './support'

test('starts as follower', () => {
  const server = new Server({ log: [1, 1, 3], votedFor: 2 })
  expect(server.status).toMatchObject({
    role: 'follower',
    leader: 0,
    currentTerm: 3,
    votedFor: 2,
    lastIndex: 3,
    durableIndex: 3,
    commitIndex: 0,
    progress: [],
  })
  expect(server.observations).toEqual([
    { kind: 'role', role: 'follower', term: 3, leader: 0, reason: 'restarted' },
    { kind: 'configuration', index: 0, configuration: configurationOf([1, 2, 3]), standing: 'restored' },
    { kind: 'timer', deadline: 150, duration: 150 },
  ])
})

test('leader sends heartbeats', () => {
  const server = new Server().lead()
  expect(server.status.deadline).toBe(server.now + HEARTBEAT)
  const effects = server.expire()
  expect(server.take()).toMatchObject([
    { type: 'AppendEntries', to: 2, entries: [], term: 1 },
    { type: 'AppendEntries', to: 3, entries: [], term: 1 },
  ])
  expect(effects.deadline).toBe(server.now + HEARTBEAT)
  expect(effects.observations, 'a heartbeat is no event of its own').toEqual([])
})

describe('election on timeout', () => {
  const before = { follower: new Server(), candidate: new Server() }
  before.candidate.expire()

  test.each(Object.entries(before))('%s starts one', (_, server) => {
    const { currentTerm } = server.status
    server.take()
    server.expire()
    expect(server.status).toMatchObject({ role: 'candidate', currentTerm: currentTerm + 1, votedFor: 1, leader: 0 })
    expect(server.hardState.value).toEqual({ currentTerm: currentTerm + 1, votedFor: 1 })
    expect(server.take()).toMatchObject([
      { type: 'RequestVote', to: 2, term: currentTerm + 1 },
      { type: 'RequestVote', to: 3, term: currentTerm + 1 },
    ])
  })

  test('not before the time has come', () => {
    const server = new Server()
    server.now = server.status.deadline - 0.001
    const { deadline } = server.step({ type: 'deadline' })
    expect(server.status.role).toBe('follower')
    expect(deadline).toBe(server.status.deadline)
  })
})

describe('leader elected in one round of RPC', () => {
  test.each([
    [1, [], 'leader'],
    [3, [true], 'leader'],
    [3, [], 'candidate'],
    [3, [false], 'candidate'],
    [3, [false, false], 'candidate'],
    [3, [false, true], 'leader'],
    [4, [true], 'candidate'],
    [4, [true, true], 'leader'],
    [5, [true, true], 'leader'],
    [5, [true, false, false], 'candidate'],
    [5, [true, false, false, true], 'leader'],
    [5, [false, false, false, false], 'candidate'],
  ] as const)('%i servers, answers %j: %s', (size, answers, expected) => {
    const server = new Server({ voters: Array.from({ length: size }, (_, i) => i + 1) })
    server.expire()
    answers.forEach((voteGranted, i) => {
      server.receive(vote({ from: i + 2, voteGranted }))
    })
    expect(server.status.role).toBe(expected)
    expect(server.status.currentTerm).toBe(1)
  })

  test('one vote counts once, however often it arrives', () => {
    const server = new Server({ voters: [1, 2, 3, 4, 5] })
    server.expire()
    for (let copy = 0; copy < 3; copy += 1) server.receive(vote())
    expect(server.status.role).toBe('candidate')
  })

  test('a vote that comes after the election is over changes nothing', () => {
    const server = new Server().lead()
    const before = server.status
    server.receive(vote({ from: 3 }))
    expect(server.status).toEqual(before)
  })
})

describe('a follower votes once per term', () => {
  test.each([
    ['nobody', 0, 2, true],
    ['the same candidate', 2, 2, true],
    ['another candidate', 3, 2, false],
  ] as const)('voted for %s before', (_, votedFor, from, voteGranted) => {
    const server = new Server({ term: 1, votedFor })
    server.receive(requestVote({ from }))
    expect(server.reply('RequestVoteReply')).toMatchObject({ to: from, voteGranted })
    expect(server.hardState.value).toEqual({ currentTerm: 1, votedFor: votedFor === 0 ? from : votedFor })
  })

  test('first come, first served; again in the next term', () => {
    const server = new Server()
    const granted = (message: Message): boolean => {
      server.receive(message)
      return server.reply('RequestVoteReply').voteGranted
    }
    expect(granted(requestVote({ from: 2, term: 1 }))).toBe(true)
    expect(granted(requestVote({ from: 3, term: 1 }))).toBe(false)
    expect(granted(requestVote({ from: 3, term: 2 }))).toBe(true)
    expect(granted(requestVote({ from: 2, term: 2 }))).toBe(false)
    expect(server.remarks.filter((name) => name.startsWith('vote'))).toEqual([
      'vote-granted',
      'vote-refused-already-voted',
      'vote-granted',
      'vote-refused-already-voted',
    ])
  })

  test('a candidate has voted for itself', () => {
    const server = new Server()
    server.expire()
    server.take()
    server.receive(requestVote({ from: 2, term: 1 }))
    expect(server.reply('RequestVoteReply').voteGranted).toBe(false)
  })

  test('a vote that was given puts off the own election, one that was refused does not', () => {
    const server = new Server({ log: [1] })
    const { deadline } = server.status
    server.now = 50
    server.receive(requestVote({ from: 2, term: 1 }))
    expect(server.status.deadline).toBe(deadline)
    server.receive(requestVote({ from: 2, term: 2 }))
    expect(server.status.deadline).toBe(deadline)
    server.receive(requestVote({ from: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    expect(server.status.deadline).toBe(50 + 1.5 * ELECTION_TIMEOUT)
  })
})

describe('a candidate falls back', () => {
  test.each([
    ['a newer', 2, 'higher-term'],
    ['an equal', 1, 'leader-found'],
  ] as const)('on a leader of %s term', (_, term, reason) => {
    const server = new Server()
    server.expire()
    server.now += 10
    server.receive(append({ term }))
    expect(server.status).toMatchObject({ role: 'follower', currentTerm: term, leader: 2 })
    expect(server.status.deadline).toBe(server.now + 1.5 * ELECTION_TIMEOUT)
    expect(server.observations).toContainEqual({ kind: 'role', role: 'follower', term, leader: 2, reason })
  })
})

describe('timeouts are randomized', () => {
  test.each(['follower', 'candidate'])('for a %s', (role) => {
    const random = new Random(1)
    const durations = Array.from({ length: 500 }, () => {
      const server = new Server({ random: random.next, term: 1 })
      if (role === 'candidate') server.expire()
      return server.status.deadline - server.now
    })
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(ELECTION_TIMEOUT)
    expect(Math.max(...durations)).toBeLessThan(2 * ELECTION_TIMEOUT)
    for (let part = 0; part < 10; part += 1) {
      const low = ELECTION_TIMEOUT * (1 + part / 10)
      const inPart = durations.filter((each) => each >= low && each < low + ELECTION_TIMEOUT / 10).length
      expect(inPart, `from ${low} ms`).toBeGreaterThan(20)
    }
  })
})

test('a fresh server, before any term, waits less: there is no leader yet that it could disturb', () => {
  const random = new Random(2)
  for (let i = 0; i < 100; i += 1) {
    const { deadline } = new Server({ random: random.next }).status
    expect(deadline).toBeGreaterThanOrEqual(HEARTBEAT)
    expect(deadline).toBeLessThan(HEARTBEAT + ELECTION_TIMEOUT)
    expect(new Server({ random: random.next, log: [1] }).status.deadline).toBeGreaterThanOrEqual(ELECTION_TIMEOUT)
  }
})

describe('conflicts', () => {
  const LATENCY = 4
  const TERMS = 10

  /** The term in which five servers with links of that latency agree on a first leader, or TERMS. */
  function firstLeader(random: () => number): number {
    const servers = [1, 2, 3, 4, 5].map((id) => new Server({ id, voters: [1, 2, 3, 4, 5], random }))
    const agenda = new Agenda<Message | Server>()
    for (const server of servers) agenda.add(server.status.deadline, server)
    for (let next = agenda.take(); next; next = agenda.take()) {
      const { time, what } = next
      const server = what instanceof Server ? what : servers[what.to - 1]!
      server.now = time
      if (what instanceof Server) server.step({ type: 'deadline' })
      else server.receive(what)
      const { role, currentTerm, deadline } = server.status
      if (role === 'leader' || currentTerm === TERMS) return currentTerm
      for (const message of server.take()) agenda.add(time + LATENCY, message)
      agenda.add(deadline, server)
    }
    return TERMS
  }

  test('are rare with randomization', () => {
    const random = new Random(7)
    const terms = Array.from({ length: 500 }, () => firstLeader(random.next))
    expect(terms.filter((term) => term > 1).length / terms.length).toBeLessThan(0.3)
    expect(Math.max(...terms)).toBeLessThan(TERMS)
  })

  test('never end without', () => {
    expect(firstLeader(() => 0.5)).toBe(TERMS)
  })
})

test('node 2 starts an election before node 1 has all the replies to its own', () => {
  const cluster = Cluster.of(3)
  const [one, two, three] = [1, 2, 3].map((id) => cluster.server(id)) as [Server, Server, Server]
  one.expire()
  two.expire()
  const [oneToTwo, oneToThree] = one.take()
  const [, twoToThree] = two.take()
  three.receive(oneToThree!)
  two.receive(oneToTwo!)
  three.receive(twoToThree!)
  const answers = [...two.take(), ...three.take()]
  expect(answers).toMatchObject([
    { from: 2, to: 1, voteGranted: false },
    { from: 3, to: 1, voteGranted: true },
    { from: 3, to: 2, voteGranted: false },
  ])
  for (const answer of answers) cluster.server(answer.to).receive(answer)
  expect(one.status.role).toBe('leader')
  expect(two.status).toMatchObject({ role: 'candidate', currentTerm: 1 })
  cluster.deliver()
  expect(two.status).toMatchObject({ role: 'follower', leader: 1 })
})
