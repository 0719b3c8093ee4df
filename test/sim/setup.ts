/** What kind of world a seed gives: drawn once, before anything happens. */
import type { NodeId, RaftFeatures } from '../../main/raft'
import type { Weather } from './network'
import type { Random } from './random'

export interface Setup {
  /** All nodes there will ever be; they are numbered from 1. */
  readonly nodes: number
  /** The first so many are the first voters; the others join, if they are asked to. */
  readonly firstVoters: number
  readonly features: RaftFeatures
  readonly priorities: ReadonlyMap<NodeId, number>
  readonly electionTimeout: number
  readonly heartbeatInterval: number
  readonly maxBatchBytes: number
  readonly maxInFlight: number
  readonly maxInFlightBytes: number
  readonly maxUncommittedBytes: number
  readonly trailingEntries: number
  readonly maxCatchUpLag: number
  /** A snapshot is taken when so many entries were applied since the last; 0 = never. */
  readonly snapshotEntries: number
  readonly snapshotChunkBytes: number
  readonly sessionTimeout: number
  /** Sessions that a store remembers. */
  readonly maxSessions: number
  readonly weather: Weather
  /** Mean time of one disk write; the true ones spread from none to many times this. */
  readonly diskMean: number
  /** How likely one write is to fail, which ends the process. */
  readonly diskFailure: number
  /** The real storage code on simulated files, instead of a model of it. */
  readonly hasRealDisks: boolean
  /** How fast each node's clock runs: one rate for each node. */
  readonly clockRates: readonly number[]
  /** May clocks leap ahead? Never where a lease is measured by them. */
  readonly clocksLeap: boolean
  readonly clients: number
  /** Mean times between a client's calls, the nemesis's deeds, and the operator's. */
  readonly thinkMean: number
  readonly nemesisMean: number
  /** 0 = the membership stays as it is. */
  readonly operatorMean: number
  /** Virtual milliseconds of chaos before everything is healed. */
  readonly chaos: number
}

export const CALM: Weather = { loss: 0, duplication: 0, minDelay: 1, meanDelay: 1 }

/** Clocks may differ by this much where leases are used: what the lease allows for. */
const LEASE_DRIFT = 0.04
/** One world in so many stands on the real storage code. */
const REAL_DISKS = 0.1

/** What a world must be like, whatever else is drawn. */
export type Wishes = Partial<Omit<Setup, 'features' | 'nodes' | 'clockRates'>> & {
  readonly features?: Partial<RaftFeatures>
  /** Nodes besides the first voters. */
  readonly spares?: number
}

export function drawSetup(random: Random, wishes: Wishes = {}): Setup {
  const { features, spares, ...others } = wishes
  const firstVoters = wishes.firstVoters ?? random.pick([1, 2, 3, 3, 3, 3, 3, 4, 5, 5])
  const changes = wishes.operatorMean !== undefined ? wishes.operatorMean > 0 : random.chance(0.5)
  const nodes = firstVoters + (spares ?? (changes ? random.integer(0, 3) : 0))
  const electionTimeout = random.between(60, 150)
  const checkQuorum = features?.checkQuorum ?? random.chance(0.85)
  const leaseReads = features?.leaseReads ?? (checkQuorum && random.chance(0.4))
  const rate = leaseReads ? () => 1 + random.between(-LEASE_DRIFT, LEASE_DRIFT) / 2 : () => random.between(0.6, 1.6)
  const hasPriorities = random.chance(0.2)
  return {
    nodes,
    firstVoters,
    features: {
      preVote: random.chance(0.85),
      checkQuorum,
      leaseReads,
      quiescence: random.chance(0.25),
      parallelWrite: random.chance(0.8),
      fastBacktracking: random.chance(0.85),
      catchUpCheck: random.chance(0.8),
      disconnectHint: random.chance(0.8),
      ...features,
    },
    priorities: new Map(
      hasPriorities ? Array.from({ length: nodes }, (_, i) => [i + 1, random.integer(1, 3)] as const) : [],
    ),
    electionTimeout,
    heartbeatInterval: electionTimeout / random.between(3, 8),
    maxBatchBytes: random.pick([1, 100, 300, 1000]),
    maxInFlight: random.pick([1, 2, 4, 16]),
    maxInFlightBytes: random.pick([1, 500, 100_000]),
    maxUncommittedBytes: random.pick([300, 3000, 100_000]),
    trailingEntries: random.pick([0, 0, 3, 20]),
    maxCatchUpLag: random.pick([0, 3, 30]),
    snapshotEntries: random.pick([0, 4, 10, 30]),
    snapshotChunkBytes: random.pick([16, 100, 1000]),
    sessionTimeout: random.pick([300, 100_000, 100_000, 100_000]),
    maxSessions: random.pick([2, 100, 100, 100]),
    weather: {
      loss: random.pick([0, 0.01, 0.05, 0.2, 0.3]),
      duplication: random.pick([0, 0.05, 0.3]),
      minDelay: random.between(0, 3),
      meanDelay: random.pick([1, 5, 15, 30]),
    },
    diskMean: random.pick([0.2, 2, 10, 30]),
    diskFailure: random.pick([0, 0, 0.002]),
    hasRealDisks: random.chance(REAL_DISKS),
    clockRates: Array.from({ length: nodes }, () => (random.chance(0.5) ? 1 : rate())),
    clocksLeap: !leaseReads && random.chance(0.5),
    clients: random.integer(1, 4),
    thinkMean: random.pick([5, 20, 60]),
    nemesisMean: random.pick([40, 120, 300]),
    operatorMean: changes ? random.pick([60, 200]) : 0,
    chaos: random.between(1500, 4000),
    ...others,
  }
}
