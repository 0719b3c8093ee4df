/** A running cluster: its processes, links and faults, and everything they say on the way to the timeline. */
import { availableParallelism } from 'node:os'
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
import { Faults } from './faults'
import { withinMs } from './life'
import { Links } from './links'
import { SupervisedNode } from './node'
import { Operations } from './operations'
import { NodeRecords } from './records'
import { Reporter } from './reporter'
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
}

/**
 * Nodes that start at the same time. A start is mostly computing: more of them at once would all be ready at the end, and
 * a leader takes a majority.
 */
const STARTS_AT_ONCE = availableParallelism() + 1
/** A warden that takes longer than this does not keep anybody waiting. */
const WARDEN_WITHIN_MS = 5000
/** How long nodes may take to end in order when the cluster closes. */
const CLOSE_WITHIN_MS = 1500

export class Supervisor implements Cluster {
  readonly name: string
  readonly id: string
  readonly path: string
  readonly origin: bigint
  readonly #options: SupervisorOptions
  readonly #reporter: Reporter
  readonly #faults: Faults
  readonly #links: Links
  readonly #nodes: Map<number, SupervisedNode>
  readonly #client: ClusterClient
  readonly #operations: Operations
  readonly #records: NodeRecords
  #telemetry: Listener | undefined
  #closing: Promise<void> | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#records = new NodeRecords(options.directory, options.file)
    this.name = options.name
    this.id = options.file.id
    this.path = options.directory
    this.origin = process.hrtime.bigint()
    this.#reporter = new Reporter(this.origin, this.#watched(options.sink(this.origin)))
    this.#faults = new Faults(this.#reporter)
    this.#nodes = new Map(this.#records.nodes.map(({ id, removed }) => [id, this.#makeNode(id, removed)]))
    this.#links = new Links({
      reporter: this.#reporter,
      faults: this.#faults,
      tell: (from, to, blocked) => this.#nodes.get(to)?.control({ type: 'block', from, blocked }),
      nodeIds: () => this.nodeIds,
    })
    this.#client = new ClusterClient({
      clusterId: this.id,
      address: (node) => options.surroundings.run.nodeAddress(node),
      candidates: () => this.nodeIds.filter((node) => this.standing(node) === 'running'),
      reporter: this.#reporter,
      sessions: options.file.settings.sessions,
    })
    this.#operations = new Operations({
      reporter: this.#reporter,
      records: this.#records,
      admin: (action, how) => this.#client.admin(action, how),
      present: (node) => this.#presentNode(node),
      isRunning: (node) => this.#nodes.get(node)?.standing === 'running',
      committedPosition: (node) => this.#committedPosition(node),
      dataDir: (node) => this.#directoryOf(node),
      admit: (node) => this.#admit(node),
      dismiss: (node) => {
        this.#links.forget(node)
        this.#tellAddress(node, null)
      },
      forget: (node) => this.#nodes.delete(node),
    })
  }

  /** The settings that a node gets at its next start. */
  get settings(): ClusterSettings {
    return this.#records.settings
  }

  get nodeIds(): readonly number[] {
    return [...this.#nodes.values()].filter((node) => node.standing !== 'removed').map((node) => node.id)
  }

  /** Starts everything. One node that can't start does not keep the others from running; none at all does. */
  async begin({ progress, signal }: BeginOptions): Promise<void> {
    this.#reporter.report('cluster', {
      id: this.id,
      name: this.name,
      nodes: this.nodeIds.length,
      settings: JSON.stringify(this.settings),
    })
    this.#telemetry = await openTelemetry(
      this.#options.surroundings.run.supervisorAddress,
      this.id,
      (hello, connection) => {
        const node = this.#nodes.get(hello.node)
        const life = node?.life
        if (node === undefined || life === undefined || life === null || !life.isMe(hello)) return null
        const receiver = life.attach(connection)
        node.catchUp(life.launch)
        return receiver
      },
    )
    await this.#startAll(progress, signal)
    await withinMs(WARDEN_WITHIN_MS, this.#options.surroundings.warden.watching)
  }

  async #startAll(progress: BeginOptions['progress'], signal: BeginOptions['signal']): Promise<void> {
    const waiting = [...this.nodeIds]
    const of = waiting.length
    const failures: unknown[] = []
    let ready = 0
    const worker = async () => {
      for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
        signal?.throwIfAborted()
        try {
          await this.#node(node).start()
          ready++
          progress?.(ready, of)
        } catch (error) {
          failures.push(error)
        }
      }
    }
    const stopWaiting = () => this.close()
    signal?.addEventListener('abort', stopWaiting, { once: true })
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, worker))
    signal?.removeEventListener('abort', stopWaiting)
    signal?.throwIfAborted()
    if (ready === 0) throw failures[0]
  }

  standing(node: number): NodeStanding {
    return this.#node(node).standing
  }

  dataDir(node: number): string {
    return this.#directoryOf(this.#node(node).id)
  }

  async start(node: number): Promise<void> {
    await this.#node(node).start()
  }

  async stop(node: number): Promise<void> {
    await this.#node(node).stop()
  }

  async kill(node: number): Promise<void> {
    await this.#node(node).kill()
  }

  async pause(node: number): Promise<void> {
    await this.#node(node).pause()
  }

  async resume(node: number): Promise<void> {
    await this.#node(node).resume()
  }

  async restart(node: number): Promise<void> {
    await this.#node(node).restart()
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
    return this.settings
  }

  block(from: number, to: number): void {
    this.#present([from, to])
    this.#links.block(from, to)
  }

  heal(from: number, to: number): void {
    this.#present([from, to])
    this.#links.heal(from, to)
  }

  partition(groups: readonly (readonly number[])[]): void {
    this.#present(groups.flat())
    this.#links.partition(groups)
  }

  healAll(): void {
    this.#links.healAll()
  }

  isBlocked(from: number, to: number): boolean {
    return this.#links.isBlocked(this.#node(from).id, this.#node(to).id)
  }

  async call(command: Command, options: CallOptions = {}): Promise<CallResult> {
    if (options.via !== undefined) this.#present([options.via])
    return await this.#client.call(command, options)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#reporter.report('closing', {})
    this.#operations.close()
    this.#client.close()
    await Promise.all([...this.#nodes.values()].map((node) => node.close(CLOSE_WITHIN_MS)))
    await this.#operations.settled()
    await this.#telemetry?.close().catch(() => undefined)
    this.#reporter.close()
    await this.#records.saved()
    this.#options.onClosed()
    await this.#options.surroundings.putAway()
  }

  #makeNode(id: number, removed: boolean): SupervisedNode {
    const { program, directory } = this.#options
    return new SupervisedNode(id, removed ? 'removed' : 'stopped', {
      program,
      reporter: this.#reporter,
      faults: this.#faults,
      countStart: (node) => this.#records.countStart(node),
      launch: (node, incarnation) => this.#launch(node, incarnation),
      register: (pid) => registerProcess(directory, pid),
      blockedInto: (node) => this.#links.blockedInto(node),
      peers: () => this.#peers(),
    })
  }

  #admit(id: number): SupervisedNode {
    if (this.#closing !== undefined) throw new Problem('no-cluster', {})
    const node = this.#makeNode(id, false)
    this.#nodes.set(id, node)
    this.#tellAddress(id, this.#options.surroundings.run.nodeAddress(id))
    return node
  }

  /** The other nodes hear where one listens; `null`: nowhere any more. */
  #tellAddress(node: number, address: string | null): void {
    for (const other of this.#nodes.values()) if (other.id !== node) other.control({ type: 'address', node, address })
  }

  /** Everything goes through here on its way to the timeline. */
  #watched(sink: EventSink): EventSink {
    return {
      report: (events) => {
        for (const event of events) if (event.kind === 'configuration') this.#operations.membership.saw(event)
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
    const { first } = this.#records
    const record = this.#records.find(node)
    const isFirst = record?.joined === false
    return {
      clusterId: this.id,
      node,
      peers: this.#peers(),
      firstVoters: isFirst ? first.voters : [],
      firstWitnesses: isFirst ? first.witnesses : [],
      ...(record?.joinsAfter && { joinsAfter: record.joinsAfter }),
      supervisor: this.#options.surroundings.run.supervisorAddress,
      dataDir: this.dataDir(node),
      incarnation,
      origin: String(this.origin),
      settings: this.settings,
      blockedFrom: [...this.#links.blockedInto(node)],
    }
  }

  #node(id: number): SupervisedNode {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Problem('node-unknown', { node: String(id), known: this.nodeIds.join(', ') })
    return node
  }

  /** The node exists and was not removed. */
  #presentNode(id: number): SupervisedNode {
    const node = this.#node(id)
    if (node.standing !== 'removed') return node
    throw new Problem('node-unknown', { node: String(id), known: this.nodeIds.join(', ') })
  }

  #present(ids: readonly number[]): void {
    for (const id of ids) this.#presentNode(id)
  }
}
