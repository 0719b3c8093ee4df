/** What a round is made of: everything that can go wrong, while clients of several kinds write and read. */
import { NEMESIS_PACKAGES, type NemesisPlan, nemesisPlanSchema } from '../../cluster/nemesis/types'
import { type WorkloadPlan, workloadPlanSchema } from '../../cluster/workload/types'
import type { ClusterSettings } from '../../node/contract/settings'

/** Snapshots often enough that they are made, sent and installed all the time. */
export const SETTINGS: Partial<ClusterSettings> = { snapshotEntries: 3000, trailingEntries: 500 }

/** Begins per minute, with five nodes. */
const RATES = { process: 10, partition: 4, link: 6, disk: 9, clock: 8, membership: 4 } as const

const QUIET_MS = 3000

export function nemesisOf(seed: number, durationMs: number, rate = 1): NemesisPlan {
  const lasting = { minMs: 300, maxMs: 6000 }
  return nemesisPlanSchema.parse({
    seed,
    durationMs,
    quietMs: QUIET_MS,
    packages: Object.fromEntries(
      NEMESIS_PACKAGES.map((name) => [name, { perMinute: Math.min(600, RATES[name] * rate), lasting }]),
    ),
  })
}

/**
 * Clients that call as fast as they get answers, mostly about few keys; others that call at their rate, and read through the
 * log.
 */
export function workloadsOf(seed: number): readonly WorkloadPlan[] {
  const common = { seed, durationMs: null, valueBytes: 32 }
  return [
    workloadPlanSchema.parse({
      ...common,
      pace: { type: 'closed', clients: 3 },
      keys: { count: 40, spread: 'zipf' },
      mix: { put: 2, get: 4, cas: 2, append: 2 },
    }),
    workloadPlanSchema.parse({
      ...common,
      pace: { type: 'open', perSecond: 50, waiting: 500 },
      keys: { count: 80, spread: 'uniform' },
      mix: { put: 2, get: 3, cas: 2, append: 2, delete: 1 },
      consistency: 'log',
    }),
  ]
}
