/**
 * The loop of a node process. Everything that arrives is gathered until the end of the event loop's turn; then the core
 * is stepped with all of it, what it wants written goes to the disk as one batch, and what it wants sent to each peer as
 * one socket write. The contract that this keeps stands at the top of `raft/types.ts`.
 */
import { Raft } from '../../raft'
import type { Effects, Entry, Input, Restored, Write } from '../../raft/types'
import { type Clock, toMillis } from '../clock'
import type { ClientRequest } from '../contract/client'
import { decodeCommand, encodeCommand } from '../contract/command'
import type { MessageFrame } from '../contract/frames'
import type { Launch } from '../contract/launch'
import { MAX_BATCH_BYTES } from '../contract/limits'
import { asProblem, Problem } from '../contract/problem'
import type { Connection } from '../contract/transport'
import type { Disk } from '../disk'
import { refusal } from '../kv/limits'
import { KeyValueStore, type Outcome } from '../kv/store'
import { dropped, type EventBody, observed, received, sent } from '../telemetry/event-body'
import { DeadlineTimer } from './deadline'
import { Outbox } from './outbox'
import type { SendResult } from './peers'
import { answer, type Call, PendingCalls, refused } from './pending'

const MAX_IN_FLIGHT = 8
/** Calls that may wait for a majority at one time. */
const MAX_WAITING_CALLS = 100_000

type Work =
  | { readonly type: 'message'; readonly frame: MessageFrame }
  | { readonly type: 'call'; readonly call: Call }
  | { readonly type: 'trouble'; readonly problem: Problem }

/** What the disk has finished since the last turn. */
interface Finished {
  readonly write: Write
  readonly bytes: number
  readonly micros: number
}

export interface RuntimeOptions {
  readonly launch: Launch
  readonly clock: Clock
  readonly disk: Disk
  readonly restored: Restored
  readonly report: (t: number, body: EventBody) => void
  readonly turnEnded: () => void
  readonly send: (frame: MessageFrame) => SendResult
  /** The process cannot go on. */
  readonly fatal: (problem: Problem) => void
}

export class Runtime {
  readonly #options: RuntimeOptions
  readonly #raft: Raft
  readonly #outbox: Outbox
  readonly #store = new KeyValueStore()
  readonly #calls = new PendingCalls()
  readonly #timer: DeadlineTimer
  readonly #blocked: Set<number>
  #work: Work[] = []
  #finished: Finished[] = []
  #isScheduled = false
  #mode: 'running' | 'frozen' | 'ended' = 'running'
  #deadline = 0
  #fsyncMicros = 0
  #durable: { currentTerm: number; votedFor: number }
  /** The time of the running turn. */
  #t = 0

  constructor(options: RuntimeOptions) {
    const { launch, clock, restored } = options
    this.#options = options
    this.#blocked = new Set(launch.blockedFrom)
    this.#durable = restored.hardState
    this.#outbox = new Outbox(launch.incarnation, (frame) => this.#send(frame))
    this.#timer = new DeadlineTimer(
      () => toMillis(clock.now()),
      () => this.#schedule(),
    )
    const config = {
      id: launch.node,
      voters: launch.peers.map(({ node }) => node),
      electionTimeout: launch.electionTimeoutMs,
      heartbeatInterval: launch.heartbeatMs,
      maxBatchBytes: MAX_BATCH_BYTES,
      maxInFlight: MAX_IN_FLIGHT,
      random: Math.random,
    }
    this.#t = clock.now()
    this.#raft = new Raft(config, restored, toMillis(this.#t))
  }

  /** Begins, in the turn in which it was made: the first election timer runs from then. */
  start(): void {
    this.#take(this.#raft.initial())
    this.#endTurn()
  }

  /** Microseconds that the last write to disk took. */
  get fsyncMicros(): number {
    return this.#fsyncMicros
  }

  message(frame: MessageFrame): void {
    this.#add({ type: 'message', frame })
  }

  request(connection: Connection, request: ClientRequest): void {
    this.#add({ type: 'call', call: { connection, request } })
  }

  trouble(problem: Problem): void {
    this.#add({ type: 'trouble', problem })
  }

  /** Link conditioning sits on the receiving side. */
  block(from: number, isBlocked: boolean): void {
    if (isBlocked) this.#blocked.add(from)
    else this.#blocked.delete(from)
  }

  /** Steps and ticks no more, until it is called with false. What arrives waits. */
  freeze(isFrozen: boolean): void {
    if (this.#mode === 'ended') return
    this.#mode = isFrozen ? 'frozen' : 'running'
    if (!isFrozen) this.#schedule()
  }

  /** Finishes the writes under way, with all that waits for them; takes part in nothing afterwards. */
  async stop(): Promise<void> {
    this.halt()
    await this.#options.disk.close()
    this.#t = this.#options.clock.now()
    this.#takeFinished()
    this.#options.turnEnded()
  }

  /** Takes part in nothing from now on. */
  halt(): void {
    this.#mode = 'ended'
    this.#timer.stop()
    this.#work = []
  }

  #add(work: Work): void {
    if (this.#mode === 'ended') return
    this.#work.push(work)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#mode !== 'running') return
    this.#isScheduled = true
    // After the sockets were read: a heartbeat that is there already is heard before the election timer is.
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#isScheduled = false
    if (this.#mode !== 'running') return
    this.#t = this.#options.clock.now()
    this.#takeFinished()
    const work = this.#work
    this.#work = []
    for (const item of work) this.#do(item)
    if (toMillis(this.#t) >= this.#deadline) this.#step({ type: 'deadline' })
    this.#endTurn()
  }

  #endTurn(): void {
    if (this.#mode === 'running') this.#timer.set(this.#deadline)
    this.#options.turnEnded()
  }

  #do(work: Work): void {
    switch (work.type) {
      case 'message':
        this.#receive(work.frame)
        break
      case 'call':
        this.#propose(work.call)
        break
      case 'trouble': {
        const { code, details } = work.problem
        this.#report({ kind: 'trouble', problem: code, detail: JSON.stringify(details) })
        break
      }
      default:
        work satisfies never
    }
  }

  #receive(frame: MessageFrame): void {
    if (this.#blocked.has(frame.message.from)) {
      this.#report(dropped(frame, 'blocked'))
      return
    }
    this.#report(received(frame))
    this.#step({ type: 'message', message: frame.message }, frame)
  }

  /**
   * Every command goes through the log, reads too: simple, and linearizable because the log is one order. Reads that
   * need no entry (dissertation §6.4) are a refinement for later.
   */
  #propose(call: Call): void {
    const { request } = call
    const problem = this.#tooMuch() ?? refusal(request.command)
    if (problem !== undefined) {
      answer(call, refused(call, problem))
      return
    }
    const effects = this.#raft.step(toMillis(this.#t), {
      type: 'propose',
      id: request.request,
      data: encodeCommand(request),
    })
    for (const result of effects.proposals) {
      if (result.accepted) this.#calls.add(result.index, result.term, call)
      else answer(call, { request: request.request, status: 'not-leader', leader: result.leader })
    }
    this.#take(effects)
  }

  #tooMuch(): Problem | undefined {
    const waiting = this.#calls.count
    if (waiting < MAX_WAITING_CALLS) return undefined
    return new Problem('node-busy', { node: String(this.#options.launch.node), waiting })
  }

  #step(input: Input, cause?: MessageFrame): void {
    this.#take(this.#raft.step(toMillis(this.#t), input), cause)
  }

  #take(effects: Effects, cause?: MessageFrame): void {
    for (const observation of effects.observations) this.#report(observed(observation))
    if (effects.write !== undefined && this.#mode !== 'ended') this.#write(effects.write)
    this.#outbox.add(effects.messages, cause)
    this.#apply(effects.committed)
    this.#deadline = effects.deadline
  }

  /** The disk keeps the order, and puts what waits together into one write and one fdatasync. */
  #write(write: Write): void {
    this.#options.disk.write(write).then(
      ({ bytes, micros }) => {
        this.#finished.push({ write, bytes, micros })
        this.#schedule()
      },
      (error) => this.#options.fatal(asProblem(error)),
    )
  }

  #takeFinished(): void {
    const finished = this.#finished
    const last = finished.at(-1)
    if (last === undefined) return
    this.#finished = []
    for (const { write } of finished) this.#durable = write.hardState ?? this.#durable
    this.#fsyncMicros = last.micros
    const effects = this.#raft.step(toMillis(this.#t), { type: 'persisted', write: last.write.number })
    this.#report({
      kind: 'persisted',
      lastIndex: this.#raft.status().durableIndex,
      ...this.#durable,
      bytes: finished.reduce((sum, { bytes }) => sum + bytes, 0),
      micros: last.micros,
    })
    this.#outbox.persisted(last.write.number)
    this.#take(effects)
  }

  #apply(entries: readonly Entry[]): void {
    const last = entries.at(-1)
    if (last === undefined) return
    for (const entry of entries) this.#calls.applied(entry, this.#execute(entry))
    this.#report({ kind: 'applied', lastApplied: last.index })
  }

  /** Undefined when the entry does nothing, or nothing that this program understands; every node finds the same. */
  #execute(entry: Entry): Outcome | undefined {
    if (entry.type !== 'command') return undefined
    try {
      return this.#store.apply(decodeCommand(entry.data))
    } catch (error) {
      const { code, details } = asProblem(error)
      this.#report({
        kind: 'trouble',
        problem: code,
        detail: JSON.stringify({ ...details, peer: `entry ${entry.index}` }),
      })
      return undefined
    }
  }

  #send(frame: MessageFrame): void {
    this.#report(sent(frame))
    const result = this.#options.send(frame)
    if (result !== 'sent') this.#report(dropped(frame, result))
  }

  #report(body: EventBody): void {
    this.#options.report(this.#t, body)
  }
}
