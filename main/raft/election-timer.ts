/** When a server that hears no leader stands for election (§5.2). */
import type { Core } from './core'
import { priorityOf } from './eligibility'
import type { Millis } from './types'

/** A follower draws a new election timeout at most so often between two heartbeats. */
const RENEWALS_PER_HEARTBEAT = 4

/** Draws a new election timeout (§5.2: randomized, so that split votes are rare). */
export function resetElectionTimer(core: Core): void {
  const { electionTimeout, random } = core.config
  set(core, electionTimeout * (1 + random() + higherPriorities(core)))
}

/** The first timer. Before there was any term nobody leads who could be disturbed, so a fresh cluster need not wait as long. */
export function startElectionTimer(core: Core): void {
  const isFresh = core.currentTerm === 0 && core.log.lastIndex === 0
  if (!isFresh) {
    resetElectionTimer(core)
    return
  }
  const { electionTimeout, heartbeatInterval, random } = core.config
  set(core, heartbeatInterval + random() * electionTimeout + higherPriorities(core) * electionTimeout)
}

/**
 * Draws a new timeout, unless that was just done: with thousands of messages a second a new one for each would move the
 * election by next to nothing.
 */
export function renewElectionTimer(core: Core): void {
  const since = core.now - core.electionTimerSetAt
  if (since >= core.config.heartbeatInterval / RENEWALS_PER_HEARTBEAT) resetElectionTimer(core)
}

/** Brings the election forward; whoever is heard again puts it off at once. */
export function standBefore(core: Core, deadline: Millis): void {
  core.electionDeadline = Math.min(core.electionDeadline, deadline)
  core.electionTimerSetAt = Number.NEGATIVE_INFINITY
}

/** Nothing to time: this server may not stand for election. */
export function stopElectionTimer(core: Core): void {
  core.electionTimerSetAt = Number.NEGATIVE_INFINITY
  core.electionDeadline = Number.POSITIVE_INFINITY
}

function set(core: Core, duration: Millis): void {
  core.electionDeadline = core.now + duration
  core.electionTimerSetAt = core.now
  core.observe({ kind: 'timer', deadline: core.electionDeadline, duration })
}

/** How many priorities stand above this server's, among the voters: each puts its election off by one timeout. */
function higherPriorities(core: Core): number {
  if (core.config.priorities.size === 0) return 0
  const own = priorityOf(core, core.id)
  const higher = new Set<number>()
  for (const voter of core.otherVoters) if (priorityOf(core, voter) > own) higher.add(priorityOf(core, voter))
  return higher.size
}
