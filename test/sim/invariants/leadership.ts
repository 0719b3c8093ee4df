import { isVoter, isWitness } from '../../../main/raft/configuration'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/** A server without a vote is a learner. Only a voter stands for election, and a witness never; a removed leader goes once its removal is committed. */
export class Leadership implements Invariant {
  readonly name = 'Who may lead'
  readonly section = 'paper §6; dissertation §4.2.2'

  afterStep({ node, after }: StepView): void {
    const { role, configuration, configurationIndex, commitIndex } = after
    if (role === 'follower' || role === 'learner') {
      const isRight = isVoter(configuration, node) === (role === 'follower')
      if (!isRight) throw new Violation(this, `${node} is ${role} in ${JSON.stringify(configuration)}`)
      return
    }
    if (isWitness(configuration, node)) throw new Violation(this, `witness ${node} is ${role}`)
    if (isVoter(configuration, node)) return
    // Until its removal is committed it may be needed.
    if (configurationIndex > commitIndex) return
    throw new Violation(this, `${node} is ${role} after its removal was committed`)
  }
}
