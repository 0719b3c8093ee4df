/** Membership changes, as the leader makes them (§6; dissertation §4 with the correction of 2015). */
import { type Configuration, encodeConfiguration, isJoint, isWitness, leaveJoint, plan } from './configuration'
import type { Core } from './core'
import { agreed } from './quorum'
import { becomeFollower } from './roles'
import { heartbeat, replicate } from './sending'
import { bestSuccessor } from './transfer'
import type { ChangeMode, ChangeRefusal, MembershipChange, NodeId } from './types'
import { NONE } from './types'

/** An operator's change: into the log as a configuration, which counts from then on; or a refusal, and nothing changed. */
export function changeMembership(core: Core, id: number, changes: readonly MembershipChange[], mode: ChangeMode): void {
  const refuse = (reason: ChangeRefusal, node: NodeId = NONE): void => {
    core.answerRequest({ id, ok: false, reason, node, leader: core.leader })
  }
  const early = reasonToRefuse(core)
  if (early !== undefined) {
    refuse(early)
    return
  }
  const planned = plan(core.configuration, changes, mode)
  if (!planned.ok) {
    refuse(planned.reason, planned.node)
    return
  }
  const late = planned.configuration.voters.find((voter) => isTooLate(core, planned.configuration, voter))
  if (late !== undefined) refuse('not-caught-up', late)
  else if (!isReachable(core, planned.configuration)) refuse('would-lose-majority')
  else core.change = { id, index: adopt(core, planned.configuration) }
}

/** Why no change at all can be made now. */
function reasonToRefuse(core: Core): ChangeRefusal | undefined {
  if (!core.isLeader) return 'not-leader'
  if (core.transfer !== undefined) return 'transferring'
  // Two leaders could otherwise each have a change of their own under way, with majorities that do not meet.
  if (!core.hasCommittedInTerm) return 'no-commit-in-term'
  return core.configurations.latest.index > core.commitIndex ? 'change-in-progress' : undefined
}

/**
 * Something was committed: a joint configuration is left as soon as it is itself (§6); a change is over when its last
 * configuration is; and a leader without a place in that one steps down then, not earlier (§6, "the second issue").
 */
export function settleChange(core: Core): void {
  const { index, configuration } = core.configurations.latest
  if (index > core.commitIndex) return
  if (isJoint(configuration)) {
    const final = adopt(core, leaveJoint(configuration))
    if (core.change !== undefined) core.change = { id: core.change.id, index: final }
    return
  }
  if (core.change !== undefined && core.change.index <= core.commitIndex) {
    core.answerRequest({ id: core.change.id, ok: true, index: core.change.index })
    core.change = undefined
  }
  if (!core.isVoter) resign(core)
}

/** Puts a configuration into the log, where it counts at once (§6). */
function adopt(core: Core, configuration: Configuration): number {
  const { index } = core.appendNew('config', encodeConfiguration(configuration))
  core.followMembers(index)
  replicate(core)
  return index
}

/** The others learn what is committed from a last heartbeat, and one of them need not wait for its timer. */
function resign(core: Core): void {
  heartbeat(core)
  const successor = bestSuccessor(core)
  if (successor !== NONE) {
    core.send({ type: 'TimeoutNow', from: core.id, to: successor, term: core.currentTerm }, 'now')
  }
  becomeFollower(core, core.currentTerm, NONE, 'removed')
}

/** Would this voter hold the cluster up, because it has yet to get most of the log (dissertation §4.2.1)? */
function isTooLate(core: Core, configuration: Configuration, voter: NodeId): boolean {
  const { catchUpCheck, maxCatchUpLag } = core.config
  const hasVote = core.configuration.voters.includes(voter)
  if (!catchUpCheck || hasVote || isWitness(configuration, voter)) return false
  const progress = core.progress.get(voter)
  return progress?.state !== 'replicate' || core.log.lastIndex - progress.matchIndex > maxCatchUpLag
}

/** Could a majority of the new configuration be reached now? Newcomers that nobody can have heard yet count as present. */
function isReachable(core: Core, configuration: Configuration): boolean {
  const { electionTimeout } = core.config
  const isHeard = (voter: NodeId) => {
    const progress = core.progress.get(voter)
    return voter === core.id || progress === undefined || core.now - progress.lastHeard < electionTimeout
  }
  return agreed(configuration, (voter) => Number(isHeard(voter))) === 1
}
