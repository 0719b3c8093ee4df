/** The state that {@link fold} works on: the same shapes as state.ts, open for writing. */
import type { Entry, ProgressView } from '../../raft/types'
import type { ActiveFault, CallState, ClusterState, NodeState, ProcessState } from '../state'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export interface MutableNode extends Omit<Writable<NodeState>, 'process' | 'progress' | 'log'> {
  process: Writable<ProcessState>
  progress: ProgressView[]
  log: Entry[]
  /** Times that the process was spawned within this recording. */
  starts: number
}

export type MutableCall = Writable<CallState>

export interface MutableCluster extends Omit<Writable<ClusterState>, 'nodes' | 'blocked' | 'faults' | 'calls'> {
  /** In the order of their ids. */
  nodes: Map<number, MutableNode>
  blocked: Set<number>
  faults: ActiveFault[]
  calls: MutableCall[]
}

/** The state before the first event. */
export function newCluster(id: string, name: string): MutableCluster {
  return { seq: 0, t: 0, id, name, nodes: new Map(), blocked: new Set(), faults: [], calls: [], shed: 0 }
}

/** A node of which nothing is known but its name. */
export function newNode(id: number): MutableNode {
  return {
    id,
    process: {
      standing: 'stopped',
      pid: 0,
      incarnation: 0,
      restarts: 0,
      startedAt: 0,
      rss: 0,
      cpuMicros: 0,
      fsyncMicros: 0,
      trouble: '',
      tornBytes: 0,
    },
    role: 'follower',
    leader: 0,
    currentTerm: 0,
    votedFor: 0,
    durableTerm: 0,
    durableVote: 0,
    firstIndex: 1,
    lastIndex: 0,
    durableIndex: 0,
    commitIndex: 0,
    lastApplied: 0,
    deadline: 0,
    timerDuration: 0,
    roleSince: 0,
    progress: [],
    log: [],
    starts: 0,
  }
}

/** The node, made when it is new; the map stays in the order of ids. */
export function nodeOf(state: MutableCluster, id: number): MutableNode {
  const known = state.nodes.get(id)
  if (known !== undefined) return known
  const node = newNode(id)
  const later = [...state.nodes.values()].filter((other) => other.id > id)
  for (const other of later) state.nodes.delete(other.id)
  state.nodes.set(id, node)
  for (const other of later) state.nodes.set(other.id, other)
  return node
}
