/** What a round takes of the machine: memory and processes, over time. Nodes tell theirs themselves (`stats`). */
import { startTimeOf } from '../../cluster/process-identity'
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState } from '../../timeline'
import type { Finding } from './finding'

/** Above these something is kept that should have gone. */
const MAX_NODE_BYTES = 512 << 20
/** This program: supervisor, clients, recorder and live fold, and the history that is checked at the end. */
const MAX_HOST_BYTES = 1536 << 20
const SAMPLE_MS = 1000

/** Resident memory, bytes. `early` and `late`: medians of the second and of the last quarter of the time. */
export interface MemoryUse {
  readonly early: number
  readonly late: number
  readonly max: number
}

export interface ResourceCounts {
  readonly nodes: MemoryUse
  readonly host: MemoryUse
  /** Node processes at the same time, at most, and in all. */
  readonly processes: number
  readonly starts: number
}

export class Resources {
  readonly #nodes: number
  readonly #startedAt: (pid: number) => string | null
  readonly #samples = { nodes: [] as number[], host: [] as number[] }
  /** Of every life. A number alone would be another program's, some thousands of processes later. */
  readonly #started: { readonly pid: number; readonly at: string | null }[] = []
  /** Node by process id, of the latest life with that. */
  readonly #pids = new Map<number, number>()
  readonly #living = new Set<number>()
  readonly #highest = new Map<number, number>()
  #most = 0
  readonly #timer: NodeJS.Timeout

  /** @param nodes so many run at the same time */
  constructor(nodes: number, startedAt: (pid: number) => string | null = startTimeOf) {
    this.#nodes = nodes
    this.#startedAt = startedAt
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
    this.#timer.unref()
  }

  /** Those that ran before the first event was seen. */
  runs(nodes: ClusterState['nodes']): void {
    for (const {
      id,
      process: { pid, standing },
    } of nodes.values()) {
      if (standing === 'running' || standing === 'starting') this.#process(id, 'spawned', pid)
    }
  }

  saw(events: readonly TimelineEvent[]): void {
    for (const event of events) {
      if (event.kind === 'stats') {
        this.#samples.nodes.push(event.rss)
        this.#highest.set(event.node, Math.max(this.#highest.get(event.node) ?? 0, event.rss))
      } else if (event.kind === 'process') this.#process(event.subject, event.state, event.pid)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** After everything was closed. */
  end(): { readonly findings: readonly Finding[]; readonly counts: ResourceCounts } {
    this.stop()
    const findings: Finding[] = []
    const left = this.#started.filter(({ pid, at }) => at !== null && this.#startedAt(pid) === at)
    if (left.length > 0) findings.push({ kind: 'left-over', pids: left.map(({ pid }) => pid) })
    if (this.#most > this.#nodes) findings.push({ kind: 'processes', count: this.#most, most: this.#nodes })
    const host = memoryUse(this.#samples.host)
    for (const [node, bytes] of [...this.#highest, [0, host.max] as const]) {
      const most = node === 0 ? MAX_HOST_BYTES : MAX_NODE_BYTES
      if (bytes > most) findings.push({ kind: 'memory', node, bytes, most })
    }
    const nodes = memoryUse(this.#samples.nodes)
    return { findings, counts: { nodes, host, processes: this.#most, starts: this.#started.length } }
  }

  #sample(): void {
    this.#samples.host.push(process.memoryUsage.rss())
  }

  #process(node: number, state: string, pid: number): void {
    if (state === 'spawned' && pid !== 0) {
      this.#started.push({ pid, at: this.#startedAt(pid) })
      this.#pids.set(pid, node)
      this.#living.add(pid)
      this.#most = Math.max(this.#most, this.#living.size)
    }
    if (['stopped', 'killed', 'crashed', 'removed'].includes(state)) {
      for (const one of this.#living) if (one === pid || this.#pids.get(one) === node) this.#living.delete(one)
    }
  }
}

export function memoryUse(samples: readonly number[]): MemoryUse {
  const quarter = Math.floor(samples.length / 4)
  return {
    early: median(samples.slice(quarter, 2 * quarter || 1)),
    late: median(samples.slice(-quarter || 0)),
    max: samples.reduce((most, sample) => Math.max(most, sample), 0),
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
