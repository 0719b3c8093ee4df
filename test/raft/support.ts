/** One server, or a few, held by hand: what the tests of the core share. */
import type {
  AppendEntries,
  AppendEntriesReply,
  Effects,
  Entry,
  HardState,
  Input,
  Message,
  NodeId,
  Observation,
  Outgoing,
  ProgressView,
  ProposalResult,
  RaftConfig,
  RaftStatus,
  RemarkName,
  RequestVote,
  RequestVoteReply,
  Term,
  Write,
} from '../../main/raft'
import { NONE, Raft } from '../../main/raft'

export const ELECTION_TIMEOUT = 100
export const HEARTBEAT = 20

export function entry(index: number, term: Term, text = ''): Entry {
  return { index, term, type: 'command', data: new TextEncoder().encode(text) }
}

/** A log told by its terms: `[1, 1, 2]` is entries 1 and 2 of term 1 and entry 3 of term 2. */
export function logOf(terms: readonly (Term | Entry)[]): Entry[] {
  return terms.map((each, i) => (typeof each === 'number' ? entry(i + 1, each) : each))
}

export interface Given extends Partial<Omit<RaftConfig, 'id'>> {
  readonly id?: NodeId
  readonly term?: Term
  readonly votedFor?: NodeId
  /** The log on disk, by its terms or its entries. */
  readonly log?: readonly (Term | Entry)[]
  /** `instant`: every write is durable before the next step. `manual`: when the test says `persist()`. */
  readonly disk?: 'instant' | 'manual'
}

/** A core with a caller that keeps its contract; what it sends, applies and observes is kept for the test to read. */
export class Server {
  readonly id: NodeId
  readonly observations: Observation[] = []
  readonly applied: Entry[] = []
  readonly proposals: ProposalResult[] = []
  readonly hardState: { value: HardState }
  readonly entries: Entry[]
  now = 0
  readonly #given: Given
  readonly #raft: Raft
  #sent: Message[] = []
  #held: Outgoing[] = []
  #writes: Write[] = []
  #persisted = 0

  constructor(given: Given = {}) {
    const { id = 1, term, votedFor = NONE, log = [], disk: _disk, ...config } = given
    this.id = id
    this.#given = given
    this.entries = logOf(log)
    this.hardState = { value: { currentTerm: term ?? this.entries.at(-1)?.term ?? 0, votedFor } }
    this.#raft = new Raft(
      {
        id,
        voters: [1, 2, 3],
        electionTimeout: ELECTION_TIMEOUT,
        heartbeatInterval: HEARTBEAT,
        maxBatchBytes: 1_000_000,
        maxInFlight: 4,
        random: () => 0.5,
        ...config,
      },
      { hardState: this.hardState.value, entries: [...this.entries] },
      0,
    )
    this.#follow(this.#raft.initial())
  }

  get status(): RaftStatus {
    return this.#raft.status()
  }

  /** The terms of the log in memory. */
  get terms(): Term[] {
    return this.#raft.entries(1, this.status.lastIndex).map((each) => each.term)
  }

  get remarks(): RemarkName[] {
    return this.observations.flatMap((each) => (each.kind === 'remark' ? [each.name] : []))
  }

  /** How many writes are under way. */
  get writing(): number {
    return this.#writes.length
  }

  step(input: Input): Effects {
    const effects = this.#raft.step(this.now, input)
    this.#follow(effects)
    if (this.#given.disk !== 'manual') this.persist()
    return effects
  }

  receive(message: Message): Effects {
    return this.step({ type: 'message', message })
  }

  /** Lets the timer run out. */
  expire(): Effects {
    this.now = this.status.deadline
    return this.step({ type: 'deadline' })
  }

  propose(text = '', id = 1): Effects {
    return this.step({ type: 'propose', id, data: new TextEncoder().encode(text) })
  }

  /** The disk is done with the next `count` writes. */
  persist(count = Number.POSITIVE_INFINITY): void {
    for (let done = 0; done < count; done += 1) {
      const write = this.#writes.shift()
      if (!write) return
      if (write.truncateFrom !== undefined) this.entries.length = write.truncateFrom - 1
      this.entries.push(...write.entries)
      if (write.hardState) this.hardState.value = write.hardState
      this.#persisted = write.number
      this.#follow(this.#raft.step(this.now, { type: 'persisted', write: write.number }))
      this.#sent.push(
        ...this.#held.filter(({ afterWrite }) => afterWrite <= write.number).map(({ message }) => message),
      )
      this.#held = this.#held.filter(({ afterWrite }) => afterWrite > write.number)
    }
  }

  /** What was sent since the last call; held messages are not among it. */
  take(): Message[] {
    const sent = this.#sent
    this.#sent = []
    return sent
  }

  /** The last message that was sent since the last `take`. */
  reply<T extends Message['type']>(type: T): Extract<Message, { type: T }> {
    const last = this.take().at(-1)
    if (last?.type !== type) throw new Error(`expected ${type}, but ${last?.type ?? 'nothing'} was sent`)
    return last as Extract<Message, { type: T }>
  }

  /** The same server after a crash: only what its disk has. */
  restart(): Server {
    const { currentTerm: term, votedFor } = this.hardState.value
    const restarted = new Server({ ...this.#given, term, votedFor, log: this.entries })
    restarted.now = this.now
    return restarted
  }

  /** Wins the election of the next term with the vote of server 2 (and more, in a larger cluster). */
  lead(): this {
    this.expire()
    this.persist()
    const { currentTerm } = this.status
    for (const from of (this.#given.voters ?? [1, 2, 3]).filter((voter) => voter !== this.id)) {
      if (this.status.role === 'candidate') this.receive(vote({ from, to: this.id, term: currentTerm }))
    }
    if (this.status.role !== 'leader') throw new Error(`server ${this.id} did not win`)
    this.take()
    return this
  }

  progress(peer: NodeId): ProgressView {
    return this.status.progress.find((each) => each.peer === peer)!
  }

  #follow(effects: Effects): void {
    if (effects.write) this.#writes.push(effects.write)
    this.applied.push(...effects.committed)
    this.observations.push(...effects.observations)
    this.proposals.push(...effects.proposals)
    for (const outgoing of effects.messages) {
      if (outgoing.afterWrite <= this.#persisted) this.#sent.push(outgoing.message)
      else this.#held.push(outgoing)
    }
  }
}

type Told<T extends Message> = Partial<Omit<T, 'type'>>
const FROM_2 = { from: 2, to: 1, term: 1 } as const

export function requestVote(told: Told<RequestVote> = {}): RequestVote {
  return { type: 'RequestVote', ...FROM_2, lastLogIndex: 0, lastLogTerm: 0, ...told }
}

export function vote(told: Told<RequestVoteReply> = {}): RequestVoteReply {
  return { type: 'RequestVoteReply', ...FROM_2, voteGranted: true, ...told }
}

/** With `terms`: the terms of the entries that follow prevLogIndex. */
export function append(told: Told<AppendEntries> & { readonly terms?: readonly Term[] } = {}): AppendEntries {
  const { terms = [], ...fields } = told
  const prevLogIndex = fields.prevLogIndex ?? 0
  const entries = terms.map((term, i) => entry(prevLogIndex + 1 + i, term))
  return { type: 'AppendEntries', ...FROM_2, prevLogIndex, prevLogTerm: 0, entries, leaderCommit: 0, ...fields }
}

export function appended(told: Told<AppendEntriesReply> = {}): AppendEntriesReply {
  return {
    type: 'AppendEntriesReply',
    ...FROM_2,
    success: true,
    matchIndex: 0,
    conflictIndex: 0,
    conflictTerm: 0,
    ...told,
  }
}

/** Servers whose messages arrive at once, in order, unless a link is cut. */
export class Cluster {
  readonly servers = new Map<NodeId, Server>()
  /** Messages for which this is false are lost. */
  passes: (message: Message) => boolean = () => true

  constructor(given: readonly (Given & { readonly id: NodeId })[]) {
    const voters = given.map(({ id }) => id)
    for (const each of given) this.servers.set(each.id, new Server({ voters, ...each }))
  }

  static of(count: number, common: Given = {}): Cluster {
    return new Cluster(Array.from({ length: count }, (_, i) => ({ ...common, id: i + 1 })))
  }

  server(id: NodeId): Server {
    return this.servers.get(id)!
  }

  /** Only messages among `ids` pass. */
  connect(...ids: NodeId[]): void {
    this.passes = ({ from, to }) => ids.includes(from) && ids.includes(to)
  }

  heal(): void {
    this.passes = () => true
  }

  /** Carries messages until there are none. */
  deliver(): void {
    for (;;) {
      const messages = [...this.servers.values()].flatMap((server) => server.take())
      if (messages.length === 0) return
      for (const message of messages) {
        const receiver = this.servers.get(message.to)
        if (receiver && this.passes(message)) receiver.receive(message)
      }
    }
  }

  /** The election timer of `id` runs out, and everything that follows happens. */
  elect(id: NodeId): Server {
    const server = this.server(id)
    server.expire()
    this.deliver()
    return server
  }

  /** One heartbeat of the leader `id`, and everything that follows. */
  beat(id: NodeId): void {
    this.server(id).expire()
    this.deliver()
  }

  propose(id: NodeId, text = ''): void {
    this.server(id).propose(text)
    this.deliver()
  }

  restart(id: NodeId): Server {
    const server = this.server(id).restart()
    this.servers.set(id, server)
    return server
  }
}
