/** What a simulated cluster hardly ever shows: a few servers with instant disks, and messages delivered by hand. */
import type { Configuration, Effects, Entry, Input, Message, NodeId, Raft, RaftConfig, Term } from '../../../main/raft'
import { configurationOf, encodeConfiguration } from '../../../main/raft/configuration'
import type { RaftClass } from '../node'

const ELECTION_TIMEOUT = 100

interface Start {
  readonly term?: Term
  /** The terms of the entries on its disk. */
  readonly log?: readonly Term[]
}

class Trio {
  readonly #Core: RaftClass
  readonly #servers = new Map<NodeId, Raft>()
  readonly #features: Partial<RaftConfig>
  /** Sent and not delivered. */
  mail: Message[] = []
  now = 0
  #random = 0.1

  constructor(Core: RaftClass, starts: readonly Start[] = [{}, {}, {}], features: Partial<RaftConfig> = {}) {
    this.#Core = Core
    this.#features = features
    starts.forEach((start, at) => {
      this.start(at + 1, start)
    })
  }

  /** Starts it, or starts it again. */
  start(id: NodeId, { term = 0, log = [] }: Start): void {
    const config: RaftConfig = {
      id,
      bootstrap: configurationOf([1, 2, 3]),
      preVote: true,
      checkQuorum: true,
      leaseReads: false,
      quiescence: false,
      parallelWrite: true,
      fastBacktracking: true,
      catchUpCheck: true,
      disconnectHint: true,
      electionTimeout: ELECTION_TIMEOUT,
      heartbeatInterval: 20,
      maxBatchBytes: 1000,
      maxInFlight: 4,
      maxInFlightBytes: 10_000,
      maxUncommittedBytes: 10_000,
      trailingEntries: 10,
      maxCatchUpLag: 10,
      priorities: new Map(),
      random: () => this.#random,
      ...this.#features,
    }
    // Chance never gives two lives the same.
    this.#random = (this.#random + 0.0618) % 1
    const entries = log.map((each, at): Entry => ({ index: at + 1, term: each, type: 'noop', data: new Uint8Array() }))
    const restored = { hardState: { currentTerm: term, votedFor: 0 }, base: { index: 0, term: 0 }, entries }
    const raft = new this.#Core(config, restored, this.now)
    this.#servers.set(id, raft)
    this.#take(id, raft.initial())
  }

  of(id: NodeId): Raft {
    return this.#servers.get(id)!
  }

  step(id: NodeId, input: Input): Effects {
    const effects = this.of(id).step(this.now, input)
    this.#take(id, effects)
    return effects
  }

  /** Delivers what `wanted` lets through, and what follows from it; the rest stays. */
  deliver(wanted: (message: Message) => boolean = () => true): void {
    for (;;) {
      const at = this.mail.findIndex(wanted)
      const message = this.mail[at]
      if (!message) return
      this.mail.splice(at, 1)
      this.step(message.to, { type: 'message', message })
    }
  }

  /** Server 1 leads, and all have the same. */
  lead(): this {
    this.beat()
    this.beat()
    return this
  }

  beat(): void {
    this.now = this.of(1).status().deadline
    this.step(1, { type: 'deadline' })
    this.deliver()
  }

  #take(id: NodeId, { write, messages }: Effects): void {
    this.mail.push(...messages.map(({ message }) => message))
    if (write) this.step(id, { type: 'persisted', write: write.number })
  }
}

/** The target of a hand-over wins although the others still hear the old leader. */
export function handOverPastLeases(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  trio.step(1, { type: 'transfer', id: 1, target: 2 })
  trio.deliver(({ type }) => type === 'TimeoutNow')
  const votes = trio.mail
  trio.mail = []
  trio.now = trio.of(1).status().deadline
  trio.step(1, { type: 'deadline' })
  trio.deliver(({ to }) => to === 3)
  // The old leader dies; only server 3 is left to vote.
  trio.mail = votes
  trio.deliver(({ from, to }) => from !== 1 && to !== 1)
  const { role, currentTerm } = trio.of(2).status()
  if (role !== 'leader') throw new Error(`the target of the hand-over is ${role} in term ${currentTerm}`)
}

/** A server with the longest log and an old term learns of the new term by asking, and is elected. */
export function staleTermWithLongestLog(Core: RaftClass): void {
  const trio = new Trio(Core, [
    { term: 3, log: [1, 1, 1] },
    { term: 7, log: [1] },
    { term: 7, log: [1] },
  ])
  for (let attempt = 0; attempt < 6; attempt += 1) {
    for (const id of [1, 2]) {
      trio.now = Math.max(trio.now, trio.of(id).status().deadline)
      trio.step(id, { type: 'deadline' })
      trio.deliver(({ to }) => to !== 3)
      trio.mail = []
      if (trio.of(id).status().role === 'leader') return
    }
  }
  throw new Error('nobody is elected')
}

/** What was acknowledged to a leader in an earlier term of its own says nothing about its log now. */
export function replyOfAnEarlierTerm(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  const reply: Message = {
    type: 'AppendEntriesReply',
    from: 2,
    to: 1,
    term: 1,
    success: true,
    matchIndex: 1,
    conflictIndex: 0,
    conflictTerm: 0,
    round: 1,
  }
  trio.step(1, { type: 'message', message: { ...reply, term: 4, success: false } })
  trio.now = trio.of(1).status().deadline + ELECTION_TIMEOUT
  trio.step(1, { type: 'deadline' })
  trio.deliver(({ type }) => type !== 'AppendEntries')
  const { role, currentTerm } = trio.of(1).status()
  if (role !== 'leader' || currentTerm <= 4) throw new Error(`server 1 is ${role} in term ${currentTerm}`)
  trio.step(1, { type: 'message', message: reply })
  const { matchIndex } = trio
    .of(1)
    .status()
    .progress.find(({ peer }) => peer === 2)!
  if (matchIndex !== 0) throw new Error(`matchIndex ${matchIndex} by a reply of term 1 in term ${currentTerm}`)
}

/** A follower asks for an index, dies, and asks again: an answer to the first question must not fit the second. */
export function readContextOfAnotherLife(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  const ask = (): number => {
    trio.step(2, { type: 'read', id: 1, by: 'index' })
    const asked = trio.mail.find(({ type }) => type === 'ReadIndex')
    if (asked?.type !== 'ReadIndex') throw new Error('nothing was asked')
    trio.mail = []
    return asked.context
  }
  const first = ask()
  trio.start(2, { term: 1, log: [1] })
  trio.beat()
  if (ask() === first) throw new Error(`both lives ask in the context ${first}`)
}

/** A server that restarts may have promised its leader not to vote for anybody else yet. */
export function promiseToALease(Core: RaftClass): void {
  const trio = new Trio(Core, [{}, {}, {}], { leaseReads: true })
  trio.now = 10 * ELECTION_TIMEOUT
  trio.start(2, { term: 1, log: [1] })
  const request: Message = {
    type: 'RequestVote',
    from: 3,
    to: 2,
    term: 2,
    lastLogIndex: 1,
    lastLogTerm: 1,
    transfer: false,
  }
  trio.now += ELECTION_TIMEOUT / 10
  trio.step(2, { type: 'message', message: request })
  const granted = trio.mail.some((message) => message.type === 'RequestVoteReply' && message.voteGranted)
  if (granted) throw new Error('it votes at once after a restart, whatever it promised before')
}

/** A target that lacks entries is not told to stand before it has them. */
export function transferBehind(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  trio.step(1, { type: 'propose', proposals: [{ id: 1, data: new Uint8Array(8) }] })
  const entries = trio.mail
  trio.mail = []
  trio.step(1, { type: 'transfer', id: 2, target: 2 })
  const told = trio.mail.filter(({ type }) => type === 'TimeoutNow')
  if (told.length > 0) throw new Error('the target was told to stand before it had the last entry')
  trio.mail.push(...entries)
  trio.deliver()
  const { role } = trio.of(2).status()
  if (role !== 'leader') throw new Error(`the target had everything and is ${role}`)
}

/** A leader that has told somebody to stand answers no read from its lease: that one needs nobody's patience to win. */
export function leaseDuringTransfer(Core: RaftClass): void {
  const trio = new Trio(Core, [{}, {}, {}], { leaseReads: true })
  // A start counts as having heard a leader.
  trio.now = 5 * ELECTION_TIMEOUT
  trio.lead()
  const before = trio.step(1, { type: 'read', id: 1, by: 'lease' })
  if (before.reads.length === 0) throw new Error('no lease to begin with')
  trio.step(1, { type: 'transfer', id: 2, target: 2 })
  const { reads } = trio.step(1, { type: 'read', id: 3, by: 'lease' })
  if (reads.length > 0) throw new Error('a read was answered from a lease that somebody else may have ended')
}

/** A leader that hears nobody may have been replaced long ago: it answers no read. */
export function readByALonelyLeader(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  const { reads } = trio.step(1, { type: 'read', id: 1, by: 'index' })
  trio.mail = []
  if (reads.length > 0) throw new Error('a read was answered before anybody confirmed who leads')
}

/** Answers to heartbeats that were sent before a read was asked for say nothing about who leads when it is answered. */
export function roundBeforeTheRead(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  trio.now = trio.of(1).status().deadline
  trio.step(1, { type: 'deadline' })
  trio.deliver(({ type }) => type === 'AppendEntries')
  const answers = trio.mail
  trio.mail = []
  trio.step(1, { type: 'read', id: 1, by: 'index' })
  for (const message of answers) {
    const { reads } = trio.step(1, { type: 'message', message })
    if (reads.length > 0) throw new Error('a read was confirmed by a round that began before it')
  }
}

/** A lease is over well before the others' patience is: clocks may run apart. */
export function leaseEndsInTime(Core: RaftClass): void {
  const trio = new Trio(Core, [{}, {}, {}], { leaseReads: true })
  trio.now = 5 * ELECTION_TIMEOUT
  trio.lead()
  // A process that was stopped for a while goes on with a read.
  trio.now += 0.95 * ELECTION_TIMEOUT
  const { reads } = trio.step(1, { type: 'read', id: 1, by: 'lease' })
  if (reads.length > 0) throw new Error('a read was answered from a lease that is as old as the others are patient')
}

/** In a joint configuration the new voters alone elect nobody. */
export function jointElection(Core: RaftClass): void {
  const bootstrap = configurationOf([1], { outgoing: [1, 2, 3] })
  const trio = new Trio(Core, [{}, {}, {}], { bootstrap })
  for (let attempt = 0; attempt < 3; attempt += 1) {
    trio.now = trio.of(1).status().deadline
    trio.step(1, { type: 'deadline' })
  }
  const { role } = trio.of(1).status()
  if (role === 'leader') throw new Error('one of four voters elected itself')
}

/** A member that lost its disk may have voted, and had entries, that it knows nothing of. */
export function voteWithoutItsDisk(Core: RaftClass): void {
  const trio = new Trio(Core, [{}, {}, {}], { joinsAfter: { index: 5, term: 2 }, bootstrap: configurationOf([]) })
  const request: Message = {
    type: 'RequestVote',
    from: 3,
    to: 2,
    term: 3,
    lastLogIndex: 2,
    lastLogTerm: 1,
    transfer: false,
  }
  trio.now = 5 * ELECTION_TIMEOUT
  trio.step(2, { type: 'message', message: request })
  const granted = trio.mail.some((message) => message.type === 'RequestVoteReply' && message.voteGranted)
  if (granted) throw new Error('it votes for a server whose log ends before its removal')
}

/** Whoever hears a leader votes for nobody and takes up no term. */
export function voteWhileLeaderIsHeard(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  const request: Message = {
    type: 'RequestVote',
    from: 3,
    to: 2,
    term: 9,
    lastLogIndex: 9,
    lastLogTerm: 8,
    transfer: false,
  }
  trio.step(2, { type: 'message', message: request })
  const { currentTerm, leader } = trio.of(2).status()
  if (currentTerm !== 1 || leader !== 1) throw new Error(`it is in term ${currentTerm} and follows ${leader}`)
}

/** A configuration that is replaced by another at the same index gives a server its vote back. */
export function configurationReplaced(Core: RaftClass): void {
  const trio = new Trio(Core)
  trio.step(1, appendTo1(1, [configurationOf([2, 3])]))
  trio.step(1, appendTo1(2, [configurationOf([1, 2, 3], { learners: [4] })]))
  const { role, configuration } = trio.of(1).status()
  if (role !== 'follower') throw new Error(`it is ${role} in ${JSON.stringify(configuration)}`)
}

/** Two configurations that are cut off together leave the one before both. */
export function twoConfigurationsCutOff(Core: RaftClass): void {
  const trio = new Trio(Core)
  trio.step(1, appendTo1(1, [configurationOf([1, 2, 3, 4]), configurationOf([1, 2, 3, 4, 5])]))
  trio.step(1, appendTo1(2, [undefined]))
  const { configuration } = trio.of(1).status()
  if (configuration.voters.length !== 3) throw new Error(`it goes by ${JSON.stringify(configuration)}`)
}

/** Who has an entry that it does not know to be committed goes on listening, whatever the leader says. */
export function silenceTooEarly(Core: RaftClass): void {
  const trio = new Trio(Core, [{}, {}, {}], { quiescence: true })
  trio.step(1, appendTo1(1, [undefined]))
  const last: Message = {
    type: 'AppendEntries',
    from: 2,
    to: 1,
    term: 1,
    prevLogIndex: 1,
    prevLogTerm: 1,
    entries: [],
    leaderCommit: 0,
    round: 2,
    quiesce: true,
  }
  trio.step(1, { type: 'message', message: last })
  if (trio.of(1).status().isQuiescent) throw new Error('it listens no more, and entry 1 may never be committed')
}

/** Server 2 leads in `term` and sends entries from the first on: configurations, or nothing of interest. */
function appendTo1(term: Term, contents: readonly (Configuration | undefined)[]): Input {
  const entries = contents.map((content, at): Entry => {
    const place = { index: at + 1, term }
    if (!content) return { ...place, type: 'noop', data: new Uint8Array() }
    return { ...place, type: 'config', data: encodeConfiguration(content) }
  })
  const message: Message = {
    type: 'AppendEntries',
    from: 2,
    to: 1,
    term,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries,
    leaderCommit: 0,
    round: 1,
    quiesce: false,
  }
  return { type: 'message', message }
}
