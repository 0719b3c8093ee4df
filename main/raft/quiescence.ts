/**
 * Silence while there is nothing to do: a leader whose followers all have and know everything stops its heartbeats, and
 * they stop their election timers. Whatever happens next ends it: a client, a message, a broken connection.
 */
import type { Core } from './core'
import type { AppendEntries, Index } from './types'
import { NONE } from './types'

/** Rounds of heartbeats without any news before the silence begins; the last ones told everybody what is committed. */
const IDLE_ROUNDS = 3

/** Leader, before a heartbeat: is it the last one? */
export function mayQuiesce(core: Core): boolean {
  if (!core.config.quiescence || !isIdle(core)) {
    core.idleRounds = 0
    return false
  }
  core.idleRounds += 1
  return core.idleRounds > IDLE_ROUNDS
}

/** The silence begins. */
export function quiesce(core: Core): void {
  core.isQuiescent = true
  core.remark('quiesced', NONE, core.log.lastIndex)
}

/** Follower: the leader says that it falls silent. Only who has everything may believe that. */
export function heedQuiesce(core: Core, { quiesce: isLast, prevLogIndex, leaderCommit }: AppendEntries): void {
  const hasAll = (index: Index) => index === core.log.lastIndex && index === core.commitIndex
  if (isLast && hasAll(prevLogIndex) && leaderCommit === core.commitIndex) quiesce(core)
}

function isIdle(core: Core): boolean {
  const { lastIndex } = core.log
  if (core.commitIndex !== lastIndex || core.reads.waiting.length > 0 || core.transfer !== undefined) return false
  for (const { state, matchIndex, lastHeard } of core.progress.values()) {
    if (state !== 'replicate' || matchIndex !== lastIndex) return false
    if (core.now - lastHeard >= core.config.electionTimeout) return false
  }
  return true
}
