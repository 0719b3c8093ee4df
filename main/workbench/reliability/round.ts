/**
 * One seed: a new cluster under every kind of fault, with clients that call all the while; then it is healed, and everything that
 * can be checked is checked.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClusterStore } from '../../cluster'
import type { Cluster } from '../../cluster/api'
import type { NemesisEnd } from '../../cluster/nemesis/types'
import type { LoadPoint, WorkloadPlan, WorkloadTotals } from '../../cluster/workload/types'
import { asProblem, Problem } from '../../node/contract/problem'
import { openRecording } from '../../timeline'
import type { Programs } from '../api'
import { type LiveCluster, openLive } from '../live/cluster'
import { checkFiles } from './files'
import type { Finding } from './finding'
import { History, type HistoryCounts } from './history'
import { nemesisOf, SETTINGS, workloadsOf } from './plan'
import { checkRecording, type RecordingCounts } from './recording'
import { type ResourceCounts, Resources } from './resources'

export interface RoundWish {
  readonly seed: number
  readonly nodes: number
  /** Of the nemesis; a quiet end and the checks come after it. */
  readonly durationMs: number
  /** How many times as often as usual things go wrong. */
  readonly rate?: number
  readonly programs: Programs
  readonly signal: AbortSignal
  progress?(state: RoundState): void
}

/** Where a round stands. */
export interface RoundState {
  readonly seed: number
  readonly phase: 'starting' | 'nemesis' | 'checking'
  /** Since its nemesis began. */
  readonly millis: number
  readonly ok: number
  readonly failed: number
  readonly unknown: number
}

export interface RoundResult {
  readonly seed: number
  readonly nodes: number
  readonly durationMs: number
  readonly findings: readonly Finding[]
  readonly nemesis: NemesisEnd
  /** Faults begun, by type. */
  readonly faults: Readonly<Record<string, number>>
  /** Changes of the membership, transfers and rebuilds that were done, by type. */
  readonly operations: Readonly<Record<string, number>>
  readonly workloads: readonly WorkloadTotals[]
  readonly history: readonly HistoryCounts[]
  readonly recording: RecordingCounts
  readonly resources: ResourceCounts
  /** Kept because something was found; left out otherwise. */
  readonly kept?: string
}

const PROGRESS_MS = 1000
const LEADER_WITHIN_MS = 20_000
const FINAL_READ_WITHIN_MS = 20_000
const SAME_WITHIN_MS = 5000
const SAME_PAUSE_MS = 50
const KEYS_AT_ONCE = 10

/** @throws {Problem} when the cluster cannot be run at all; the reason of an aborted `signal` */
export async function runRound(wish: RoundWish): Promise<RoundResult> {
  const home = await mkdtemp(join(tmpdir(), 'raft-workbench-reliability-'))
  let isKept = false
  try {
    const result = await new Round(wish, home).run()
    isKept = result.findings.length > 0
    return isKept ? { ...result, kept: home } : result
  } finally {
    if (!isKept) await rm(home, { recursive: true, force: true })
  }
}

class Round {
  readonly #wish: RoundWish
  readonly #home: string
  readonly #findings: Finding[] = []
  readonly #faults = new Map<string, number>()
  readonly #operations = new Map<string, number>()
  readonly #loads: { readonly plan: WorkloadPlan; readonly history: History; point: Pick<LoadPoint, Outcome> }[]
  readonly #resources: Resources
  #phase: RoundState['phase'] = 'starting'
  #began = performance.now()

  constructor(wish: RoundWish, home: string) {
    this.#wish = wish
    this.#home = home
    this.#resources = new Resources(wish.nodes)
    this.#loads = workloadsOf(wish.seed).map((plan) => ({
      plan,
      history: new History(plan.valueBytes),
      point: { ok: 0, failed: 0, unknown: 0 },
    }))
  }

  async run(): Promise<RoundResult> {
    const { seed, nodes, durationMs, signal } = this.#wish
    const showing = setInterval(() => this.#show(), PROGRESS_MS)
    try {
      const live = await this.#open()
      const { cluster, recorder, recording } = live
      this.#resources.runs(recorder.state.nodes)
      recorder.onOrdered((events) => {
        this.#resources.saw(events)
        for (const event of events) {
          if (event.kind === 'fault' && event.action === 'begin') count(this.#faults, event.type)
          if (event.kind === 'operation' && event.action === 'done') count(this.#operations, event.type)
        }
      })
      let done: Pick<RoundResult, 'nemesis' | 'workloads'>
      try {
        done = await this.#rage(cluster)
        this.#phase = 'checking'
        await this.#checkCluster(cluster)
      } finally {
        await live.close()
        this.#resources.stop()
      }
      signal.throwIfAborted()
      const resources = this.#resources.end()
      const recorded = await this.#checkRecording(recording)
      const histories = this.#loads.map(({ history }) => history.check())
      const found = [resources, recorded, ...histories].flatMap(({ findings }) => findings)
      return {
        seed,
        nodes,
        durationMs,
        findings: [...this.#findings, ...found],
        ...done,
        faults: Object.fromEntries([...this.#faults].sort()),
        operations: Object.fromEntries([...this.#operations].sort()),
        history: histories.map(({ counts }) => counts),
        recording: recorded.counts,
        resources: resources.counts,
      }
    } finally {
      clearInterval(showing)
      this.#resources.stop()
    }
  }

  async #open(): Promise<LiveCluster> {
    const { nodes, programs, signal } = this.#wish
    const store = await createClusterStore({ home: this.#home, programs })
    const summary = await store.create({ nodes, settings: SETTINGS })
    const report = (problem: Problem): void => {
      this.#findings.push({ kind: 'recording', detail: problem.message })
    }
    return await openLive({ store, summary, worker: programs.recorder, report, progress: () => undefined, signal })
  }

  /** The nemesis and the clients, from the first leader to the quiet end. */
  async #rage(cluster: Cluster): Promise<Pick<RoundResult, 'nemesis' | 'workloads'>> {
    const { seed, durationMs, rate, signal } = this.#wish
    const first = await cluster.call({ op: 'get', key: 'begin' }, { timeoutMs: LEADER_WITHIN_MS, signal })
    signal.throwIfAborted()
    if (first.outcome !== 'ok') throw new Problem('no-leader', { millis: first.millis })
    const runs = this.#loads.map((load) =>
      cluster.startWorkload(load.plan, {
        answered: (_, command, result) => load.history.answered(command, result),
        point: ({ ok, failed, unknown }) => {
          const { point } = load
          load.point = { ok: point.ok + ok, failed: point.failed + failed, unknown: point.unknown + unknown }
        },
      }),
    )
    this.#phase = 'nemesis'
    this.#began = performance.now()
    const nemesis = cluster.startNemesis(nemesisOf(seed, durationMs, rate))
    const stop = (): void => void nemesis.stop()
    signal.addEventListener('abort', stop, { once: true })
    // An aborted round is closed at once: nobody waits for its healing.
    const end = await Promise.race([nemesis.ended, aborted(signal)])
    signal.removeEventListener('abort', stop)
    await Promise.all(runs.map((run) => run.stop()))
    const workloads = await Promise.all(runs.map(({ ended }) => ended))
    return { nemesis: end, workloads }
  }

  async #checkCluster(cluster: Cluster): Promise<void> {
    const { signal } = this.#wish
    for (const node of cluster.nodeIds) {
      const standing = cluster.standing(node)
      if (standing !== 'running') this.#findings.push({ kind: 'not-healed', detail: `node ${node} is ${standing}` })
    }
    for (const [at, { plan, history }] of this.#loads.entries()) {
      for (let first = 1; first <= plan.keys.count; first += KEYS_AT_ONCE) {
        signal.throwIfAborted()
        const keys = Array.from({ length: Math.min(KEYS_AT_ONCE, plan.keys.count + 1 - first) }, (_, of) => first + of)
        await Promise.all(keys.map((key) => this.#checkKey(cluster, `load/${at + 1}/${key}`, history)))
      }
    }
    this.#findings.push(...(await checkFiles(cluster, signal)))
  }

  /** A last linearizable read, and what each node's own state machine says. */
  async #checkKey(cluster: Cluster, key: string, history: History): Promise<void> {
    const { signal } = this.#wish
    const get = { op: 'get', key } as const
    const last = await cluster.call(get, { timeoutMs: FINAL_READ_WITHIN_MS, signal })
    if (last.outcome !== 'ok') {
      if (!signal.aborted) this.#findings.push({ kind: 'not-healed', detail: `${key}: ${last.problem}` })
      return
    }
    history.answered(get, last)
    for (const node of cluster.nodeIds) {
      const deadline = performance.now() + SAME_WITHIN_MS
      for (;;) {
        const { outcome, value } = await cluster.call(get, { via: node, consistency: 'stale', signal })
        if (outcome === 'ok' && Buffer.compare(value, last.value) === 0) break
        if (signal.aborted) return
        if (performance.now() > deadline) {
          this.#findings.push({ kind: 'states', node, key })
          break
        }
        await new Promise((resolve) => setTimeout(resolve, SAME_PAUSE_MS))
      }
    }
  }

  async #checkRecording(
    path: string,
  ): Promise<{ readonly findings: readonly Finding[]; readonly counts: RecordingCounts }> {
    try {
      const source = await openRecording(path)
      try {
        return await checkRecording(source, this.#wish.signal)
      } finally {
        await source.close()
      }
    } catch (trouble) {
      this.#wish.signal.throwIfAborted()
      const counts = { events: 0, bytes: 0, terms: 0, elections: 0, committed: 0, acknowledged: 0 }
      return { findings: [{ kind: 'recording', detail: asProblem(trouble).message }], counts }
    }
  }

  #show(): void {
    const sum = (of: Outcome) => this.#loads.reduce((total, { point }) => total + point[of], 0)
    this.#wish.progress?.({
      seed: this.#wish.seed,
      phase: this.#phase,
      millis: this.#phase === 'starting' ? 0 : performance.now() - this.#began,
      ok: sum('ok'),
      failed: sum('failed'),
      unknown: sum('unknown'),
    })
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

type Outcome = 'ok' | 'failed' | 'unknown'

/** Rejects with the signal's reason when it is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
