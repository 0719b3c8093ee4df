/**
 * Workloads: clients that call by a plan, and what they see. Pure values; `workload/run.ts` performs one on a cluster, with the
 * cluster's own client (sessions, retries, redirects), so each call is on the timeline like any other.
 */
import { z } from 'zod'
import type { Command } from '../../node/contract/client'
import { CONSISTENCIES } from '../../node/contract/client'
import { seedSchema } from '../../node/contract/conditions'
import type { CallResult } from '../api'

z.config({ jitless: true })

/** Of a cluster, at the same time. */
export const MAX_WORKLOADS = 8
export const MAX_CLIENTS = 1000
export const MAX_CALLS_PER_SECOND = 100_000
export const MAX_KEYS = 1_000_000
/** How often its clients' experience is summed up. */
export const LOAD_INTERVAL_MS = 250

const weight = z.number().min(0).max(1000).default(0)

export const workloadPlanSchema = z.strictObject({
  pace: z.discriminatedUnion('type', [
    /** So many clients, each of which calls again when it has its answer. */
    z.strictObject({ type: z.literal('closed'), clients: z.number().int().min(1).max(MAX_CLIENTS) }),
    /**
     * So many calls begin per second, evenly, answered or not; latency counts from when a call was due. Beyond `waiting` calls
     * without an answer no more begin, and those count as `failed`.
     */
    z.strictObject({
      type: z.literal('open'),
      perSecond: z.number().min(0.1).max(MAX_CALLS_PER_SECOND),
      waiting: z.number().int().min(1).max(100_000).default(10_000),
    }),
  ]),
  /** Keys are `load/<workload>/<number>`. `zipf`: the n-th key is asked for 1/n as often as the first. */
  keys: z
    .strictObject({
      count: z.number().int().min(1).max(MAX_KEYS),
      spread: z.enum(['uniform', 'zipf', 'single']),
    })
    .default({ count: 100, spread: 'uniform' }),
  /** Weights; not all 0. A `cas` compares with what this client last saw of the key. */
  mix: z
    .strictObject({ put: weight, get: weight, cas: weight, append: weight, delete: weight })
    .refine((mix) => Object.values(mix).some((share) => share > 0), 'nothing to do')
    .default({ put: 1, get: 1, cas: 0, append: 0, delete: 0 }),
  consistency: z.enum(CONSISTENCIES).default('index'),
  /** Of a value; an `append` adds as many, so its keys are deleted before they are too large. */
  valueBytes: z
    .number()
    .int()
    .min(1)
    .max(256 << 10)
    .default(64),
  /** Of keys, operations and values. The order of answers is the cluster's. */
  seed: seedSchema,
  /** null = until it is stopped. */
  durationMs: z.number().int().min(1).max(86_400_000).nullable(),
  timeoutMs: z.number().int().min(100).max(600_000).default(5000),
})
export type WorkloadPlan = Readonly<z.infer<typeof workloadPlanSchema>>
export type WorkloadPlanInput = z.input<typeof workloadPlanSchema>

/** One interval. Latencies in milliseconds of the calls that were `ok`; 0 when there were none. */
export interface LoadPoint {
  readonly workload: number
  /** The end of the interval, nanoseconds since the recording began. */
  readonly t: number
  readonly millis: number
  readonly started: number
  readonly ok: number
  readonly failed: number
  readonly unknown: number
  /** Calls without an answer now. */
  readonly waiting: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Over the whole run. */
export interface WorkloadTotals extends Omit<LoadPoint, 'workload' | 't'> {
  /** What was not `ok`: how often by code of the problem. */
  readonly problems: Readonly<Record<string, number>>
}

export interface WorkloadObserver {
  /** Every {@link LOAD_INTERVAL_MS}. */
  point?(point: LoadPoint): void
  /** Every call with its answer: for who checks the history. */
  answered?(client: number, command: Command, result: CallResult): void
}

export interface WorkloadRun {
  readonly id: number
  readonly plan: WorkloadPlan
  /** Resolves when the last call was answered. Never rejects. */
  readonly ended: Promise<WorkloadTotals>
  /** No more calls begin; resolves when the last was answered. */
  stop(): Promise<void>
}
