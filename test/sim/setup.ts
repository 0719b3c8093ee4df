/** What kind of world a seed gives: drawn once, before anything happens. */

import type { Weather } from './network'
import type { Random } from './random'

export interface Setup {
  readonly nodes: number
  readonly electionTimeout: number
  readonly heartbeatInterval: number
  readonly maxBatchBytes: number
  readonly maxInFlight: number
  readonly weather: Weather
  /** Mean time of one disk write; the true ones spread from none to many times this. */
  readonly diskMean: number
  /** How fast each node's clock runs: one rate for each node. */
  readonly clockRates: readonly number[]
  /** Mean times between proposals, and between the nemesis's deeds. */
  readonly proposalMean: number
  readonly nemesisMean: number
  /** Virtual milliseconds of chaos before everything is healed. */
  readonly chaos: number
}

export const CALM: Weather = { loss: 0, duplication: 0, minDelay: 1, meanDelay: 1 }

export function drawSetup(random: Random): Setup {
  const nodes = random.pick([1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 7])
  const electionTimeout = random.between(60, 150)
  return {
    nodes,
    electionTimeout,
    heartbeatInterval: electionTimeout / random.between(3, 8),
    maxBatchBytes: random.pick([1, 100, 300, 1000]),
    maxInFlight: random.pick([1, 2, 4, 16]),
    weather: {
      loss: random.pick([0, 0.01, 0.05, 0.2, 0.3]),
      duplication: random.pick([0, 0.05, 0.3]),
      minDelay: random.between(0, 3),
      meanDelay: random.pick([1, 5, 15, 30]),
    },
    diskMean: random.pick([0.2, 2, 10, 30]),
    clockRates: Array.from({ length: nodes }, () => (random.chance(0.5) ? 1 : random.between(0.6, 1.6))),
    proposalMean: random.pick([3, 10, 30, 100]),
    nemesisMean: random.pick([40, 120, 300]),
    chaos: random.between(3000, 9000),
  }
}
