/** The state that {@link fold} works on: the same shapes as state.ts, open for writing. */
import { type LinkRules, TRUE_CLOCK } from '../../node/contract/conditions'
import type { ProgressView } from '../../raft/types'
import type {
  ActiveFault,
  BreakpointState,
  CallState,
  ClusterState,
  HeldMessage,
  NodeState,
  OperationState,
  ProcessState,
  SnapshotTransfer,
  Unread,
  WorkloadState,
} from '../state'
import { EntryLog } from './entry-log'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export interface MutableNode
  extends Omit<Writable<NodeState>, 'process' | 'progress' | 'log' | 'unread' | 'sending' | 'held'> {
  process: Writable<ProcessState>
  /** By peer. */
  progress: ProgressView[]
  sending: SnapshotTransfer[]
  log: EntryLog
  unread: Writable<Unread> | undefined
  held: HeldMessage[]
  /** Times that the process was spawned within this recording. */
  starts: number
  /** Number and `seq` of the last event that it reported. */
  lastN: number
  lastSeq: number
  /** The `seq` of the event with which it hit a breakpoint, until the whole cluster's stop is told; −1 = none is known. */
  hit: number
}

export type MutableCall = Writable<CallState>

export interface MutableCluster
  extends Omit<
    Writable<ClusterState>,
    'nodes' | 'blocked' | 'rules' | 'faults' | 'breakpoints' | 'workloads' | 'calls' | 'operations'
  > {
  /** In the order of their ids. */
  nodes: Map<number, MutableNode>
  blocked: Set<number>
  rules: Map<number, LinkRules>
  faults: ActiveFault[]
  breakpoints: BreakpointState[]
  workloads: WorkloadState[]
  calls: MutableCall[]
  operations: OperationState[]
}

/** The state before the first event. */
export function newCluster(id: string, name: string): MutableCluster {
  return {
    seq: 0,
    t: 0,
    id,
    name,
    settings: '',
    nodes: new Map(),
    blocked: new Set(),
    rules: new Map(),
    faults: [],
    breakpoints: [],
    stop: undefined,
    nemesis: undefined,
    workloads: [],
    calls: [],
    operations: [],
    shed: 0,
  }
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
    baseTerm: 0,
    log: new EntryLog(),
    unread: undefined,
    dataMissing: false,
    configuration: undefined,
    configurationIndex: 0,
    configurationCommitted: false,
    snapshot: undefined,
    receiving: undefined,
    sending: [],
    transferTarget: 0,
    isQuiescent: false,
    sessions: 0,
    clock: { ...TRUE_CLOCK, skew: 0, since: 0 },
    held: [],
    starts: 0,
    lastN: 0,
    lastSeq: -1,
    hit: -1,
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
