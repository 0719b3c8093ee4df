/**
 * Performs a workload: its clients call by the plan, what they see is summed up, and stands on the timeline. While the whole
 * cluster is stopped nothing begins, and nothing is due.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from '../../node/contract/client'
import { asProblem } from '../../node/contract/problem'
import type { CallResult, Cluster } from '../api'
import type { Reporter } from '../supervisor/reporter'
import { keySpread } from './keys'
import { Lengths, MixClient, type MixOptions, operations } from './mix'
import { Statistics } from './statistics'
import {
  LOAD_INTERVAL_MS,
  type WorkloadObserver,
  type WorkloadPlan,
  type WorkloadRun,
  type WorkloadTotals,
} from './types'

export interface WorkloadGround {
  readonly call: Cluster['call']
  readonly reporter: Pick<Reporter, 'report' | 'now'>
  /** The whole cluster stands still. */
  isStopped(): boolean
  /** Aborted when the cluster closes. */
  readonly closing: AbortSignal
}

/** A client that was refused at once asks again only after this. */
const REFUSED_PAUSE_MS = 10
/** How often is looked whether a stopped cluster goes on. */
const STOPPED_PAUSE_MS = 10
/** Timers are this coarse; what is due meanwhile begins together. */
const TICK_MS = 1
const NOTHING = new Uint8Array(0)

/** Begins at once. @param id the workload's number: its keys are `load/<id>/…` */
export function runWorkload(
  id: number,
  plan: WorkloadPlan,
  ground: WorkloadGround,
  observer: WorkloadObserver = {},
): WorkloadRun {
  const work = new Work(id, plan, ground, observer)
  const ended = work.run()
  return {
    id,
    plan,
    ended,
    async stop() {
      work.stop()
      await ended
    },
  }
}

class Work {
  readonly #id: number
  readonly #plan: WorkloadPlan
  readonly #ground: WorkloadGround
  readonly #observer: WorkloadObserver
  readonly #statistics = new Statistics()
  readonly #mix: MixOptions
  /** Aborted: no more calls begin. */
  readonly #over = new AbortController()

  constructor(id: number, plan: WorkloadPlan, ground: WorkloadGround, observer: WorkloadObserver) {
    this.#id = id
    this.#plan = plan
    this.#ground = ground
    this.#observer = observer
    this.#mix = {
      plan,
      workload: id,
      drawKey: keySpread(plan.keys),
      drawOp: operations(plan.mix),
      lengths: new Lengths(plan.valueBytes),
    }
  }

  async run(): Promise<WorkloadTotals> {
    const { reporter, closing } = this.#ground
    const { pace, durationMs } = this.#plan
    reporter.report('workload', { action: 'begin', id: this.#id, detail: JSON.stringify(this.#plan) })
    const began = performance.now()
    let lastPoint = began
    const point = (): void => {
      const now = performance.now()
      this.#point(now - lastPoint)
      lastPoint = now
    }
    const points = setInterval(point, LOAD_INTERVAL_MS)
    const end = durationMs === null ? undefined : setTimeout(() => this.stop(), durationMs)
    const stop = (): void => this.stop()
    if (closing.aborted) stop()
    closing.addEventListener('abort', stop, { once: true })
    try {
      await (pace.type === 'closed' ? this.#closed(pace.clients) : this.#open(pace.perSecond, pace.waiting))
    } finally {
      clearInterval(points)
      clearTimeout(end)
      closing.removeEventListener('abort', stop)
    }
    point()
    const totals = this.#statistics.totals(performance.now() - began)
    reporter.report('workload', { action: 'end', id: this.#id, detail: JSON.stringify(totals) })
    return totals
  }

  stop(): void {
    this.#over.abort()
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted
  }

  async #closed(clients: number): Promise<void> {
    await Promise.all(
      Array.from({ length: clients }, async (_, at) => {
        const client = new MixClient(at + 1, this.#mix)
        while (!this.#isOver) {
          if (this.#ground.isStopped()) await this.#pause(STOPPED_PAUSE_MS)
          else if ((await this.#call(client, performance.now())) !== 'ok') await this.#pause(REFUSED_PAUSE_MS)
        }
      }),
    )
  }

  /** A call takes a client that has none under way; there are as many as were ever needed at the same time. */
  async #open(perSecond: number, most: number): Promise<void> {
    const everyMs = 1000 / perSecond
    const underWay = new Set<Promise<unknown>>()
    const free: MixClient[] = []
    let clients = 0
    let due = performance.now()
    while (!this.#isOver) {
      if (this.#ground.isStopped()) {
        await this.#pause(STOPPED_PAUSE_MS)
        due = performance.now()
        continue
      }
      const now = performance.now()
      for (; due <= now; due += everyMs) {
        if (underWay.size >= most) {
          this.#statistics.refused('cluster-busy')
          continue
        }
        const client = free.pop() ?? new MixClient(++clients, this.#mix)
        const calling = this.#call(client, due).finally(() => {
          underWay.delete(calling)
          free.push(client)
        })
        underWay.add(calling)
      }
      await this.#pause(Math.max(TICK_MS, due - performance.now()))
    }
    await Promise.all(underWay)
  }

  /** @param due on the clock of `performance.now()`: latency counts from here */
  async #call(client: MixClient, due: number): Promise<CallResult['outcome']> {
    const { consistency, timeoutMs } = this.#plan
    const command = client.next()
    this.#statistics.started()
    const result = await this.#answer(command, command.op === 'get' ? { consistency, timeoutMs } : { timeoutMs })
    client.answered(command, result)
    this.#statistics.answered(result, performance.now() - due)
    this.#observer.answered?.(client.number, command, result)
    return result.outcome
  }

  async #answer(command: Command, options: Parameters<Cluster['call']>[1]): Promise<CallResult> {
    try {
      return await this.#ground.call(command, options)
    } catch (error) {
      // Before anything was sent: the cluster closes.
      const { code } = asProblem(error)
      const nothing = { call: 0, found: false, value: NOTHING, from: 0, index: 0, term: 0, millis: 0 }
      return { ...nothing, outcome: 'failed', problem: code }
    }
  }

  #point(millis: number): void {
    const { reporter } = this.#ground
    const point = this.#statistics.take(this.#id, reporter.now(), millis)
    const { t: _, ...fields } = point
    reporter.report('load', fields)
    this.#observer.point?.(point)
  }

  async #pause(millis: number): Promise<void> {
    await sleep(millis, undefined, { signal: this.#over.signal }).catch(() => undefined)
  }
}
