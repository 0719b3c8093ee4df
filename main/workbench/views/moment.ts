import {
  type CallView,
  type EntryView,
  HELD_SHOWN,
  LOG_TAIL,
  type LogView,
  type MomentView,
  type NodePatch,
  type NodeView,
} from '../../../preload/contract'
import type { CallState, ClusterState, NodeState } from '../../timeline/state'
import { entryView } from '../../timeline/views/entry'
import { shownText } from '../../timeline/views/text'
import { settingsFromText } from '../cluster-settings'
import { endsOf, linksView, nemesisView, workloadView } from './conditions'
import { heldViews } from './held'

/** Log entries `from`…`to` of a node (inclusive); what it does not have is left out. */
export function entriesOf(node: NodeState, from: number, to: number): readonly EntryView[] {
  const begin = node.firstIndex + (node.unread?.count ?? 0)
  const first = Math.max(from, begin, 1)
  const last = Math.min(to, node.lastIndex)
  if (last < first) return []
  return node.log.slice(first - begin, last - begin + 1).map(entryView)
}

function logView(node: NodeState, from: number, most: number): LogView {
  const { firstIndex, lastIndex, durableIndex, baseTerm, dataMissing } = node
  const entries = entriesOf(node, Math.max(from, lastIndex - most + 1), lastIndex)
  return { firstIndex, lastIndex, durableIndex, baseTerm, dataMissing, entries }
}

function scalars(node: NodeState): Omit<NodeView, 'log'> {
  return {
    id: node.id,
    process: node.process,
    role: node.role,
    leader: node.leader,
    currentTerm: node.currentTerm,
    votedFor: node.votedFor,
    durableTerm: node.durableTerm,
    durableVote: node.durableVote,
    commitIndex: node.commitIndex,
    lastApplied: node.lastApplied,
    deadline: node.deadline,
    timerDuration: node.timerDuration,
    roleSince: node.roleSince,
    progress: node.progress,
    configuration: node.configuration ?? null,
    configurationIndex: node.configurationIndex,
    configurationCommitted: node.configurationCommitted,
    snapshot: node.snapshot ?? null,
    receiving: node.receiving ?? null,
    sending: node.sending,
    transferTarget: node.transferTarget,
    isQuiescent: node.isQuiescent,
    sessions: node.sessions,
    clock: node.clock,
    heldCount: node.held.length,
  }
}

/** The node with the last `most` entries of its log. */
export function nodeView(node: NodeState, most = LOG_TAIL): NodeView {
  return { ...scalars(node), log: logView(node, 0, most) }
}

/** The node with its log from `changedFrom` on. */
export function nodePatch(node: NodeState, changedFrom: number): NodePatch {
  return { ...scalars(node), log: { ...logView(node, changedFrom, LOG_TAIL), changedFrom } }
}

export function callView(call: CallState): CallView {
  const expected = call.expected === null ? null : shownText(call.expected)
  return { ...call, value: shownText(call.value), result: shownText(call.result), expected }
}

/** Blocked directed links as pairs; the state holds them as `from * 65536 + to`. */
function blockedView(blocked: ReadonlySet<number>): (readonly [from: number, to: number])[] {
  return [...blocked].map(endsOf)
}

/** Nodes by id, so that every view lists them in one order. */
export function nodesInOrder(state: ClusterState): NodeState[] {
  return [...state.nodes.values()].sort((a, b) => a.id - b.id)
}

/** What a view needs of a moment besides its nodes. */
export function clusterView(state: ClusterState): Omit<MomentView, 'nodes'> {
  return {
    ...shortView(state),
    links: linksView(state.rules),
    held: heldViews(nodesInOrder(state), HELD_SHOWN),
  }
}

/** The same without what can be long. */
export function shortView(state: ClusterState): Omit<MomentView, 'nodes' | 'links' | 'held'> {
  return {
    seq: state.seq,
    t: state.t,
    cluster: state.name,
    blocked: blockedView(state.blocked),
    faults: [...state.faults],
    breakpoints: [...state.breakpoints],
    stop: state.stop ?? null,
    nemesis: state.nemesis === undefined ? null : nemesisView(state.nemesis),
    workloads: state.workloads.map(workloadView),
    calls: state.calls.map(callView),
    operations: [...state.operations],
    settings: settingsFromText(state.settings),
    shed: state.shed,
  }
}

/** A whole state as a window gets it. */
export function momentView(state: ClusterState): MomentView {
  return { ...clusterView(state), nodes: nodesInOrder(state).map((node) => nodeView(node)) }
}
