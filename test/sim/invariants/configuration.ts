import type { Configuration, NodeId } from '../../../main/raft'
import { decodeConfiguration, isJoint, sameConfiguration } from '../../../main/raft/configuration'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/**
 * Two majorities of configurations in force always have a server in common. By induction over the steps that a leader
 * takes: each new configuration is one vote away from the one before, or enters or leaves a joint one; the one before is
 * committed; and the leader has committed in its own term (the correction of 2015). And every server uses the newest
 * configuration in its log, committed or not, also after that was cut.
 */
export class ConfigurationSteps implements Invariant {
  readonly name = 'No disjoint majorities'
  readonly section = 'paper §6; dissertation §4.1 and its correction'

  afterStep({ node, before, after, effects, log }: StepView): void {
    if (!sameConfiguration(after.configuration, log.configuration)) {
      const [used, newest] = [JSON.stringify(after.configuration), JSON.stringify(log.configuration)]
      throw new Violation(this, `node ${node} uses ${used}, its log says ${newest}`)
    }
    if (after.role !== 'leader' || !before || !effects.write) return
    let current = before.configuration
    let isFirst = before.role === 'leader'
    for (const { index, type, data } of effects.write.entries) {
      if (type !== 'config') continue
      const next = decodeConfiguration(data)
      if (!next) throw new Violation(this, `entry ${index} holds no configuration`)
      if (!isLegal(current, next)) {
        throw new Violation(this, `leader ${node} goes from ${JSON.stringify(current)} to ${JSON.stringify(next)}`)
      }
      if (before.configurationIndex > after.commitIndex || !isFirst) {
        throw new Violation(this, `leader ${node} appends configuration ${index} before the last one is committed`)
      }
      if (log.termAt(after.commitIndex) !== after.currentTerm) {
        throw new Violation(this, `leader ${node} changes the configuration before it committed in its term`)
      }
      current = next
      isFirst = false
    }
  }
}

function isLegal(from: Configuration, to: Configuration): boolean {
  if (isJoint(from)) return !isJoint(to) && equal(from.voters, to.voters)
  if (isJoint(to)) return equal(from.voters, to.outgoing)
  return without(from.voters, to.voters).length + without(to.voters, from.voters).length <= 1
}

function equal(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at])
}

function without(a: readonly NodeId[], b: readonly NodeId[]): readonly NodeId[] {
  return a.filter((id) => !b.includes(id))
}
