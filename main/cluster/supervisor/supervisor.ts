/** A running cluster: its processes, what is done to them, and everything they say on the way to the timeline. */
import { join } from 'node:path'
import type { Command } from '../../node/contract/client'
import type { Launch } from '../../node/contract/launch'
import { Problem } from '../../node/contract/problem'
import type { Listener } from '../../node/contract/transport'
import type { ChangeMode, MemberRole, MembershipChange, Position } from '../../raft/types'
import type { CallOptions, CallResult, Cluster, ClusterSettings, EventSink, NodeStanding } from '../api'
import { ClusterClient } from '../client/client'
import { type ClusterFile, witnessesAmong } from '../cluster-file'
import type { Program } from '../launcher'
import { registerProcess } from '../leftovers'
import { changedSettings } from '../settings'
import { ClusterTime } from '../time'
import { AnnouncedLogs } from './announced-logs'
import { Commanded } from './commanded'
import { Interference } from './interference'
import { launchOf } from './launches'
import { withinMs } from './life'
import { areLogsLong } from './log-lengths'
import { SupervisedNode } from './node'
import { Nodes } from './nodes'
import { Operations } from './operations'
import { Reading } from './reading'
import { NodeRecords } from './records'
import { Reporter } from './reporter'
import { Runs } from './runs'
import type { Surroundings } from './surroundings'
import { openTelemetry } from './telemetry'

export interface SupervisorOptions {
  readonly name: string
  readonly directory: string
  readonly file: ClusterFile
  /** The node's program, and what runs it. */
  readonly program: Program
  readonly surroundings: Surroundings
  readonly sink: (origin: bigint) => EventSink
  /** Its processes have ended, and `cluster.json` is written for the last time. */
  onClosed(): void
}

export interface BeginOptions {
  readonly progress?: ((ready: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** See `ClusterStore.open`. */
  readonly manual?: boolean | undefined
}

/** A warden that takes longer than this does not keep anybody waiting. */
const WARDEN_WITHIN_MS = 5000
/** How long nodes may take to end in order when the cluster closes. */
const CLOSE_WITHIN_MS = 1500

export class Supervisor extends Commanded implements Cluster {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly origin: bigint
  readonly #options: SupervisorOptions
  readonly #logs: AnnouncedLogs
  readonly #reporter: Reporter
  readonly #reading: Reading
  protected readonly nodes = new Nodes()
  protected readonly interference: Interference
  protected readonly runs: Runs
  readonly #time = new ClusterTime()
  readonly #client: ClusterClient
  readonly #operations: Operations
  readonly #records: NodeRecords
  readonly #over = new AbortController()
  #telemetry: Listener | undefined
  #isManual = false
  #closing: Promise<void> | undefined

  constructor(options: SupervisorOptions) {
    super()
    this.#options = options
    this.#records = new NodeRecords(options.directory, options.file)
    this.name = options.name
    this.id = options.file.id
    this.path = options.directory
    this.origin = process.hrtime.bigint()
    this.#logs = new AnnouncedLogs(options.sink(this.origin))
    this.#reporter = new Reporter(this.origin, this.#watched(this.#logs))
    this.interference = new Interference({
      reporter: this.#reporter,
      nodes: this.nodes,
      dataDir: (node) => this.#directoryOf(node),
      voters: () => this.#operations.membership.voters ?? this.#records.first.voters,
      lastLeader: () => this.#client.leader,
      stands: (stopped) => (stopped === undefined ? this.#time.goOn() : this.#time.stand()),
    })
    // Where a node stops at a breakpoint, the others are to stop as soon as it is known.
    this.#reading = new Reading(() => this.stopped !== undefined || this.breakpoints.some(({ enabled }) => enabled))
    for (const { id, removed } of this.#records.nodes) this.nodes.add(this.#makeNode(id, removed))
    this.#client = new ClusterClient({
      clusterId: this.id,
      address: (node) => options.surroundings.run.nodeAddress(node),
      candidates: () => this.nodeIds.filter((node) => this.standing(node) === 'running'),
      reporter: this.#reporter,
      sessions: options.file.settings.sessions,
      now: () => this.#time.now(),
    })
    this.#operations = new Operations({
      reporter: this.#reporter,
      records: this.#records,
      admin: (action, how) => this.#client.admin(action, how),
      now: () => this.#time.now(),
      present: (node) => this.nodes.get(node),
      isRunning: (node) => this.nodes.isRunning(node),
      committedPosition: (node) => this.#committedPosition(node),
      dataDir: (node) => this.#directoryOf(node),
      admit: (node) => this.#admit(node),
      dismiss: (node) => {
        this.interference.forget(node)
        this.#tellAddress(node, null)
      },
      emptied: (node) => this.interference.emptied(node),
      forget: (node) => this.nodes.forget(node),
    })
    this.runs = new Runs({
      cluster: this,
      reporter: this.#reporter,
      interference: this.interference,
      roleOf: (node) => this.#records.find(node)?.role ?? 'voter',
      closing: this.#over.signal,
    })
  }

  /** The settings that a node gets at its next start. */
  get settings(): ClusterSettings {
    return this.#records.settings
  }

  get nodeIds(): readonly number[] {
    return this.nodes.ids
  }

  /** Starts everything. One node that can't start does not keep the others from running; none at all does. */
  async begin({ progress, signal, manual = false }: BeginOptions): Promise<void> {
    this.#tellSettings()
    this.#isManual = manual
    if (manual) this.interference.holdStill(this.nodeIds)
    this.#telemetry = await openTelemetry(
      this.#options.surroundings.run.supervisorAddress,
      this.id,
      (hello, connection) => {
        const node = this.nodes.find(hello.node)
        const life = node?.life
        if (node === undefined || life === undefined || life === null || !life.isMe(hello)) return null
        const receiver = life.attach(connection)
        node.catchUp(life.launch)
        return receiver
      },
    )
    const giveUp = () => this.close()
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#logs.startsBegin()
    try {
      const logs = this.nodeIds.map((node) => this.#directoryOf(node))
      await this.nodes.startAll({ progress, signal, areLogsLong: await areLogsLong(logs) })
    } finally {
      this.#logs.startsEnd()
      signal?.removeEventListener('abort', giveUp)
    }
    await withinMs(WARDEN_WITHIN_MS, this.#options.surroundings.warden.watching)
  }

  standing(node: number): NodeStanding {
    return this.nodes.known(node).standing
  }

  dataDir(node: number): string {
    return this.#directoryOf(this.nodes.known(node).id)
  }

  async start(node: number): Promise<void> {
    await this.nodes.known(node).start()
  }

  async stop(node: number): Promise<void> {
    await this.nodes.known(node).stop()
  }

  async kill(node: number): Promise<void> {
    await this.nodes.known(node).kill()
  }

  async pause(node: number): Promise<void> {
    await this.nodes.known(node).pause()
  }

  async resume(node: number): Promise<void> {
    await this.nodes.known(node).resume()
  }

  async restart(node: number): Promise<void> {
    await this.nodes.known(node).restart()
  }

  async remove(node: number): Promise<void> {
    await this.#operations.remove(node)
  }

  async add(role: MemberRole, node?: number): Promise<number> {
    return await this.#operations.add(role, node)
  }

  async rebuild(node: number): Promise<void> {
    await this.#operations.rebuild(node)
  }

  async changeMembership(changes: readonly MembershipChange[], mode: ChangeMode): Promise<number> {
    return await this.#operations.changeMembership(changes, mode)
  }

  async transferLeadership(target?: number): Promise<void> {
    await this.#operations.transferLeadership(target)
  }

  async snapshot(node: number): Promise<number> {
    return await this.#operations.snapshot(node)
  }

  /** See `ClusterStore.configure`. */
  async configure(changes: Readonly<Record<string, unknown>>): Promise<ClusterSettings> {
    const nodes = this.nodeIds
    const witnesses = witnessesAmong(this.#records.present)
    await this.#records.changeSettings(changedSettings(this.settings, changes, { nodes, witnesses }))
    // From here on nodes may start with them: whoever reads the recording has to know, of a bug on purpose above all.
    this.#tellSettings()
    return this.settings
  }

  #tellSettings(): void {
    this.#reporter.report('cluster', {
      id: this.id,
      name: this.name,
      nodes: this.nodeIds.length,
      settings: JSON.stringify(this.settings),
    })
  }

  async call(command: Command, options: CallOptions = {}): Promise<CallResult> {
    if (options.via !== undefined) this.nodes.check([options.via])
    return await this.#client.call(command, options)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#reporter.report('closing', {})
    this.#over.abort()
    this.#operations.close()
    this.#client.close()
    // One that stands hears nothing.
    const withinMillis = this.stopped === undefined ? CLOSE_WITHIN_MS : 0
    await Promise.all(this.nodes.all.map((node) => node.close(withinMillis)))
    await this.#operations.settled()
    await this.runs.settled()
    await this.#telemetry?.close().catch(() => undefined)
    this.#reporter.close()
    await this.#records.saved()
    this.#options.onClosed()
    await this.#options.surroundings.putAway()
  }

  #makeNode(id: number, removed: boolean): SupervisedNode {
    const { program, directory, surroundings } = this.#options
    return new SupervisedNode(id, removed ? 'removed' : 'stopped', {
      program: { ...program, launches: surroundings.run.path },
      reporter: this.#reporter,
      logs: this.#logs,
      reading: this.#reading,
      countStart: (node) => this.#records.countStart(node),
      launch: (node, incarnation) => this.#launch(node, incarnation),
      register: (pid) => registerProcess(directory, pid),
      peers: () => this.#peers(),
      ...this.interference.nodeHooks,
    })
  }

  #admit(id: number): SupervisedNode {
    if (this.#closing !== undefined) throw new Problem('no-cluster', {})
    const node = this.#makeNode(id, false)
    this.nodes.add(node)
    if (this.#isManual) this.interference.holdStill([id])
    this.#tellAddress(id, this.#options.surroundings.run.nodeAddress(id))
    return node
  }

  /** The other nodes hear where one listens; `null`: nowhere any more. */
  #tellAddress(node: number, address: string | null): void {
    for (const other of this.nodes.all) if (other.id !== node) other.control({ type: 'address', node, address })
  }

  /** Everything goes through here on its way to the timeline. */
  #watched(sink: EventSink): EventSink {
    return {
      report: (events) => {
        for (const event of events) {
          if (event.kind === 'configuration') this.#operations.membership.saw(event)
          else this.interference.saw(event)
        }
        sink.report(events)
      },
      watermark: (node, t) => sink.watermark(node, t),
    }
  }

  #peers(): Launch['peers'] {
    return this.#records.present.map(({ id }) => ({
      node: id,
      address: this.#options.surroundings.run.nodeAddress(id),
    }))
  }

  /** A read through the log: its entry is committed after everything that was before. It stands on the timeline. */
  async #committedPosition(node: number): Promise<Position> {
    const { outcome, index, term, millis } = await this.#client.call(
      { op: 'get', key: `rebuild of n${node}` },
      { consistency: 'log' },
    )
    if (outcome !== 'ok') throw new Problem('no-leader', { millis })
    return { index, term }
  }

  #directoryOf(node: number): string {
    return join(this.path, 'nodes', `n${node}`)
  }

  #launch(node: number, incarnation: number): Launch {
    return launchOf(this.#records, {
      clusterId: this.id,
      node,
      peers: this.#peers(),
      supervisor: this.#options.surroundings.run.supervisorAddress,
      dataDir: this.dataDir(node),
      incarnation,
      origin: String(this.origin),
      conditions: this.interference.nodeHooks.conditions(node),
    })
  }
}
