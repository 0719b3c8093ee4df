/** Who may stand for election. */
import { configurationOf, type SpecNode } from '../state'

/**
 * A voter that is no witness; also one that a configuration leaves out which is not committed yet, for its log may be the only one that is
 * long enough (D 4.2.2). Not judged where it is not known which configuration is committed, as after a restart.
 */
export function mayStand(node: SpecNode): boolean {
  const { id, configurations, commitIndex } = node
  const [oldest] = configurations
  if (oldest === undefined || oldest.index > commitIndex) return true
  if (configurationOf(node)?.witnesses.includes(id)) return false
  return configurations.some(({ voters, outgoing }) => voters.includes(id) || outgoing.includes(id))
}
