/**
 * One simulated process: the real core and the real state machine, held to the contract of `main/raft/types.ts` as the
 * loop of a node process holds them.
 */
import { encodeCommand, type LoggedCommand } from '../../main/node/contract/command'
import { KeyValueStore } from '../../main/node/kv/store'
import type {
  Configuration,
  Effects,
  Entry,
  Index,
  Input,
  Message,
  NodeId,
  Outgoing,
  Position,
  Raft,
  RaftStatus,
  RequestResult,
  SnapshotChunk,
  SnapshotMeta,
  Write,
} from '../../main/raft'
import { EMPTY_CONFIGURATION, isWitness } from '../../main/raft/configuration'
import type { SimClock } from './clock'
import type { Medium } from './disk/medium'
import { SimDisk } from './disk/sim-disk'
import { LogImage } from './log-image'
import { type Answer, type Request, Serving } from './serving'
import { numbers, words } from './telling'
import type { World } from './world'

/** Anything that behaves like the core: the real one, or one that was broken on purpose. */
export type RaftClass = new (...args: ConstructorParameters<typeof Raft>) => Raft

const NOTHING = new Uint8Array(0)

export class SimNode {
  readonly id: NodeId
  readonly clock: SimClock
  readonly disk: SimDisk
  raft: Raft | undefined
  status: RaftStatus | undefined
  store: KeyValueStore
  /** The disk holds something else than was written: the node does not start until it is rebuilt. */
  isDamaged = false
  /** The log as the core's writes tell it. */
  log = new LogImage()
  lastApplied: Index = 0
  readonly #world: World
  readonly #Raft: RaftClass
  #bootstrap: Configuration
  /** Where its removal stands, when it was a member before it lost its disk. */
  #joinsAfter: Position | undefined
  /** Counts lives: what was set going in an earlier one is void. */
  life = 0
  crashes = 0
  /** It was a witness in this life of its disk: it has no data. */
  wasWitness = false
  /** While the process is frozen, what comes to it waits here. */
  #frozen: (() => void)[] | undefined
  #armed = Number.NaN
  #timer = 0
  /** Messages that wait for a write. */
  #held: Outgoing[] = []
  #persisted = 0
  #restoring: { readonly snapshot: SnapshotMeta; readonly afterWrite: number } | undefined
  readonly #toApply: Entry[] = []
  #isSaving = false
  /** It got a snapshot without data, or commands without theirs: it is a witness, even if it does not know that yet. */
  #isDataless = false
  #lastSnapshot: Index = 0
  readonly #serving = new Serving()
  /** What became of membership changes and transfers. */
  onRequestEnd: (result: RequestResult) => void = () => undefined

  constructor(
    id: NodeId,
    world: World,
    { Raft, bootstrap, clock, medium }: { Raft: RaftClass; bootstrap: Configuration; clock: SimClock; medium: Medium },
  ) {
    this.id = id
    this.clock = clock
    this.#world = world
    this.#Raft = Raft
    this.#bootstrap = bootstrap
    this.store = new KeyValueStore(world.setup.maxSessions)
    this.disk = new SimDisk(medium, world, {
      onDurable: (writes) => this.#onDurable(writes),
      onTruncate: (write, gone) => {
        const term = write.hardState?.currentTerm ?? this.disk.image.hardState.currentTerm
        world.invariants.onTruncate(id, gone, term)
      },
      onFailure: () => this.crash('its disk fails'),
    })
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined
  }

  /** It began anew, and its log has not come back to where it was removed. */
  get isCatchingUp(): boolean {
    return this.log.lastIndex < (this.#joinsAfter?.index ?? 0)
  }

  get isDataless(): boolean {
    return this.#isDataless
  }

  /** Its state is that of a snapshot that is not read yet: `lastApplied` is ahead of the store. */
  get isRestoring(): boolean {
    return this.#restoring !== undefined
  }

  start(): void {
    this.life += 1
    this.#world.await(this.#start())
  }

  async #start(): Promise<void> {
    this.#tell([1], () => 'starts')
    const restored = await this.disk.open()
    if (!restored) {
      this.isDamaged = true
      this.#tell([2], () => 'refuses to start: its disk is damaged')
      return
    }
    const { setup, random } = this.#world
    const { snapshot, base, entries } = restored
    const { image } = this.disk
    image.log = new LogImage(base, entries, snapshot?.configuration ?? this.#bootstrap, snapshot?.index ?? 0)
    this.log = image.log.copy()
    this.store = new KeyValueStore(setup.maxSessions)
    this.#isDataless = false
    this.status = undefined
    this.lastApplied = 0
    this.#lastSnapshot = snapshot?.index ?? 0
    this.#persisted = 0
    this.#armed = Number.NaN
    const { features, priorities, electionTimeout, heartbeatInterval, maxBatchBytes, maxInFlight } = setup
    this.raft = new this.#Raft(
      {
        ...features,
        id: this.id,
        bootstrap: this.#bootstrap,
        electionTimeout,
        heartbeatInterval,
        maxBatchBytes,
        maxInFlight,
        maxInFlightBytes: setup.maxInFlightBytes,
        maxUncommittedBytes: setup.maxUncommittedBytes,
        trailingEntries: setup.trailingEntries,
        maxCatchUpLag: setup.maxCatchUpLag,
        priorities,
        ...(this.#joinsAfter && { joinsAfter: this.#joinsAfter }),
        random: random.next,
      },
      restored,
      this.#now,
    )
    if (snapshot) this.#restore(snapshot, 0)
    this.#carryOut(undefined, this.raft.initial())
  }

  crash(why = 'crashes'): void {
    if (!this.raft) return
    this.#tell([3], () => why)
    this.crashes += 1
    this.raft = undefined
    this.status = undefined
    this.life += 1
    this.#timer += 1
    this.#frozen = undefined
    this.#held = []
    this.#restoring = undefined
    this.#toApply.length = 0
    this.#isSaving = false
    this.#serving.forget()
    this.disk.crash()
  }

  freeze(): void {
    this.#tell([4], () => 'freezes')
    this.#frozen = []
  }

  thaw(): void {
    const waiting = this.#frozen
    if (!waiting) return
    this.#tell([5], () => 'thaws')
    this.#frozen = undefined
    for (const each of waiting) each()
  }

  /** Its clock leaps ahead: timers run out early. */
  leap(duration: number): void {
    this.#tell([6], () => `its clock leaps ahead by ${duration.toFixed(1)}`)
    this.clock.leap(duration)
    this.#armed = Number.NaN
    if (this.status) this.#arm(this.status.deadline)
  }

  /** A bit of its disk flips while it is down. */
  damage(): void {
    this.#tell([7], () => 'a bit of its disk flips')
    this.disk.damage()
    this.isDamaged = true
  }

  /** A newcomer with an empty disk: it was removed from the cluster, or never in it. */
  rebuild(joinsAfter: Position | undefined): void {
    this.crash('is taken down to be rebuilt')
    this.#tell([8], () => 'begins anew with an empty disk')
    this.disk.wipe()
    this.isDamaged = false
    this.wasWitness = false
    this.#bootstrap = EMPTY_CONFIGURATION
    this.#joinsAfter = joinsAfter
    this.#world.invariants.onForget(this.id)
    this.start()
  }

  receive(message: Message): void {
    this.input({ type: 'message', message })
  }

  /** A client's request arrives. */
  request(request: Request, answer: Answer): void {
    this.#alive(() => {
      // Whoever is asked for something needs the cluster.
      if (this.status?.isQuiescent) this.#step({ type: 'wake' })
      this.#serving.asked(request, answer)
      if (request.kind === 'read') this.#step({ type: 'read', id: request.id, by: request.by })
      else this.#step({ type: 'propose', proposals: [{ id: request.id, data: this.#entryData(request.logged) }] })
    })
  }

  input(input: Input): void {
    this.#alive(() => this.#step(input))
  }

  get #now(): number {
    return this.clock.local(this.#world.time)
  }

  /** Sessions expire by the wall clock of whoever leads; each node's is a little off. */
  #entryData(logged: Omit<LoggedCommand, 'time'>): Uint8Array {
    return encodeCommand({ ...logged, time: Math.round(this.#now), sessionTimeoutMs: this.#world.setup.sessionTimeout })
  }

  /** Now, or when the process goes on; never, if it dies before. */
  #alive(what: () => void): void {
    if (!this.raft) return
    if (this.#frozen) this.#frozen.push(() => this.#alive(what))
    else what()
  }

  #step(input: Input): void {
    if (!this.raft) return
    this.#tell(numbers(this.id, input), () => words(input))
    this.#carryOut(input, this.raft.step(this.#now, input))
  }

  /** What a process owes the core: see the top of `main/raft/types.ts`. */
  #carryOut(input: Input | undefined, effects: Effects): void {
    const raft = this.raft!
    const before = this.status
    const after = raft.status()
    this.status = after
    if (isWitness(after.configuration, this.id)) this.wasWitness = true
    this.#follow(effects.write)
    this.#compareLog(raft)
    this.#world.invariants.afterStep({ node: this.id, input, before, after, effects, log: this.log })

    if (effects.write) this.disk.start(effects.write)
    for (const outgoing of effects.messages) {
      if (outgoing.afterWrite <= this.#persisted) this.#send(outgoing.message)
      else this.#held.push(outgoing)
    }
    if (effects.restore) this.#restore(effects.restore, effects.write?.number ?? 0)
    if (effects.committed.length > 0) this.#apply(effects.committed)
    if (effects.chunk) this.#store(effects.chunk)
    this.#answer(effects)
    this.#arm(effects.deadline)
  }

  /** Takes over what a step changed. */
  #follow(write: Write | undefined): void {
    if (!write) return
    const { install, truncateFrom, entries, compactTo } = write
    if (install) this.log.install(install.snapshot, install.keepsLog)
    if (truncateFrom !== undefined) this.log.truncate(truncateFrom)
    this.log.append(entries)
    if (compactTo) this.log.compact(compactTo)
  }

  #compareLog(raft: Raft): void {
    const { firstIndex, lastIndex } = this.status!
    const { base, last } = this.log
    const own = lastIndex > base.index ? raft.entries(lastIndex, lastIndex)[0] : undefined
    if (firstIndex === base.index + 1 && lastIndex === this.log.lastIndex && own === last) return
    const told = `${base.index + 1}…${this.log.lastIndex}@${last?.term ?? base.term}`
    throw new Error(`node ${this.id}: its log is ${firstIndex}…${lastIndex}@${own?.term}, its writes say ${told}`)
  }

  #onDurable(writes: readonly Write[]): void {
    const { number } = writes.at(-1)!
    this.#alive(() => {
      this.#persisted = number
      const free = this.#held.filter(({ afterWrite }) => afterWrite <= number)
      this.#held = this.#held.filter(({ afterWrite }) => afterWrite > number)
      for (const { message } of free) this.#send(message)
      this.#load()
      this.#step({ type: 'persisted', write: number })
      this.#considerSnapshot()
    })
  }

  #send(message: Message): void {
    if (message.type !== 'InstallSnapshot') {
      this.#world.transmit(message)
      return
    }
    const { snapshot, offset } = message
    if (snapshot.bytes === 0) {
      this.#world.transmit({ ...message, data: NOTHING, done: true })
      return
    }
    const read = this.disk.read(snapshot, offset, this.#world.setup.snapshotChunkBytes)
    this.#await(read, (chunk) => {
      if (chunk) this.#world.transmit({ ...message, ...chunk })
    })
  }

  /** The disk gives a received snapshot its place with the write that installs it. */
  #restore(snapshot: SnapshotMeta, afterWrite: number): void {
    this.lastApplied = snapshot.index
    this.#lastSnapshot = Math.max(this.#lastSnapshot, snapshot.index)
    this.#isDataless = snapshot.bytes === 0
    this.#toApply.length = 0
    this.#restoring = { snapshot, afterWrite }
    this.#load()
  }

  #load(): void {
    if (!this.#restoring || this.#restoring.afterWrite > this.#persisted) return
    const { snapshot } = this.#restoring
    const loaded = this.#isDataless ? Promise.resolve() : this.store.restore(this.disk.load(snapshot))
    this.#await(loaded, () => {
      this.#restoring = undefined
      this.#apply(this.#toApply.splice(0))
    })
  }

  #apply(entries: readonly Entry[]): void {
    if (this.#restoring) {
      this.#toApply.push(...entries)
      return
    }
    for (const entry of entries) {
      this.lastApplied = entry.index
      if (entry.type === 'metadata') this.#isDataless = true
      const outcome = entry.type === 'command' ? this.store.apply(entry) : undefined
      this.#serving.applied(entry, outcome, this.store)
    }
    this.#answerReads()
    this.#considerSnapshot()
  }

  #answerReads(): void {
    if (!this.#restoring) this.#serving.read(this.lastApplied, this.#isDataless ? undefined : this.store)
  }

  #considerSnapshot(): void {
    const { snapshotEntries } = this.#world.setup
    const due = snapshotEntries > 0 && this.lastApplied - this.#lastSnapshot >= snapshotEntries
    if (due) this.takeSnapshot()
  }

  takeSnapshot(): void {
    if (this.#isSaving || this.#restoring || !this.raft || this.lastApplied <= this.#lastSnapshot) return
    const described = this.raft.describe(this.lastApplied)
    if (!described) return
    const { index, term, configuration } = described
    this.#isSaving = true
    this.#lastSnapshot = index
    const chunks = this.#isDataless ? [] : this.store.snapshot()
    this.disk.save({ index, term }, configuration, chunks, (snapshot) => {
      this.#isSaving = false
      this.#world.invariants.onSnapshot(this.id, snapshot)
      this.input({ type: 'snapshot-saved', snapshot })
    })
  }

  #store({ from, snapshot, offset, data, done }: SnapshotChunk): void {
    this.disk.receive(snapshot, offset, data, done, (received) => {
      if (received.complete) this.input({ type: 'snapshot-received', from, snapshot })
      else this.input({ type: 'chunk-stored', from, snapshot, offset: received.offset })
    })
  }

  #answer({ proposals, reads, requests }: Effects): void {
    for (const result of proposals) this.#serving.proposed(result)
    for (const result of reads) this.#serving.confirmed(result)
    if (reads.length > 0) this.#answerReads()
    for (const result of requests) this.onRequestEnd(result)
  }

  #await<T>(work: Promise<T>, then: (result: T) => void): void {
    const life = this.life
    this.#world.await(
      work.then((result) => {
        if (life === this.life) then(result)
      }),
    )
  }

  #arm(deadline: number): void {
    if (deadline === this.#armed) return
    this.#armed = deadline
    this.#timer += 1
    if (deadline === Number.POSITIVE_INFINITY) return
    const timer = this.#timer
    const delay = Math.max(0, this.clock.global(deadline) - this.#world.time)
    this.#world.later(delay, () => {
      if (timer !== this.#timer) return
      this.#armed = Number.NaN
      this.input({ type: 'deadline' })
    })
  }

  #tell(what: readonly number[], sentence: () => string): void {
    this.#world.trace.add(this.#world.time, [this.id, ...what], () => `node ${this.id} ${sentence()}`)
  }
}
