/** The consensus core. */
export {
  configurationOf,
  decodeConfiguration,
  EMPTY_CONFIGURATION,
  encodeConfiguration,
  isJoint,
  isVoter,
  isWitness,
  membersOf,
  roleIn,
  sameConfiguration,
} from './configuration'
export { InvariantViolation } from './invariant'
export { Raft } from './raft'
export * from './types'
