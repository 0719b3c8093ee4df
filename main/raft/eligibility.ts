/** Who may lead and who may stand for election: membership, witnesses, priorities, and those that still join. */
import { isVoter, isWitness } from './configuration'
import type { Core } from './core'
import type { NodeId } from './types'

/** How much `node` should lead; see {@link RaftConfig.priorities}. */
export function priorityOf(core: Core, node: NodeId): number {
  return core.config.priorities.get(node) ?? 1
}

/** Neither a witness nor told never to lead. */
export function mayLead(core: Core, node: NodeId): boolean {
  return !isWitness(core.configuration, node) && priorityOf(core, node) > 0
}

/**
 * May this server stand for election at all? One that a configuration leaves out still must while that is not committed,
 * without counting itself: its log may be the only one that is long enough (dissertation §4.2.2).
 */
export function mayStand(core: Core): boolean {
  if (!mayLead(core, core.id) || isStillJoining(core)) return false
  if (core.isVoter) return true
  const isCommitted = core.configurations.latest.index <= core.commitIndex
  return !isCommitted && isVoter(core.configurations.at(core.commitIndex).configuration, core.id)
}

/** See {@link RaftConfig.joinsAfter}. */
export function isStillJoining(core: Core): boolean {
  return core.log.lastIndex < (core.config.joinsAfter?.index ?? 0)
}
