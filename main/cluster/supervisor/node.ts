/** One node of a running cluster, over all its lives: what may be done to it when, and what is told about it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Conditions } from '../../node/contract/conditions'
import type { Control } from '../../node/contract/control'
import type { FieldsOf } from '../../node/contract/events'
import type { Launch } from '../../node/contract/launch'
import { Problem } from '../../node/contract/problem'
import type { NodeStanding } from '../api'
import type { NodeProgram } from '../launcher'
import type { AnnouncedLogs } from './announced-logs'
import { changesOf } from './conditions'
import type { Faults } from './faults'
import { describeEnd, Life, type LifeEnd, withinMs } from './life'
import type { Reading } from './reading'
import type { Reporter } from './reporter'
import type { Question } from './requests'

/** Reading a large log from a slow disk takes its time; a node that says nothing for this long hangs. */
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 5000
/** What a stopped (SIGSTOP) node had sent before is read within this time. */
const PAUSE_DRAIN_MS = 30

export interface NodeContext {
  readonly program: NodeProgram
  readonly reporter: Reporter
  readonly faults: Faults
  readonly logs: AnnouncedLogs
  readonly reading: Reading
  /** Counts one more start of the node, durably, and returns how many there were before. */
  countStart(node: number): Promise<number>
  launch(node: number, incarnation: number): Launch
  /** Called with the pid of a child in the moment it exists. */
  register(pid: number): void
  /** All that it is under now. */
  conditions(node: number): Conditions
  /** Where everybody listens now. */
  peers(): Launch['peers']
  /** The node has a new process. */
  begun(life: Life): void
  /** Its process is ready. */
  joined(life: Life): void
  /** A fault that waited in its present life has struck: that ended it, and not the node itself. */
  wasStruck(node: number): boolean
  /** What struck was over already: the node is not to stay down. */
  mustReturn(node: number): boolean
  /** The whole cluster stands. */
  isStopped(): boolean
  /** Throws `cluster-stopped` while the whole cluster stands: whatever needs the node to move has to wait. */
  mustMove(node: number): void
}

/** Whoever was not removed. */
const PRESENT: readonly NodeStanding[] = ['starting', 'running', 'paused', 'stopped', 'killed', 'crashed']
const DOWN: readonly NodeStanding[] = ['stopped', 'killed', 'crashed']

export class SupervisedNode {
  readonly id: number
  readonly #context: NodeContext
  #standing: NodeStanding
  #life: Life | null = null
  /** What we asked for; a life that ends without having been asked has crashed. */
  #ending: 'stop' | 'kill' | null = null
  /** Resolves when the end of the present life has been told. */
  #settled: Promise<LifeEnd> | null = null
  /** The first part of a start, before there is a process. */
  #counting: Promise<unknown> = Promise.resolve()
  /** The last start: it may be under way. */
  #starting: Promise<void> = Promise.resolve()
  /** Its files are being emptied. */
  #held = false
  #retired = false

  constructor(id: number, standing: 'stopped' | 'removed', context: NodeContext) {
    this.id = id
    this.#standing = standing
    this.#context = context
  }

  get standing(): NodeStanding {
    return this.#standing
  }

  /** The present life: telemetry of others is refused. */
  get life(): Life | null {
    return this.#life
  }

  /** It has no process. */
  get isDown(): boolean {
    return DOWN.includes(this.#standing)
  }

  /** Returns when the node is ready. Problems: `node-state`, `node-start`, `node-timeout`. */
  async start(): Promise<void> {
    this.#require(DOWN, 'stopped')
    this.#starting = this.#start()
    await this.#starting
  }

  async #start(): Promise<void> {
    const { reporter, faults, program, logs, reading } = this.#context
    const before = this.#standing
    this.#standing = 'starting'
    this.#ending = null
    let incarnation: number
    try {
      const counting = this.#context.countStart(this.id)
      this.#counting = counting
      incarnation = await counting
    } catch (error) {
      this.#standing = before
      throw error
    }
    // Killed or removed, or the cluster closed, before there was a process.
    if (this.#retired || this.#ending !== null) {
      if (this.#standing === 'starting') this.#standing = before
      throw new Problem('node-start', { node: String(this.id), reason: 'it was told to end' })
    }
    reporter.sink.watermark(this.id, reporter.now())
    const launch = this.#context.launch(this.id, incarnation)
    const life = new Life(program, launch, reporter, logs, reading, (pid) => this.#context.register(pid))
    this.#life = life
    this.#tell('spawned', life)
    faults.endProcess(this.id, 'kill', 'stop')
    this.#context.begun(life)
    this.#settled = life.ended.then((end) => this.#ended(life, end))
    await this.#becomeReady(life)
  }

  async #becomeReady(life: Life): Promise<void> {
    const node = String(this.id)
    const news = Promise.race([life.ready, life.ended])
    let inTime = await withinMs(READY_WITHIN_MS, news)
    // A stop of the cluster takes no time, and a node may stand at a breakpoint before it is ready.
    while (!inTime && this.#context.isStopped()) inTime = await withinMs(READY_WITHIN_MS, news)
    if (!inTime) {
      life.signal('SIGKILL')
      await this.#settled
      throw new Problem('node-timeout', { node, millis: READY_WITHIN_MS })
    }
    if (life.isReady && this.#life === life && this.#ending === null) {
      this.#standing = 'running'
      this.#tell('ready', life)
      this.#context.joined(life)
      return
    }
    const end = await life.ended
    await this.#settled
    throw new Problem('node-start', { node, reason: describeEnd(end) })
  }

  async stop(): Promise<void> {
    this.#require(['running'], 'running')
    this.#context.mustMove(this.id)
    this.#context.faults.beginProcess('stop', this.id)
    await this.#askToStop(STOP_WITHIN_MS)
  }

  async #askToStop(withinMillis: number): Promise<void> {
    const life = this.#life
    if (life === null) return
    if (this.#ending === null) {
      this.#ending = 'stop'
      this.#tell('stopping', life)
      this.control({ type: 'stop' })
    }
    if (!(await withinMs(withinMillis, life.ended))) life.signal('SIGKILL')
    await this.#settled
  }

  async kill(): Promise<void> {
    this.#require(['starting', 'running', 'paused'], 'running')
    if (this.#ending !== 'kill') this.#context.faults.beginProcess('kill', this.id)
    await this.#forceEnd()
  }

  async #forceEnd(): Promise<void> {
    this.#ending = 'kill'
    // A start that has no process yet gives up by itself.
    if (this.#life === null) await this.#counting.catch(() => undefined)
    this.#life?.signal('SIGKILL')
    await this.#settled
  }

  async pause(): Promise<void> {
    const life = this.#living(['running'], 'running')
    const { faults, reporter, mustMove } = this.#context
    mustMove(this.id)
    faults.beginProcess('pause', this.id)
    this.#standing = 'paused'
    life.suspend()
    this.#tell('paused', life)
    await sleep(PAUSE_DRAIN_MS)
    if (this.#life === life && this.standing === 'paused') reporter.sink.watermark(this.id, Number.POSITIVE_INFINITY)
  }

  async resume(): Promise<void> {
    const life = this.#living(['paused'], 'paused')
    const { faults, reporter, mustMove } = this.#context
    mustMove(this.id)
    this.#standing = 'running'
    reporter.sink.watermark(this.id, reporter.now())
    this.#tell('resumed', life)
    faults.endProcess(this.id, 'pause')
    life.wake()
  }

  /** However it stands now, it runs afterwards. Problems: those of a start or a resume. */
  async revive(): Promise<void> {
    if (this.#life !== null && this.#ending !== null) await this.#settled
    if (this.#standing === 'starting') await this.#starting
    else if (this.#standing === 'paused') await this.resume()
    else if (this.#standing !== 'running') await this.start()
  }

  async restart(): Promise<void> {
    this.#require(PRESENT, 'running')
    if (this.#standing === 'running') {
      this.#context.mustMove(this.id)
      await this.#askToStop(STOP_WITHIN_MS)
    } else if (this.#standing === 'starting' || this.#standing === 'paused') await this.#forceEnd()
    await this.start()
  }

  /** Ends the process if there is one, then does `action` on its files; nobody can start the node meanwhile. */
  async whileDown(action: () => Promise<void>): Promise<void> {
    this.#require(PRESENT, 'running')
    this.#held = true
    try {
      await this.#end()
      await action()
    } finally {
      this.#held = false
    }
  }

  /** Ends the process if there is one. The node can't be started any more. */
  async remove(): Promise<void> {
    this.#require(PRESENT, 'running')
    this.#retired = true
    await this.#end()
    this.#context.faults.endNode(this.id)
    this.#standing = 'removed'
    this.#context.reporter.report('process', {
      subject: this.id,
      state: 'removed',
      pid: 0,
      incarnation: 0,
      exitCode: 0,
      signal: '',
    })
  }

  /** For the end of the whole cluster: orderly where that is quick, else by force. */
  async close(withinMillis: number): Promise<void> {
    this.#retired = true
    await this.#end(withinMillis)
  }

  async #end(withinMillis = STOP_WITHIN_MS): Promise<void> {
    if (this.#standing === 'running') await this.#askToStop(withinMillis)
    else await this.#forceEnd()
  }

  control(control: Control): void {
    this.#life?.control(control)
  }

  /** The value of the node's answer. Problems: its own, and `node-state` also when the node ends before it answers. */
  async request(question: Question): Promise<number> {
    const life = this.#living(['running'], 'running')
    this.#context.mustMove(this.id)
    const unheard = () => this.#wrongState('starting', 'running')
    return await life.requests.ask(question, (control) => life.control(control), unheard)
  }

  /** The node has connected: it hears what changed since its launch. */
  catchUp({ conditions: launched, peers: known }: Launch): void {
    for (const control of changesOf(launched, this.#context.conditions(this.id))) this.control(control)
    const peers = this.#context.peers()
    const missing = (list: Launch['peers'], node: number) => !list.some((peer) => peer.node === node)
    for (const peer of peers) if (missing(known, peer.node)) this.control({ type: 'address', ...peer })
    for (const { node } of known) if (missing(peers, node)) this.control({ type: 'address', node, address: null })
  }

  #ended(life: Life, end: LifeEnd): LifeEnd {
    const { reporter, faults } = this.#context
    const state = this.#stateAfter(end)
    this.#life = null
    this.#standing = state
    life.requests.end(this.#wrongState(state, 'running'))
    faults.endProcess(this.id, 'pause')
    this.#tell(state, life, end)
    reporter.sink.watermark(this.id, Number.POSITIVE_INFINITY)
    // A start that fails tells why by itself; one that is not allowed any more is not needed.
    if (this.#ending === null && this.#context.mustReturn(this.id)) this.start().catch(() => undefined)
    return end
  }

  #stateAfter({ exitCode }: LifeEnd): 'stopped' | 'killed' | 'crashed' {
    if (this.#ending === null) return this.#context.wasStruck(this.id) ? 'killed' : 'crashed'
    return this.#ending === 'stop' && exitCode === 0 ? 'stopped' : 'killed'
  }

  #tell(state: FieldsOf<'process'>['state'], life: Life, end?: LifeEnd): void {
    this.#context.reporter.report('process', {
      subject: this.id,
      state,
      pid: life.pid,
      incarnation: life.incarnation,
      exitCode: end?.exitCode ?? 0,
      signal: end?.signal ?? '',
    })
  }

  /** Throws `node-state` unless the node stands so; a node that was told to end allows only what ends it. */
  #require(allowed: readonly NodeStanding[], wanted: string): void {
    const leaving = this.#life !== null && this.#ending !== null && !allowed.includes('starting')
    if (!this.#retired && !this.#held && !leaving && allowed.includes(this.#standing)) return
    throw this.#wrongState(leaving ? 'stopping' : this.#standing, wanted)
  }

  #wrongState(state: string, wanted: string): Problem {
    return new Problem('node-state', { node: String(this.id), state, wanted })
  }

  #living(allowed: readonly NodeStanding[], wanted: string): Life {
    this.#require(allowed, wanted)
    if (this.#life !== null) return this.#life
    throw this.#wrongState(this.#standing, wanted)
  }
}
