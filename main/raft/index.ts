/** The consensus core. */
export { InvariantViolation } from './invariant'
export { Raft } from './raft'
export * from './types'
