/** One server, or a few, held by hand: what the tests of the core share. */
import type {
  AppendEntries,
  AppendEntriesReply,
  Effects,
  Entry,
  HardState,
  Input,
  InstallSnapshot,
  InstallSnapshotReply,
  Message,
  NodeId,
  Observation,
  Outgoing,
  Position,
  ProgressView,
  ProposalResult,
  RaftConfig,
  RaftStatus,
  ReadResult,
  RemarkName,
  RequestPreVote,
  RequestPreVoteReply,
  RequestResult,
  RequestVote,
  RequestVoteReply,
  SnapshotChunk,
  SnapshotMeta,
  Term,
  Write,
} from '../../main/raft'
import { configurationOf, NONE, Raft } from '../../main/raft'

export const ELECTION_TIMEOUT = 100
export const HEARTBEAT = 20

export function entry(index: number, term: Term, text = ''): Entry {
  return { index, term, type: 'command', data: new TextEncoder().encode(text) }
}

/** A log told by its terms: `[1, 1, 2]` is entries 1 and 2 of term 1 and entry 3 of term 2. */
export function logOf(terms: readonly (Term | Entry)[], after = 0): Entry[] {
  return terms.map((each, i) => (typeof each === 'number' ? entry(after + i + 1, each) : each))
}

export interface Given extends Partial<Omit<RaftConfig, 'id'>> {
  readonly id?: NodeId
  readonly term?: Term
  readonly votedFor?: NodeId
  /** The log on disk, by its terms or its entries. */
  readonly log?: readonly (Term | Entry)[]
  /** `instant`: every write is durable before the next step. `manual`: when the test says `persist()`. */
  readonly disk?: 'instant' | 'manual'
  /** The first configuration: these voters. `bootstrap` says more. */
  readonly voters?: readonly NodeId[]
  readonly base?: Position
  readonly snapshot?: SnapshotMeta
}

/** What the paper has, and none of what came after it: each test switches on what it is about. */
const PLAIN = {
  electionTimeout: ELECTION_TIMEOUT,
  heartbeatInterval: HEARTBEAT,
  maxBatchBytes: 1_000_000,
  maxInFlight: 4,
  maxInFlightBytes: 1_000_000,
  maxUncommittedBytes: 1_000_000,
  trailingEntries: 0,
  maxCatchUpLag: 10,
  priorities: new Map<NodeId, number>(),
  preVote: false,
  checkQuorum: false,
  leaseReads: false,
  quiescence: false,
  disconnectHint: false,
  parallelWrite: true,
  fastBacktracking: true,
  catchUpCheck: true,
  random: () => 0.5,
} as const

/** A core with a caller that keeps its contract; what it sends, applies and observes is kept for the test to read. */
export class Server {
  readonly id: NodeId
  readonly observations: Observation[] = []
  readonly applied: Entry[] = []
  readonly proposals: ProposalResult[] = []
  readonly reads: ReadResult[] = []
  readonly requests: RequestResult[] = []
  readonly chunks: SnapshotChunk[] = []
  readonly restored: SnapshotMeta[] = []
  readonly hardState: { value: HardState }
  /** On disk, behind {@link base}. */
  entries: Entry[]
  base: Position
  snapshot: SnapshotMeta | undefined
  now = 0
  readonly #given: Given
  readonly #raft: Raft
  #sent: Message[] = []
  #held: Outgoing[] = []
  #writes: Write[] = []
  #persisted = 0

  constructor(given: Given = {}) {
    const { id = 1, term, votedFor = NONE, log = [], disk: _, voters = [1, 2, 3], base, snapshot, ...config } = given
    this.id = id
    this.#given = given
    this.base = base ?? { index: 0, term: 0 }
    this.snapshot = snapshot
    this.entries = logOf(log, this.base.index)
    this.hardState = { value: { currentTerm: term ?? this.entries.at(-1)?.term ?? this.base.term, votedFor } }
    this.#raft = new Raft(
      { id, bootstrap: configurationOf(voters), ...PLAIN, ...config },
      { hardState: this.hardState.value, base: this.base, entries: [...this.entries], ...(snapshot && { snapshot }) },
      0,
    )
    this.#follow(this.#raft.initial())
    if (given.disk !== 'manual') this.persist()
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

  describe(index: number): ReturnType<Raft['describe']> {
    return this.#raft.describe(index)
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
    return this.step({ type: 'propose', proposals: [{ id, data: new TextEncoder().encode(text) }] })
  }

  /** The disk is done with the next `count` writes. */
  persist(count = Number.POSITIVE_INFINITY): void {
    for (let done = 0; done < count; done += 1) {
      const write = this.#writes.shift()
      if (!write) return
      this.#write(write)
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
    const { base, snapshot } = this
    const restarted = new Server({
      ...this.#given,
      term,
      votedFor,
      log: this.entries,
      base,
      ...(snapshot && { snapshot }),
    })
    restarted.now = this.now
    return restarted
  }

  /** Wins the election of the next term with the vote of server 2 (and more, in a larger cluster). */
  lead(): this {
    this.expire()
    for (const from of this.#others) {
      if (this.status.role !== 'pre-candidate') break
      this.receive(preVote({ from, to: this.id, term: this.status.currentTerm + 1 }))
    }
    this.persist()
    const { currentTerm } = this.status
    for (const from of this.#others) {
      if (this.status.role === 'candidate') this.receive(vote({ from, to: this.id, term: currentTerm }))
    }
    if (this.status.role !== 'leader') throw new Error(`server ${this.id} did not win`)
    this.take()
    return this
  }

  progress(peer: NodeId): ProgressView {
    return this.status.progress.find((each) => each.peer === peer)!
  }

  get #others(): readonly NodeId[] {
    const { voters, outgoing } = this.status.configuration
    return [...new Set([...voters, ...outgoing])].filter((voter) => voter !== this.id)
  }

  /** What a disk does with a write, in the order that the contract gives. */
  #write({ install, truncateFrom, entries, hardState, compactTo }: Write): void {
    if (install) {
      const { snapshot, keepsLog } = install
      this.entries = keepsLog ? this.entries.filter(({ index }) => index > snapshot.index) : []
      this.base = { index: snapshot.index, term: snapshot.term }
      this.snapshot = snapshot
    }
    if (truncateFrom !== undefined) this.entries = this.entries.filter(({ index }) => index < truncateFrom)
    this.entries.push(...entries)
    if (hardState) this.hardState.value = hardState
    if (compactTo) {
      this.entries = this.entries.filter(({ index }) => index > compactTo.index)
      this.base = compactTo
    }
  }

  #follow(effects: Effects): void {
    if (effects.write) this.#writes.push(effects.write)
    if (effects.restore) this.restored.push(effects.restore)
    if (effects.chunk) this.chunks.push(effects.chunk)
    this.reads.push(...effects.reads)
    this.requests.push(...effects.requests)
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
  return { type: 'RequestVote', ...FROM_2, lastLogIndex: 0, lastLogTerm: 0, transfer: false, ...told }
}

export function vote(told: Told<RequestVoteReply> = {}): RequestVoteReply {
  return { type: 'RequestVoteReply', ...FROM_2, voteGranted: true, ...told }
}

export function requestPreVote(told: Told<RequestPreVote> = {}): RequestPreVote {
  return { type: 'RequestPreVote', ...FROM_2, lastLogIndex: 0, lastLogTerm: 0, ...told }
}

export function preVote(told: Told<RequestPreVoteReply> = {}): RequestPreVoteReply {
  return { type: 'RequestPreVoteReply', ...FROM_2, voteGranted: true, ...told }
}

export function snapshotAt(index: number, term: Term, voters: readonly NodeId[] = [1, 2, 3]): SnapshotMeta {
  return { index, term, configuration: configurationOf(voters), bytes: 300, checksum: 7 }
}

export function installSnapshot(told: Told<InstallSnapshot> = {}): InstallSnapshot {
  return {
    type: 'InstallSnapshot',
    ...FROM_2,
    snapshot: snapshotAt(10, 1),
    offset: 0,
    data: new Uint8Array(100),
    done: false,
    round: 0,
    ...told,
  }
}

export function installed(told: Told<InstallSnapshotReply> = {}): InstallSnapshotReply {
  return { type: 'InstallSnapshotReply', ...FROM_2, index: 10, offset: 0, installed: true, round: 0, ...told }
}

/** With `terms`: the terms of the entries that follow prevLogIndex. */
export function append(told: Told<AppendEntries> & { readonly terms?: readonly Term[] } = {}): AppendEntries {
  const { terms = [], ...fields } = told
  const prevLogIndex = fields.prevLogIndex ?? 0
  const entries = terms.map((term, i) => entry(prevLogIndex + 1 + i, term))
  return {
    type: 'AppendEntries',
    ...FROM_2,
    prevLogIndex,
    prevLogTerm: 0,
    entries,
    leaderCommit: 0,
    round: 0,
    quiesce: false,
    ...fields,
  }
}

export function appended(told: Told<AppendEntriesReply> = {}): AppendEntriesReply {
  return {
    type: 'AppendEntriesReply',
    ...FROM_2,
    success: true,
    matchIndex: 0,
    conflictIndex: 0,
    conflictTerm: 0,
    round: 0,
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
