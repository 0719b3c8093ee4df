/** A cluster of ours, opened the way the workbench opens one: its own processes, and a recorder that hears everything. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster, ClusterSettings } from '../../../main/cluster/api'
import { createClusterStore } from '../../../main/cluster/store'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { type LiveCluster, openLive } from '../../../main/workbench/live/cluster'
import type { TargetAddress } from '../load/target'
import type { Programs } from '../stage'
import { until } from '../until'

export interface OursOptions {
  readonly directory: string
  readonly programs: Programs
  readonly nodes: number
  readonly settings?: Partial<ClusterSettings>
  readonly signal: AbortSignal
}

/** Milliseconds on the clock of `performance.now()`. */
export type Instant = number

export class OurCluster {
  readonly #live: LiveCluster
  readonly #signal: AbortSignal
  readonly #pids = new Map<number, number>()
  readonly #problems: readonly string[]
  readonly #applied = new Map<number, { readonly index: number; readonly at: Instant }>()
  #leader: { readonly node: number; readonly term: number; readonly at: Instant } | undefined
  /** When its processes began to be started. */
  readonly openedAt: Instant

  private constructor(live: LiveCluster, openedAt: Instant, problems: readonly string[], signal: AbortSignal) {
    this.#live = live
    this.openedAt = openedAt
    this.#problems = problems
    this.#signal = signal
  }

  /** A fresh cluster whose processes are all ready. */
  static async open({ directory, programs, nodes, settings = {}, signal }: OursOptions): Promise<OurCluster> {
    const store = await createClusterStore({ home: directory, programs })
    const summary = await store.create({ nodes, settings })
    const problems: string[] = []
    const openedAt = performance.now()
    const live = await openLive({
      store,
      summary,
      worker: programs.recorder,
      report: (problem) => problems.push(problem.message),
      progress: () => undefined,
      signal,
    })
    const cluster = new OurCluster(live, openedAt, problems, signal)
    cluster.#hear(await live.recorder.source.events({}, Number.MAX_SAFE_INTEGER))
    live.recorder.onOrdered((events) => cluster.#hear(events))
    return cluster
  }

  get cluster(): Cluster {
    return this.#live.cluster
  }

  get pids(): readonly number[] {
    return [...this.#pids.values()]
  }

  pidOf(node: number): number {
    return this.#pids.get(node) ?? 0
  }

  get dataDirs(): readonly string[] {
    return this.cluster.nodeIds.map((node) => this.cluster.dataDir(node))
  }

  /** How the load reaches it. */
  get address(): TargetAddress {
    const [first = ''] = readFileSync(join(this.cluster.path, 'running'), 'utf8').split('\n')
    const { runDirectory } = JSON.parse(first) as { runDirectory: string }
    const nodes = this.cluster.nodeIds.map((id) => ({ id, address: join(runDirectory, `n${id}`) }))
    return { system: 'ours', clusterId: this.cluster.id, nodes }
  }

  /** The last index that a node's state machine has, as far as has been heard; 0 after a start. */
  applied(node: number): number {
    return this.#applied.get(node)?.index ?? 0
  }

  /** When it got there. */
  appliedAt(node: number): Instant {
    return this.#applied.get(node)?.at ?? Number.NaN
  }

  /** The leader of the newest term, and since when. */
  async awaitLeader(): Promise<{ readonly node: number; readonly term: number; readonly at: Instant }> {
    return await this.until('a leader', () => this.#leader)
  }

  /** Waits for an answer. */
  async until<T>(what: string, ask: () => T | undefined | false): Promise<T> {
    return await until(what, ask, this.#signal)
  }

  /** Events that the recorder had to leave out; the bench says so. */
  get shed(): number {
    return this.#live.recorder.source.info().shed
  }

  async close(): Promise<void> {
    await this.#live.close()
    if (this.#problems.length > 0) throw new Error(`the cluster reported: ${this.#problems.join('; ')}`)
  }

  #hear(events: readonly TimelineEvent[]): void {
    for (const event of events) {
      if (event.kind === 'process' && event.state === 'spawned') this.#pids.set(event.subject, event.pid)
      if (event.kind === 'role' && event.role === 'leader' && event.term > (this.#leader?.term ?? 0)) {
        this.#leader = { node: event.node, term: event.term, at: this.#instantOf(event) }
      }
      if (event.kind === 'started') this.#applied.delete(event.node)
      if (event.kind === 'applied')
        this.#applied.set(event.node, { index: event.lastApplied, at: this.#instantOf(event) })
    }
  }

  #instantOf(event: TimelineEvent): Instant {
    const sinceOrigin = Number(process.hrtime.bigint() - this.cluster.origin) / 1e6
    return performance.now() - sinceOrigin + event.t / 1e6
  }
}
