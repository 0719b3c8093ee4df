/**
 * The loop of a node process. Everything that arrives is gathered until the end of the event loop's turn; then the core
 * is stepped with all of it, what it wants written goes to the disk as one batch, and what it wants sent to each peer as
 * one socket write. The contract that this keeps stands at the top of `raft/types.ts`.
 */
import { Raft } from '../../raft'
import type { Effects, Input, NodeId, ProposalResult, Restored, SnapshotMeta, Write } from '../../raft/types'
import type { Clock } from '../clock'
import { arrival, Conditioning } from '../conditioning'
import { type ConditionControl, Desk } from '../conditioning/desk'
import type { AdminRequest } from '../contract/admin'
import type { Look } from '../contract/breakpoint/types'
import type { ClientRequest } from '../contract/client'
import { entryData } from '../contract/command'
import type { ControlReply } from '../contract/control-conditions'
import type { MessageFrame, NamedMessage } from '../contract/frames'
import type { Launch } from '../contract/launch'
import { asProblem, type Problem } from '../contract/problem'
import type { Connection } from '../contract/transport'
import type { CoreClock } from '../core-clock'
import type { Disk } from '../disk/api'
import type { Armed } from '../faults/api'
import type { StateMachine } from '../kv/api'
import type { Journal } from '../telemetry/journal'
import { AdminDesk } from './admin'
import { Applying } from './applying'
import { type Finished, nothing, type OwnInput } from './arrived'
import { Call } from './call'
import { raftConfigOf } from './config'
import { refuse, sortOut } from './intake'
import { Outbox } from './outbox'
import type { SendResult } from './peers'
import { PendingCalls } from './pending'
import { Reads } from './reads'
import { Rounds } from './rounds'
import { SessionCount } from './session-count'
import { isSnapshotFrame, SnapshotReceiver, SnapshotSender } from './snapshot-transfer'
import { type SnapshotHeard, Snapshots } from './snapshots'
import { type ClockCause, NodeTime } from './time'

export interface RuntimeOptions {
  readonly launch: Launch
  readonly clock: Clock
  /** What the core goes by. */
  readonly coreClock: CoreClock
  readonly disk: Disk
  readonly restored: Restored
  readonly machine: StateMachine
  readonly journal: Journal
  /** Faults that wait for a message to leave. */
  readonly armed: Armed
  readonly send: (frame: MessageFrame) => SendResult
  /** How many other nodes there is a connection to now. */
  readonly connections: () => number
  /** Answers a control. */
  readonly reply: (reply: ControlReply) => void
  /** The process cannot go on. */
  readonly fatal: (problem: Problem) => void
}

export class Runtime {
  readonly #options: RuntimeOptions
  readonly #journal: Journal
  readonly #raft: Raft
  readonly #outbox: Outbox
  readonly #pending = new PendingCalls()
  readonly #reads: Reads
  readonly #admin: AdminDesk
  readonly #applying: Applying
  readonly #snapshots: Snapshots
  /** A snapshot that is durable, and of which the core has not heard. */
  #untold: SnapshotMeta | undefined
  readonly #sender: SnapshotSender
  readonly #receiver: SnapshotReceiver
  readonly #sessions: SessionCount
  readonly #links: Conditioning
  readonly #desk: Desk
  readonly #time: NodeTime
  #arrived = nothing()
  readonly #rounds: Rounds
  #mode: 'running' | 'frozen' | 'ended' = 'running'
  #deadline = Number.POSITIVE_INFINITY
  #fsyncMicros = 0
  #durable: { currentTerm: number; votedFor: number }

  constructor(options: RuntimeOptions) {
    const { launch, clock, coreClock, disk, restored, machine, journal } = options
    const { node, settings } = launch
    const failed = (error: unknown) => this.#failed(error)
    this.#options = options
    this.#journal = journal
    this.#durable = restored.hardState
    this.#rounds = new Rounds(clock, (now) => this.#turn(now))
    this.#outbox = new Outbox(launch.incarnation, (frame) => this.#leave(frame))
    this.#reads = new Reads(
      (key) => machine.get(key),
      () => (this.#isBlind() ? this.#raft.status().leader : undefined),
    )
    this.#admin = new AdminDesk(node, (heard) => this.#requestSnapshot(heard))
    this.#sessions = new SessionCount(machine, journal)
    this.#applying = new Applying({
      machine,
      load: (position) => disk.snapshots.load(position),
      executed: (entry, outcome) => {
        this.#snapshots.applied(entry)
        this.#pending.applied(entry, outcome)
      },
      restored: ({ index }) => {
        this.#snapshots.restored()
        this.#pending.overtaken(index)
      },
      trouble: (problem) => journal.trouble(problem),
      wake: () => this.#schedule(),
      fatal: failed,
    })
    this.#snapshots = new Snapshots({
      node,
      settings,
      files: disk.snapshots,
      machine,
      describe: (index) => this.#raft.describe(index),
      saved: (snapshot, heard) => this.#snapshotSaved(snapshot, heard),
      failed,
    })
    this.#sender = new SnapshotSender(
      disk.snapshots,
      settings.snapshotChunkBytes,
      (frame) => {
        this.#arrived.filled.push(frame)
        this.#schedule()
      },
      failed,
    )
    this.#receiver = new SnapshotReceiver(disk.snapshots, (input, cause) => this.#tell({ input, cause }), failed)
    this.#links = new Conditioning({
      node,
      incarnation: launch.incarnation,
      links: launch.conditions.links,
      deliver: (one) => this.#deliver(one.frame, one.id, one.isEdited),
      tell: (body) => journal.tell(body),
    })
    this.#desk = new Desk({
      node,
      links: this.#links,
      clock: coreClock,
      deadline: () => this.#deadline,
      clockMoved: (cause, wasTrue) => this.#clockMoved(cause, wasTrue),
      reply: (reply) => options.reply(reply),
      connections: () => options.connections(),
    })
    const wake = () => this.#schedule()
    this.#time = new NodeTime({ clock, coreClock, links: this.#links, journal, wake })
    this.#raft = new Raft(raftConfigOf(launch), restored, this.#time.now)
  }

  /** Begins, in the turn in which it was made: the first election timer runs from then. */
  start(): void {
    const { snapshot } = this.#options.restored
    if (snapshot !== undefined) this.#applying.restore(snapshot, 0)
    this.#time.moved('launched', true)
    this.#take(this.#raft.initial())
    this.#endTurn()
  }

  /** Microseconds that the last write to disk took. */
  get fsyncMicros(): number {
    return this.#fsyncMicros
  }

  /** Between two turns: what was not worth an event at the time. */
  tellSessions(): void {
    this.#time.stamp()
    this.#sessions.tell(this.#time.t)
  }

  /** What the node is now, for who looks for a moment to stop at. */
  look(): Look {
    const status = this.#raft.status()
    return {
      role: status.role,
      term: status.currentTerm,
      votedFor: status.votedFor,
      leader: status.leader,
      commitIndex: status.commitIndex,
      lastApplied: this.#applying.lastApplied,
      firstIndex: status.firstIndex,
      lastIndex: status.lastIndex,
      durableIndex: status.durableIndex,
      snapshotIndex: status.snapshot?.index ?? 0,
      quiescent: status.isQuiescent,
      voters: status.configuration.voters.length,
      held: this.#links.held,
    }
  }

  message(frame: MessageFrame): void {
    if (this.#mode === 'ended') return
    this.#arrived.messages.push(frame)
    this.#schedule()
  }

  request(connection: Connection, request: ClientRequest): void {
    if (this.#mode === 'ended') return
    this.#arrived.calls.push(new Call(connection, request))
    this.#schedule()
  }

  admin(connection: Connection, request: AdminRequest): void {
    if (this.#mode === 'ended') return
    this.#arrived.admin.push({ connection, request })
    this.#schedule()
  }

  trouble(problem: Problem): void {
    if (this.#mode === 'ended') return
    this.#arrived.troubles.push(problem)
    this.#schedule()
  }

  /** The connection to a peer broke. */
  unreachable(peer: NodeId): void {
    this.#tell({ input: { type: 'unreachable', peer } })
  }

  /** A connection to a peer opened. */
  reachable(peer: NodeId): void {
    this.#tell({ input: { type: 'reachable', peer } })
  }

  /** A condition of a link or the clock changes, in the next turn. */
  obey(control: ConditionControl): void {
    if (this.#mode === 'ended') return
    this.#arrived.controls.push(control)
    this.#schedule()
  }

  /** Answers what was asked for and is being done: the node stands in the middle of it. */
  settle(): void {
    this.#desk.settle()
  }

  /**
   * The last `nanos` did not happen for this node: the cluster was stopped. To be called as soon as it is known, before the next
   * turn looks at the clock; or within a turn, whose events happen after the stop from then on.
   */
  slept(nanos: number): void {
    if (this.#mode === 'ended') return
    this.#time.slept(nanos)
    this.#schedule()
  }

  /** Steps and ticks no more, until it is called with false. What arrives waits. */
  freeze(isFrozen: boolean): void {
    if (this.#mode === 'ended') return
    this.#mode = isFrozen ? 'frozen' : 'running'
    if (isFrozen) this.#time.stop()
    else this.#schedule()
  }

  /** Finishes the writes under way, with all that waits for them; takes part in nothing afterwards. */
  async stop(): Promise<void> {
    this.halt()
    await this.#options.disk.close()
    this.#time.begin()
    if (this.#untold !== undefined) this.#journal.snapshotSaved(this.#untold, this.#options.launch.node)
    this.#takeFinished(this.#arrived.finished)
    this.#apply()
    this.#journal.turnEnded()
  }

  /** Takes part in nothing from now on. */
  halt(): void {
    this.#mode = 'ended'
    this.#time.stop()
    this.#arrived = { ...nothing(), finished: this.#arrived.finished }
  }

  #tell(own: OwnInput): void {
    if (this.#mode === 'ended') return
    this.#arrived.inputs.push(own)
    this.#schedule()
  }

  #failed(error: unknown): void {
    // Whatever is cut short by the end of the node is no failure.
    if (this.#mode !== 'ended') this.#options.fatal(asProblem(error))
  }

  #schedule(): void {
    if (this.#mode === 'running') this.#rounds.schedule()
  }

  #turn(now: number): void {
    if (this.#mode !== 'running') return
    this.#time.begin(now)
    const arrived = this.#arrived
    this.#arrived = nothing()
    const slept = this.#time.takeSlept()
    if (slept !== undefined) this.#clockMoved('slept', slept.wasTrue)
    this.#takeFinished(arrived.finished)
    for (const problem of arrived.troubles) this.#journal.trouble(problem)
    for (const control of arrived.controls) this.#desk.take(control, this.#time.t)
    for (const frame of arrived.filled) this.#send(frame)
    for (const { input, cause, taken } of arrived.inputs) {
      this.#step(input, cause)
      taken?.()
    }
    this.#links.run(this.#time.t)
    for (const frame of arrived.messages) this.#receive(frame)
    if (arrived.calls.length > 0) this.#takeCalls(arrived.calls)
    for (const arrival of arrived.admin) {
      const input = this.#admin.take(arrival)
      if (input !== undefined) this.#step(input)
    }
    this.#lookAtDeadline()
    this.#endTurn()
  }

  #endTurn(): void {
    this.#apply()
    if (this.#mode === 'running') this.#time.end(this.#deadline)
    this.#journal.turnEnded()
  }

  #lookAtDeadline(): void {
    if (this.#time.now >= this.#deadline) this.#step({ type: 'deadline' })
  }

  #clockMoved(cause: ClockCause, wasTrue: boolean): void {
    const isTold = this.#time.moved(cause, wasTrue)
    if (this.#time.now >= this.#deadline) this.#step({ type: 'deadline' })
    else if (isTold && this.#raft.status().role !== 'leader') this.#journal.timer(this.#deadline)
  }

  #receive(frame: MessageFrame): void {
    if (this.#links.concerns(frame.message.from)) this.#links.take(arrival(frame), this.#time.t)
    else this.#deliver(frame, frame.id, false)
  }

  /** `id`: of the message, or of the copy that this is. */
  #deliver(frame: MessageFrame, id: number, isEdited: boolean): void {
    this.#journal.received(frame, id)
    this.#take(this.#raft.step(this.#time.now, { type: 'message', message: frame.message }), frame, isEdited)
  }

  #takeCalls(calls: readonly Call[]): void {
    const { node, settings } = this.#options.launch
    const waiting = this.#pending.count + this.#reads.count
    const { proposed, byIndex, byLease, stale } = sortOut(calls, waiting, node, settings)
    if (proposed.length > 0) this.#propose(proposed)
    if (byIndex.length > 0) this.#step(this.#reads.ask(byIndex, 'index'))
    if (byLease.length > 0) this.#step(this.#reads.ask(byLease, 'lease'))
    for (const call of stale) this.#reads.stale(call, this.#applying.lastApplied)
  }

  /** A witness has nothing to read, also before it has heard that it is one. */
  #isBlind(): boolean {
    return this.#applying.hasGaps || this.#raft.status().configuration.witnesses.includes(this.#options.launch.node)
  }

  #propose(calls: readonly Call[]): void {
    const time = Date.now()
    const { sessionTimeoutMs } = this.#options.launch.settings
    const proposals = calls.map(({ request }, id) => ({ id, data: entryData(request, time, sessionTimeoutMs) }))
    const effects = this.#raft.step(this.#time.now, { type: 'propose', proposals })
    for (const result of effects.proposals) {
      const call = calls[result.id]
      if (call !== undefined) this.#proposed(call, result)
    }
    this.#take(effects)
  }

  #proposed(call: Call, result: ProposalResult): void {
    if (result.accepted) {
      this.#pending.add(result.index, result.term, call)
      return
    }
    const { node, settings } = this.#options.launch
    refuse(call, result, { node, uncommitted: this.#raft.status().uncommittedBytes, max: settings.maxUncommittedBytes })
  }

  #step(input: Input, cause?: NamedMessage): void {
    this.#take(this.#raft.step(this.#time.now, input), cause)
  }

  /** `isEdited`: nobody but this node knows what `cause` says. */
  #take(effects: Effects, cause?: NamedMessage, isEdited = false): void {
    const isEcho = cause?.message.type === 'AppendEntries' && !isEdited
    this.#journal.observed(effects.observations, effects.write, isEcho)
    if (effects.messages.length > 0) this.#journal.ahead()
    if (effects.write !== undefined && this.#mode !== 'ended') this.#write(effects.write)
    this.#outbox.add(effects.messages, cause)
    if (effects.restore !== undefined) this.#applying.restore(effects.restore, effects.write?.number ?? 0)
    this.#applying.commit(effects.committed)
    if (effects.chunk !== undefined && this.#mode !== 'ended') this.#receiver.store(effects.chunk, cause)
    this.#reads.answered(effects.reads, this.#applying.lastApplied)
    this.#admin.answered(effects.requests)
    this.#deadline = effects.deadline
  }

  /** The disk keeps the order, and puts what waits together into one write and one fdatasync. */
  #write(write: Write): void {
    this.#options.disk.write(write).then(
      ({ bytes, micros }) => {
        this.#arrived.finished.push({ write, bytes, micros })
        this.#schedule()
      },
      (error) => this.#options.fatal(asProblem(error)),
    )
  }

  #takeFinished(finished: readonly Finished[]): void {
    const last = finished.at(-1)
    if (last === undefined) return
    for (const { write } of finished) this.#durable = write.hardState ?? this.#durable
    this.#fsyncMicros = last.micros
    const effects = this.#raft.step(this.#time.now, { type: 'persisted', write: last.write.number })
    this.#journal.tell({
      kind: 'persisted',
      lastIndex: this.#raft.status().durableIndex,
      ...this.#durable,
      bytes: finished.reduce((sum, { bytes }) => sum + bytes, 0),
      micros: last.micros,
    })
    this.#outbox.persisted(last.write.number)
    this.#applying.persisted(last.write.number)
    this.#take(effects)
  }

  /** At the end of a turn: what it committed, and whoever waited for that. */
  #apply(): void {
    const before = this.#applying.lastApplied
    this.#applying.run()
    const { lastApplied } = this.#applying
    if (lastApplied !== before) {
      this.#journal.tell({ kind: 'applied', lastApplied })
      this.#reads.applied(lastApplied)
    }
    this.#sessions.tell(this.#time.t)
    if (this.#mode === 'running' && !this.#applying.isRestoring) this.#snapshots.consider(lastApplied)
  }

  #requestSnapshot(heard: SnapshotHeard): string | undefined {
    if (this.#applying.isRestoring) return 'under-way'
    return this.#snapshots.request(heard)
  }

  #snapshotSaved(snapshot: SnapshotMeta, heard: readonly SnapshotHeard[]): void {
    this.#untold = snapshot
    this.#tell({
      input: { type: 'snapshot-saved', snapshot },
      taken: () => {
        this.#untold = undefined
        for (const hear of heard) hear(snapshot)
      },
    })
  }

  /** A message may leave now. */
  #leave(frame: NamedMessage): void {
    if (isSnapshotFrame(frame)) this.#sender.fill(frame)
    else this.#send(frame)
  }

  #send(frame: NamedMessage): void {
    const { armed, send } = this.#options
    if (!armed.sending(frame)) return
    this.#journal.sent(frame)
    const result = send({ ...frame, sentAt: this.#time.t })
    if (result === 'sent') armed.sent(frame)
    else this.#journal.dropped(frame, result)
  }
}
