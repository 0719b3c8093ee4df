/** What changed between two moments: node by node, log by log, and what was done to the cluster. Pure. */
import type { Configuration, Entry } from '../../raft/types'
import { entryOf } from '../fold/entry-log'
import type { ClusterState, NodeState } from '../state'
import { logDiff } from './log'
import { DIFF_FIELDS, type DiffField, type FieldDiff, type MomentDiff, type NodeDiff } from './types'

const NOWHERE = { firstIndex: 1, lastIndex: 0, commitIndex: 0, log: [] }

const nodeName = (id: number): string => (id === 0 ? '–' : `n${id}`)
const list = (ids: readonly number[]): string => ids.map(nodeName).join(' ')

function configurationText(configuration: Configuration | undefined): string {
  if (configuration === undefined) return ''
  const { voters, outgoing, learners, witnesses } = configuration
  const more = [
    outgoing.length > 0 ? `← ${list(outgoing)}` : '',
    learners.length > 0 ? `learners ${list(learners)}` : '',
    witnesses.length > 0 ? `witnesses ${list(witnesses)}` : '',
  ]
  return [list(voters), ...more.filter((part) => part !== '')].join(' · ')
}

function lastEntry(node: NodeState): string {
  const { lastIndex, baseTerm } = node
  const term = entryOf(node, lastIndex)?.term ?? baseTerm
  return lastIndex === 0 ? '0' : `${lastIndex}·T${term}`
}

/** A clock is the machine's unless something was done to it. */
function clockText({ clock }: NodeState): string {
  if (clock.mode === 'manual') return 'manual'
  return clock.rate === 1 ? '×1' : `×${clock.rate}`
}

function fieldOf(node: NodeState, field: DiffField): string {
  switch (field) {
    case 'process':
      return node.process.standing
    case 'role':
      return node.role
    case 'leader':
      return nodeName(node.leader)
    case 'currentTerm':
      return String(node.currentTerm)
    case 'votedFor':
      return nodeName(node.votedFor)
    case 'lastIndex':
      return lastEntry(node)
    case 'durableIndex':
      return String(node.durableIndex)
    case 'commitIndex':
      return String(node.commitIndex)
    case 'lastApplied':
      return String(node.lastApplied)
    case 'firstIndex':
      return String(node.firstIndex)
    case 'snapshot':
      return node.snapshot === undefined ? '–' : `≤ ${node.snapshot.index}·T${node.snapshot.term}`
    case 'configuration':
      return configurationText(node.configuration)
    case 'held':
      return String(node.held.length)
    case 'clock':
      return clockText(node)
  }
}

/** A node that was removed stays in the state; it is not there any more. */
const isThere = (node: NodeState | undefined): node is NodeState =>
  node !== undefined && node.process.standing !== 'removed'

function nodeDiff<E>(
  id: number,
  before: NodeState | undefined,
  after: NodeState | undefined,
  view: (entry: Entry) => E,
): NodeDiff<E> {
  const a = isThere(before) ? before : undefined
  const b = isThere(after) ? after : undefined
  const fields = DIFF_FIELDS.flatMap((field): FieldDiff[] => {
    const from = a === undefined ? '' : fieldOf(a, field)
    const to = b === undefined ? '' : fieldOf(b, field)
    return from === to ? [] : [{ field, from, to }]
  })
  return {
    node: id,
    presence: a === undefined ? 'joined' : b === undefined ? 'left' : 'both',
    fields,
    log: logDiff(a ?? NOWHERE, b ?? NOWHERE, view),
  }
}

const endsOf = (link: number): readonly [number, number] => [Math.floor(link / 65_536), link % 65_536]
const sorted = (links: Iterable<number>) => [...links].sort((a, b) => a - b).map(endsOf)

/** What is different at `b`. @param view an entry as it is shown */
export function diffStates<E>(a: ClusterState, b: ClusterState, view: (entry: Entry) => E): MomentDiff<E> {
  const ids = [...new Set([...a.nodes.keys(), ...b.nodes.keys()])].sort((x, y) => x - y)
  const nodes = ids
    .filter((id) => isThere(a.nodes.get(id)) || isThere(b.nodes.get(id)))
    .map((id) => nodeDiff(id, a.nodes.get(id), b.nodes.get(id), view))
  const before = new Set(a.faults.map((fault) => fault.id))
  const after = new Set(b.faults.map((fault) => fault.id))
  const rulesOf = (state: ClusterState, link: number) => JSON.stringify(state.rules.get(link)?.rules ?? [])
  const ruled = new Set([...a.rules.keys(), ...b.rules.keys()])
  return {
    a: { seq: a.seq, t: a.t },
    b: { seq: b.seq, t: b.t },
    nodes,
    faultsBegun: b.faults.filter((fault) => !before.has(fault.id)),
    faultsEnded: a.faults.filter((fault) => !after.has(fault.id)),
    cut: sorted([...b.blocked].filter((link) => !a.blocked.has(link))),
    healed: sorted([...a.blocked].filter((link) => !b.blocked.has(link))),
    ruled: sorted([...ruled].filter((link) => rulesOf(a, link) !== rulesOf(b, link))),
  }
}
