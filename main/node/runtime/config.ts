/** What the core is told when a node starts: the cluster's settings, in its words. */
import { configurationOf, EMPTY_CONFIGURATION, type RaftConfig } from '../../raft'
import type { Launch } from '../contract/launch'
import { makeEntry } from '../contract/records'

export function raftConfigOf({ node, firstVoters, firstWitnesses, joinsAfter, settings }: Launch): RaftConfig {
  return {
    id: node,
    bootstrap:
      firstVoters.length === 0
        ? EMPTY_CONFIGURATION
        : configurationOf(firstVoters, { witnesses: [...firstWitnesses].sort((a, b) => a - b) }),
    electionTimeout: settings.electionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    preVote: settings.preVote,
    checkQuorum: settings.checkQuorum,
    leaseReads: settings.leaseReads,
    quiescence: settings.quiescence,
    disconnectHint: settings.disconnectHint,
    parallelWrite: settings.parallelWrite,
    fastBacktracking: settings.fastBacktracking,
    catchUpCheck: settings.catchUpCheck,
    maxBatchBytes: settings.maxBatchBytes,
    maxInFlight: settings.maxInFlight,
    maxInFlightBytes: settings.maxInFlightBytes,
    maxUncommittedBytes: settings.maxUncommittedBytes,
    trailingEntries: settings.trailingEntries,
    maxCatchUpLag: settings.maxCatchUpLag,
    priorities: new Map(Object.entries(settings.priorities).map(([id, priority]) => [Number(id), priority])),
    random: Math.random,
    makeEntry,
    ...(joinsAfter && { joinsAfter }),
  }
}
