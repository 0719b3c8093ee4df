/**
 * The state of one server (Figure 2) and the effects of the step that is being taken. The rules live beside it, by
 * concept: `roles.ts`, `election.ts`, `replication.ts` (the leader's side), `following.ts` (the follower's side).
 */
import { Durability } from './durability'
import { invariant } from './invariant'
import { RaftLog } from './log'
import type { Progress } from './progress'
import type {
  Effects,
  Entry,
  Index,
  Message,
  Millis,
  NodeId,
  Observation,
  ProposalResult,
  RaftConfig,
  RemarkName,
  Restored,
  Role,
  Term,
  Write,
} from './types'
import { NONE } from './types'

/** Everything that the running step has asked for so far. */
interface Pending {
  readonly messages: Message[]
  readonly appended: Entry[]
  readonly committed: Entry[]
  readonly proposals: ProposalResult[]
  readonly observations: Observation[]
  truncateFrom: Index | undefined
  hardState: boolean
}

function nothing(): Pending {
  return {
    messages: [],
    appended: [],
    committed: [],
    proposals: [],
    observations: [],
    truncateFrom: undefined,
    hardState: false,
  }
}

export class Core {
  readonly config: RaftConfig
  readonly id: NodeId
  /** The other voters. */
  readonly peers: readonly NodeId[]
  readonly log: RaftLog
  readonly disk: Durability
  now: Millis

  role: Role = 'follower'
  /** The leader of currentTerm, as far as it is known. */
  leader: NodeId = NONE
  electionDeadline: Millis = 0
  /** Leaders only. */
  heartbeatDeadline: Millis = 0
  /** Candidates only: what each voter answered. */
  readonly votes = new Map<NodeId, boolean>()
  /** Leaders only: one for each peer. */
  readonly progress = new Map<NodeId, Progress>()
  /** Leaders only: the highest index that a majority has and that still waits for an entry of the leader's own term. */
  waitingIndex: Index = 0

  #currentTerm: Term
  #votedFor: NodeId
  #commitIndex: Index = 0
  /** The write that carries the present hard state. */
  #hardStateWrite = 0
  #pending: Pending = nothing()

  constructor(config: RaftConfig, restored: Restored, now: Millis) {
    const { currentTerm, votedFor } = restored.hardState
    invariant(config.voters.includes(config.id), `node ${config.id} must be one of the voters`)
    invariant(config.maxInFlight >= 1, 'at least one message must be allowed under way')
    this.config = config
    this.id = config.id
    this.peers = config.voters.filter((voter) => voter !== config.id)
    this.log = new RaftLog(restored.entries)
    this.disk = new Durability(this.log.lastIndex)
    this.now = now
    this.#currentTerm = currentTerm
    this.#votedFor = votedFor
    invariant(
      this.log.lastTerm <= currentTerm,
      `an entry of term ${this.log.lastTerm} on disk, but term ${currentTerm}`,
    )
  }

  get currentTerm(): Term {
    return this.#currentTerm
  }

  get votedFor(): NodeId {
    return this.#votedFor
  }

  get commitIndex(): Index {
    return this.#commitIndex
  }

  /** When the caller must step next, if nothing else happens. */
  get deadline(): Millis {
    return this.role === 'leader' ? this.heartbeatDeadline : this.electionDeadline
  }

  /** Does the disk have the present term and vote? */
  get isHardStateDurable(): boolean {
    return !this.#pending.hardState && this.disk.isPersisted(this.#hardStateWrite)
  }

  /** Term and vote change together, and never apart: a vote holds for its whole term (§5.2). */
  setHardState(term: Term, votedFor: NodeId): void {
    invariant(term >= this.#currentTerm, `the term cannot go back from ${this.#currentTerm} to ${term}`)
    invariant(
      term > this.#currentTerm || this.#votedFor === NONE || this.#votedFor === votedFor,
      `the vote of term ${term} is given to ${this.#votedFor} already`,
    )
    if (term === this.#currentTerm && votedFor === this.#votedFor) return
    this.#currentTerm = term
    this.#votedFor = votedFor
    this.#pending.hardState = true
    this.observe({ kind: 'hardState', currentTerm: term, votedFor })
  }

  /** Adds entries at the end of the log, in memory and in this step's write. */
  append(entries: readonly Entry[]): void {
    this.log.append(entries)
    invariant(
      this.log.lastTerm <= this.#currentTerm,
      `an entry of term ${this.log.lastTerm} in term ${this.currentTerm}`,
    )
    for (const entry of entries) this.#pending.appended.push(entry)
    this.observe({ kind: 'appended', entries })
  }

  /** Removes a follower's entries from `from` on; a committed entry never goes. */
  truncate(from: Index): void {
    invariant(this.role !== 'leader', 'a leader never removes an entry of its own log (§5.3, Leader Append-Only)')
    invariant(from > this.#commitIndex, `entry ${from} is committed and cannot be replaced`)
    invariant(this.#pending.appended.length === 0, 'one step truncates before it appends')
    this.log.truncate(from)
    this.disk.truncate(from)
    this.#pending.truncateFrom = from
    this.observe({ kind: 'truncated', fromIndex: from })
  }

  /** Moves commitIndex up to `index`; never down. */
  commitTo(index: Index, by: 'counted' | 'learned'): void {
    if (index <= this.#commitIndex) return
    invariant(index <= this.log.lastIndex, `entry ${index} cannot be committed: the log ends at ${this.log.lastIndex}`)
    for (const entry of this.log.slice(this.#commitIndex + 1, index)) this.#pending.committed.push(entry)
    this.#commitIndex = index
    this.observe({ kind: 'committed', commitIndex: index, by })
  }

  /** Draws a new election timeout (§5.2: randomized, so that split votes are rare). */
  resetElectionTimer(): void {
    const { electionTimeout, random } = this.config
    const duration = electionTimeout * (1 + random())
    this.electionDeadline = this.now + duration
    this.observe({ kind: 'timer', deadline: this.electionDeadline, duration })
  }

  send(message: Message): void {
    this.#pending.messages.push(message)
  }

  answerProposal(result: ProposalResult): void {
    this.#pending.proposals.push(result)
  }

  observe(observation: Observation): void {
    this.#pending.observations.push(observation)
  }

  remark(name: RemarkName, peer: NodeId, index: Index = 0): void {
    this.observe({ kind: 'remark', name, peer, term: this.currentTerm, index })
  }

  /** Ends the step: what it asked for. */
  takeEffects(): Effects {
    const { messages, committed, proposals, observations } = this.#pending
    const write = this.#takeWrite()
    for (const progress of this.progress.values()) {
      const changed = progress.changes()
      if (changed) observations.push({ kind: 'progress', progress: changed })
    }
    const awaited = this.disk.awaited
    this.#pending = nothing()
    return {
      // What a vote or an acknowledgement says must be on disk first: everything known so far. A leader's entries may
      // travel while its own disk works; it counts itself only later (dissertation §10.2.1).
      messages: messages.map((message) => ({ message, afterWrite: message.type === 'AppendEntries' ? 0 : awaited })),
      ...(write && { write }),
      committed,
      proposals,
      observations,
      deadline: this.deadline,
    }
  }

  #takeWrite(): Write | undefined {
    const { truncateFrom, appended, hardState } = this.#pending
    if (truncateFrom === undefined && appended.length === 0 && !hardState) return undefined
    const number = this.disk.issue(appended.at(-1)?.index ?? 0)
    if (hardState) this.#hardStateWrite = number
    return {
      number,
      ...(truncateFrom !== undefined && { truncateFrom }),
      entries: appended,
      ...(hardState && { hardState: { currentTerm: this.currentTerm, votedFor: this.votedFor } }),
    }
  }
}
