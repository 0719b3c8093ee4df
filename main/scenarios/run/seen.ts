/** What a folded state shows of its nodes, in the words of the language. */
import { type ClusterState, entryOf, type NodeState } from '../../timeline'

export type SeenNode = NodeState

export const isPresent = ({ process }: SeenNode): boolean => process.standing !== 'removed'
export const isRunning = ({ process }: SeenNode): boolean => process.standing === 'running'

/** Of the highest term, among those that run. */
export function leaderOf({ nodes }: ClusterState): SeenNode | undefined {
  let leader: SeenNode | undefined
  for (const node of nodes.values()) {
    if (node.role !== 'leader' || !isRunning(node)) continue
    if (leader === undefined || node.currentTerm > leader.currentTerm) leader = node
  }
  return leader
}

/** A witness plays the part of a follower; the language calls it what it is. */
export function roleOf(node: SeenNode): SeenNode['role'] | 'witness' {
  return node.role === 'follower' && node.configuration?.witnesses.includes(node.id) === true ? 'witness' : node.role
}

/** The term of a node's entry; undefined where its log tells nothing. */
export function termAt(node: SeenNode, index: number): number | undefined {
  if (index === node.firstIndex - 1) return node.baseTerm
  return entryOf(node, index)?.term
}

/** The last index on the node's disk and in its memory as well. */
export function lastTermOf(node: SeenNode): number {
  return node.log.at(-1)?.term ?? node.baseTerm
}
