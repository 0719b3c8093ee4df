/** A moment of a timeline → what each node's disk must hold for a new cluster to go on from there. */
import type { ForkedNode, ForkImage } from '../../node/contract/disk-image'
import { Problem } from '../../node/contract/problem'
import type { MemberRole, Position } from '../../raft/types'
import type { TimelineSource } from '../api'
import { entryOf } from '../fold/entry-log'
import type { ClusterState, NodeState } from '../state'
import { complete } from './complete'
import { type Draft, draftOf, isBlank, lastOf } from './draft'
import { firstConfiguration, newestConfiguration, presentIn, roleOf } from './members'

/**
 * Everything but the contents of snapshots, which follow from {@link committedEntries}.
 * @param known the first configuration, from elsewhere: asked when the timeline began too late to tell it
 * @throws {Problem} 'fork-refused': what the moment lacks
 */
export async function planFork(
  source: TimelineSource,
  state: ClusterState,
  known: () => Promise<ForkImage['first'] | undefined> = async () => undefined,
): Promise<ForkImage> {
  const present = presentIn(state)
  const newest = newestConfiguration(state)
  if (newest?.configuration === undefined) throw new Problem('fork-refused', { reason: 'early', node: 0, index: 0 })
  const { configuration, configurationIndex } = newest
  const first = (await firstConfiguration(source, state)) ??
    (await known()) ?? { voters: configuration.voters, witnesses: configuration.witnesses }
  const drafts = present.map((node) => draftOf(node, present))
  const none = { outgoing: [], learners: [], learnersNext: [] }
  const completed = complete(drafts, present, configuration, { ...none, ...first })
  const committed = Math.max(...present.map(({ commitIndex }) => commitIndex))
  const context = { state, first, configuration, configurationIndex, position: committedPosition(present, committed) }
  const nodes = present.map((node, at) => forkedNode(node, drafts[at], context))
  // Too early for some: first members that were not even spawned.
  const unborn = first.voters.filter((id) => !state.nodes.has(id))
  return {
    first: { voters: first.voters, witnesses: first.witnesses },
    settings: state.settings,
    nodes: [
      ...nodes,
      ...unborn.map(
        (node): ForkedNode => ({
          node,
          role: first.witnesses.includes(node) ? 'witness' : 'voter',
          starts: 0,
          joined: false,
        }),
      ),
    ].sort((a, b) => a.node - b.node),
    removed: [...state.nodes.values()].filter(({ process }) => process.standing === 'removed').map(({ id }) => id),
    committed,
    completed,
  }
}

interface Context {
  readonly state: ClusterState
  readonly first: ForkImage['first']
  readonly configuration: NonNullable<NodeState['configuration']>
  readonly configurationIndex: number
  readonly position: Position
}

function forkedNode(node: NodeState, draft: Draft | undefined, context: Context): ForkedNode {
  const { state, first, configuration, configurationIndex, position } = context
  const disk = draft === undefined || isBlank(draft) ? undefined : draft
  const role = roleOf(configuration, node.id)
  const rebuilt = rebuiltRole(state, node.id)
  // A first member with an empty disk, in a cluster that has changed since: it was emptied, and must not believe again in
  // the first configuration.
  const joined =
    !first.voters.includes(node.id) || rebuilt !== undefined || (disk === undefined && configurationIndex > 0)
  const isBehind = draft === undefined || lastOf(draft) < position.index
  const forgot = isBehind && (rebuilt !== undefined || (joined && first.voters.includes(node.id)))
  return {
    node: node.id,
    role: role === 'none' ? (rebuilt ?? (first.witnesses.includes(node.id) ? 'witness' : 'voter')) : role,
    starts: node.process.incarnation + 1,
    joined,
    ...(forgot && { joinsAfter: position }),
    ...(disk !== undefined && {
      disk: {
        hardState: disk.hardState,
        base: disk.base,
        entries: disk.entries,
        ...(disk.snapshot !== undefined && { snapshot: disk.snapshot }),
      },
    }),
  }
}

/** What a node is to be again that was being rebuilt then, or whose rebuilding failed: it has forgotten its votes. */
function rebuiltRole({ operations }: ClusterState, node: number): MemberRole | undefined {
  for (const { type, detail, outcome } of operations.toReversed()) {
    if (type !== 'rebuild') continue
    const told = parsed(detail)
    if (told.node !== node) continue
    if (outcome === 'done') return undefined
    return told.role === 'witness' || told.role === 'learner' ? told.role : 'voter'
  }
  return undefined
}

function parsed(detail: string): { readonly node?: unknown; readonly role?: unknown } {
  try {
    const value: unknown = JSON.parse(detail)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function committedPosition(nodes: readonly NodeState[], index: number): Position {
  for (const node of nodes) {
    const entry = entryOf(node, index)
    if (entry !== undefined) return { index, term: entry.term }
    if (index === node.firstIndex - 1) return { index, term: node.baseTerm }
  }
  return { index, term: 0 }
}
