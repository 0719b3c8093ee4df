/** Logs as a fold keeps them. */
import type { Entry } from '../../../main/raft/types'
import { EntryLog } from '../../../main/timeline/fold/entry-log'
import type { ClusterState } from '../../../main/timeline/state'

export function logOf(entries: readonly Entry[]): EntryLog {
  const log = new EntryLog()
  for (const entry of entries) log.push(entry)
  return log
}

/** The state with arrays for its logs: for comparisons that look at properties only. */
export function plainState(state: ClusterState): unknown {
  const nodes = new Map(Array.from(state.nodes, ([id, node]) => [id, { ...node, log: [...node.log] }]))
  return { ...state, nodes }
}
