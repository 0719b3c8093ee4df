/** The end of silence; see `quiescence.ts`. */
import type { Core } from './core'
import { resetElectionTimer } from './election-timer'
import { startRound } from './reads'
import { NONE } from './types'

/** Something happened. A leader speaks at once; a follower listens for it with a fresh timer. */
export function wake(core: Core): void {
  if (!core.isQuiescent) return
  core.isQuiescent = false
  core.idleRounds = 0
  core.remark('woken', NONE)
  if (core.isLeader) {
    for (const progress of core.progress.values()) progress.lastHeard = core.now
    startRound(core)
  } else {
    // The leader may be alive: it gets the time to say so before anybody is elected in its place.
    core.lastContact = core.now
    resetElectionTimer(core)
  }
}
