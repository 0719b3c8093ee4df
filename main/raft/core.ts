/**
 * The state of one server (Figure 2) and the effects of the step that is being taken. The rules live beside it, by
 * concept: `roles.ts`, `election.ts`, `election-timer.ts`, `eligibility.ts`, `replication.ts` (the leader's side),
 * `following.ts` (the follower's side), `commitment.ts`, `changes.ts` (membership), `snapshots.ts`, `reads.ts`,
 * `transfer.ts`, `quiescence.ts`. `pending.ts` turns what a step asked for into its effects.
 */
import { type Configuration, isVoter, membersOf } from './configuration'
import { Configurations } from './configurations'
import { Durability } from './durability'
import { broken, invariant } from './invariant'
import { RaftLog } from './log'
import { type Departure, effectsOf, needsDisk, nothing, type Pending, reachOf, writeOf } from './pending'
import { Progress } from './progress'
import { type Reads, readsOf } from './read-state'
import type { TransferState } from './transfer'
import type {
  Effects,
  Entry,
  EntryType,
  Index,
  Message,
  Millis,
  NodeId,
  Observation,
  ProposalResult,
  RaftConfig,
  ReadResult,
  RemarkName,
  RequestResult,
  Restored,
  Role,
  SnapshotChunk,
  SnapshotMeta,
  Term,
  Write,
} from './types'
import { NONE } from './types'

/** A membership change that waits for its last configuration to be committed. */
export interface PendingChange {
  readonly id: number
  /** Of the configuration that it waits for. */
  readonly index: Index
}

export class Core {
  readonly config: RaftConfig
  readonly id: NodeId
  readonly log: RaftLog
  readonly disk: Durability
  readonly configurations: Configurations
  now: Millis

  role: Role = 'follower'
  /** The leader of currentTerm, as far as it is known. */
  leader: NodeId = NONE
  electionDeadline: Millis = 0
  /** When the election timeout was drawn last; -Infinity when no drawn one runs. See `election-timer.ts`. */
  electionTimerSetAt: Millis = Number.NEGATIVE_INFINITY
  /** When a leader was heard last. Before the first time, with leases in use, a restart counts: see `election.ts`. */
  lastContact: Millis
  /** Candidates only: what each voter answered. */
  readonly votes = new Map<NodeId, boolean>()
  readonly reads: Reads = readsOf()
  snapshot: SnapshotMeta | undefined
  isQuiescent = false

  // Leaders only
  heartbeatDeadline: Millis = 0
  /** One for each other member. */
  readonly progress = new Map<NodeId, Progress>()
  /** The highest index that a majority has and that still waits for an entry of the leader's own term. */
  waitingIndex: Index = 0
  /** Entry bytes that are not committed yet. */
  uncommittedBytes = 0
  change: PendingChange | undefined
  transfer: TransferState | undefined
  /** When leadership may be handed to a higher priority again, after that failed. */
  nextPriorityCheck: Millis = Number.NEGATIVE_INFINITY
  /** Rounds of heartbeats in a row in which nothing happened. */
  idleRounds = 0

  #currentTerm: Term
  #votedFor: NodeId
  #commitIndex: Index
  /** Up to where `configuration` events have said "committed". */
  #committedConfiguration: Index
  /** The write that carries the present hard state. */
  #hardStateWrite = 0
  #pending: Pending = nothing()

  constructor(config: RaftConfig, restored: Restored, now: Millis) {
    const { hardState, base, entries, snapshot } = restored
    invariant(config.maxInFlight >= 1, 'at least one message must be allowed under way')
    invariant(base.index <= (snapshot?.index ?? 0), `the log begins after ${base.index} and no snapshot covers that`)
    this.config = config
    this.id = config.id
    this.log = new RaftLog(entries, base)
    this.disk = new Durability(this.log.lastIndex)
    this.snapshot = snapshot
    this.configurations = new Configurations(
      { index: snapshot?.index ?? 0, configuration: snapshot?.configuration ?? config.bootstrap },
      entries,
    )
    this.now = now
    this.lastContact = config.leaseReads ? now : Number.NEGATIVE_INFINITY
    this.#currentTerm = hardState.currentTerm
    this.#votedFor = hardState.votedFor
    this.#commitIndex = snapshot?.index ?? 0
    this.#committedConfiguration = this.#commitIndex
    invariant(
      this.log.lastTerm <= hardState.currentTerm,
      `an entry of term ${this.log.lastTerm} on disk, but term ${hardState.currentTerm}`,
    )
    invariant(this.log.lastIndex >= this.#commitIndex, 'the log ends before the snapshot')
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

  /** The configuration that counts: the latest in the log (§6). */
  get configuration(): Configuration {
    return this.configurations.latest.configuration
  }

  get isLeader(): boolean {
    return this.role === 'leader'
  }

  get isVoter(): boolean {
    return isVoter(this.configuration, this.id)
  }

  /** Every other voter, of both sides of a joint configuration. */
  get otherVoters(): readonly NodeId[] {
    const { configuration } = this
    return membersOf(configuration).filter((member) => member !== this.id && isVoter(configuration, member))
  }

  /** Has the leader committed an entry of its own term, so that its commitIndex is known to be up to date (§8)? */
  get hasCommittedInTerm(): boolean {
    return this.log.termAt(this.#commitIndex) === this.#currentTerm
  }

  /** When the caller must step next, if nothing else happens. */
  get deadline(): Millis {
    if (this.isQuiescent) return Number.POSITIVE_INFINITY
    return this.isLeader ? this.heartbeatDeadline : this.electionDeadline
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

  /** A new entry at the end of the leader's log. */
  appendNew(type: EntryType, data: Uint8Array): Entry {
    const index = this.log.lastIndex + 1
    const term = this.#currentTerm
    const entry = this.config.makeEntry?.(index, term, type, data) ?? { index, term, type, data }
    this.uncommittedBytes += entry.data.length
    this.append([entry])
    return entry
  }

  /** Adds entries at the end of the log, in memory and in this step's write. */
  append(entries: readonly Entry[]): void {
    this.log.append(entries)
    if (this.log.lastTerm > this.#currentTerm) {
      broken(`an entry of term ${this.log.lastTerm} in term ${this.currentTerm}`)
    }
    for (const entry of entries) this.#pending.appended.push(entry)
    this.observe({ kind: 'appended', entries })
    if (this.configurations.append(entries)) this.observeConfiguration('appended')
  }

  /** Removes a follower's entries from `from` on; a committed entry never goes. */
  truncate(from: Index): void {
    invariant(!this.isLeader, 'a leader never removes an entry of its own log (§5.3, Leader Append-Only)')
    invariant(from > this.#commitIndex, `entry ${from} is committed and cannot be replaced`)
    invariant(this.#pending.appended.length === 0, 'one step truncates before it appends')
    this.log.truncate(from)
    this.disk.truncate(from)
    this.#pending.truncateFrom = from
    this.observe({ kind: 'truncated', fromIndex: from })
    if (this.configurations.truncate(from)) this.observeConfiguration('rolled-back')
  }

  /** Lets entries go that a durable snapshot covers. */
  compact(index: Index): void {
    invariant(index <= (this.snapshot?.index ?? 0), `no snapshot covers entry ${index}`)
    this.log.compactTo(index)
    this.configurations.forgetBefore(index)
    this.#pending.compactTo = this.log.base
    this.observe({ kind: 'compacted', firstIndex: this.log.firstIndex })
  }

  /** Becomes what a received snapshot says (§7): log, configuration, commitIndex; the state machine follows. */
  install(snapshot: SnapshotMeta): void {
    const { index, term, configuration } = snapshot
    invariant(!this.isLeader, 'a leader has every committed entry itself')
    invariant(index > this.#commitIndex, `the snapshot of ${index} is older than commitIndex ${this.#commitIndex}`)
    const keepsLog = this.log.matches(index, term)
    if (keepsLog) {
      this.log.compactTo(index)
    } else {
      this.disk.install(this.#commitIndex)
      this.log.reset(snapshot)
    }
    this.configurations.restore({ index, configuration }, keepsLog)
    this.snapshot = snapshot
    this.#commitIndex = index
    this.#committedConfiguration = index
    this.#pending.install = { snapshot, keepsLog }
    this.#pending.restore = snapshot
    this.observe({
      kind: 'snapshot',
      stage: 'installed',
      index,
      term,
      bytes: snapshot.bytes,
      offset: snapshot.bytes,
      peer: NONE,
    })
    this.observe({ kind: 'committed', commitIndex: index, by: 'snapshot' })
    this.observeConfiguration('restored')
  }

  /** Moves commitIndex up to `index`; never down. */
  commitTo(index: Index, by: 'counted' | 'learned'): void {
    if (index <= this.#commitIndex) return
    invariant(index <= this.log.lastIndex, `entry ${index} cannot be committed: the log ends at ${this.log.lastIndex}`)
    for (const entry of this.log.slice(this.#commitIndex + 1, index)) {
      this.#pending.committed.push(entry)
      if (this.isLeader) this.uncommittedBytes -= entry.data.length
    }
    this.#commitIndex = index
    this.observe({ kind: 'committed', commitIndex: index, by })
    const placed = this.configurations.at(index)
    if (placed.index <= this.#committedConfiguration) return
    this.#committedConfiguration = placed.index
    this.observe({ kind: 'configuration', ...placed, standing: 'committed' })
  }

  /** A leader's progress follows the configuration: everybody in it, newcomers from `nextIndex` on, and nobody else. */
  followMembers(nextIndex: Index): void {
    const members = membersOf(this.configuration)
    for (const peer of this.progress.keys()) if (!members.includes(peer)) this.progress.delete(peer)
    for (const member of members) {
      if (member === this.id || this.progress.has(member)) continue
      this.progress.set(member, new Progress(member, nextIndex, this.now))
    }
  }

  send(message: Message, departure: Departure): void {
    this.#pending.messages.push({ message, departure })
  }

  store(chunk: SnapshotChunk): void {
    this.#pending.chunk = chunk
  }

  answerProposal(result: ProposalResult): void {
    this.#pending.proposals.push(result)
  }

  answerRead(result: ReadResult): void {
    this.#pending.reads.push(result)
  }

  answerRequest(result: RequestResult): void {
    this.#pending.requests.push(result)
  }

  observe(observation: Observation): void {
    this.#pending.observations.push(observation)
  }

  observeConfiguration(standing: 'appended' | 'rolled-back' | 'restored'): void {
    this.observe({ kind: 'configuration', ...this.configurations.latest, standing })
  }

  remark(name: RemarkName, peer: NodeId, index: Index = 0): void {
    this.observe({ kind: 'remark', name, peer, term: this.currentTerm, index })
  }

  /** Ends the step: what it asked for. */
  takeEffects(): Effects {
    for (const progress of this.progress.values()) {
      const changed = progress.changes()
      if (changed) this.observe({ kind: 'progress', progress: changed })
    }
    const pending = this.#pending
    const write = this.#takeWrite()
    this.#pending = nothing()
    return effectsOf(pending, write, this.disk.awaited, this.deadline)
  }

  #takeWrite(): Write | undefined {
    if (!needsDisk(this.#pending)) return undefined
    const number = this.disk.issue(reachOf(this.#pending))
    if (this.#pending.hardState) this.#hardStateWrite = number
    return writeOf(this.#pending, number, { currentTerm: this.currentTerm, votedFor: this.votedFor })
  }
}
