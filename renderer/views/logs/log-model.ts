/**
 * What the logs mean, beyond what each node says of itself: what is committed and who determined it, how many disks
 * hold an entry, what conflicts with the leader, and what stands between an entry and being committed. Pure.
 */
import type { EntryView, EventView, NodeView } from '../../../preload/contract'
import { configurationOf, type Missing, majoritiesOf, missingFrom } from '../../components/membership'
import { isDown } from '../cluster/node-words'

/** `written` waits for the disk; the others are DESIGN's words: replicated here, known committed, applied. */
export type Standing = 'written' | 'replicated' | 'committed' | 'applied'

export function standingOf(node: NodeView, index: number): Standing {
  if (index <= node.lastApplied) return 'applied'
  if (index <= node.commitIndex) return 'committed'
  return index <= node.log.durableIndex ? 'replicated' : 'written'
}

/** The entry at an index, when it is among those that the moment carries. */
export function entryAt(node: NodeView, index: number): EntryView | undefined {
  const first = node.log.entries[0]
  return first === undefined ? undefined : node.log.entries[index - first.index]
}

/** Committed is what any node knows to be committed: the leader that determined it told them. */
export function committedIndex(nodes: readonly NodeView[]): number {
  return nodes.reduce((highest, node) => Math.max(highest, node.commitIndex), 0)
}

export interface Determined {
  readonly node: number
  readonly term: number
}

/**
 * The leader that determined that `index` is committed: the first one that counted up to there or beyond, as far as
 * events in memory tell; else a leader that stands exactly there.
 */
export function determinedBy(
  nodes: readonly NodeView[],
  index: number,
  events: readonly EventView[],
): Determined | undefined {
  let found: EventView<'committed'> | undefined
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]
    if (event?.kind !== 'committed' || event.by !== 'counted') continue
    if (event.commitIndex < index) break
    found = event
  }
  if (found !== undefined) {
    const term = termOfLeader(events, found)
    if (term > 0) return { node: found.node, term }
  }
  const leader = nodes.find((node) => node.role === 'leader' && node.commitIndex === index)
  return leader === undefined ? undefined : { node: leader.id, term: leader.currentTerm }
}

/** The term in which a node led when it reported `event`. */
function termOfLeader(events: readonly EventView[], event: EventView): number {
  for (let i = events.length - 1; i >= 0; i--) {
    const earlier = events[i]
    if (earlier === undefined || earlier.seq > event.seq || earlier.node !== event.node) continue
    if (earlier.kind === 'role') return earlier.role === 'leader' ? earlier.term : 0
    if (earlier.kind === 'sent' && earlier.message === 'AppendEntries') return earlier.term
  }
  return 0
}

/** Nodes that believe to lead, the newest term first. Only that one can commit anything. */
export function leadersOf(nodes: readonly NodeView[]): readonly NodeView[] {
  return nodes.filter((node) => node.role === 'leader' && !isDown(node)).sort((a, b) => b.currentTerm - a.currentTerm)
}

/**
 * The first index from which a node's log differs from its leader's: that entry and all after it will go (§5.3).
 * Infinity when nothing conflicts, or when the node already knows a newer term than this leader's.
 */
export function conflictFrom(node: NodeView, leader: NodeView | undefined): number {
  if (leader === undefined || leader.id === node.id || node.currentTerm > leader.currentTerm)
    return Number.POSITIVE_INFINITY
  let first = Number.POSITIVE_INFINITY
  for (let index = Math.min(node.log.lastIndex, leader.log.lastIndex); index > 0; index--) {
    const mine = entryAt(node, index)
    const theirs = entryAt(leader, index)
    // Log Matching (Figure 3): where the terms agree, everything before agrees as well.
    if (mine === undefined || theirs === undefined || mine.term === theirs.term) break
    first = index
  }
  return first
}

export interface Copies {
  readonly term: number
  /** Nodes whose disk holds this entry. */
  readonly nodes: readonly number[]
}

/** Which disks hold which entry at an index; more than one element means that they hold different ones. */
export function copiesAt(nodes: readonly NodeView[], index: number): readonly Copies[] {
  const byTerm = new Map<number, number[]>()
  const older: number[] = []
  for (const node of nodes) {
    if (index > node.log.durableIndex || node.process.standing === 'removed') continue
    const entry = entryAt(node, index)
    // Too old to be carried along, or in the snapshot: there it can only be the committed one (Figure 3).
    if (entry === undefined) older.push(node.id)
    else byTerm.set(entry.term, [...(byTerm.get(entry.term) ?? []), node.id])
  }
  const committed = nodes.find((node) => node.commitIndex >= index && entryAt(node, index) !== undefined)
  const term = committed === undefined ? 0 : (entryAt(committed, index)?.term ?? 0)
  if (older.length > 0)
    byTerm.set(
      term,
      [...(byTerm.get(term) ?? []), ...older].sort((a, b) => a - b),
    )
  return [...byTerm].map(([of, ids]) => ({ term: of, nodes: ids })).sort((a, b) => a.term - b.term)
}

/** Nodes that a leader can reach and hear, itself included. */
export function reachableFrom(
  leader: NodeView,
  nodes: readonly NodeView[],
  blocked: readonly (readonly [from: number, to: number])[],
): readonly number[] {
  const cut = new Set(blocked.map(([from, to]) => `${from}>${to}`))
  return nodes
    .filter(
      (node) =>
        node.id === leader.id ||
        (node.process.standing === 'running' &&
          !cut.has(`${leader.id}>${node.id}`) &&
          !cut.has(`${node.id}>${leader.id}`)),
    )
    .map((node) => node.id)
}

/** What stands between an entry and being committed. */
export type Verdict =
  | { readonly kind: 'committed'; readonly known: readonly number[]; readonly applied: readonly number[] }
  /** Another entry is committed at this index. */
  | { readonly kind: 'replaced'; readonly term: number }
  | { readonly kind: 'no-leader' }
  /** The newest leader has another entry here, or none. */
  | { readonly kind: 'not-in-leader'; readonly leader: number; readonly term: number; readonly other: number }
  /** The leader cannot reach a majority. */
  | { readonly kind: 'no-majority'; readonly leader: number; readonly reaches: number; readonly voters: number }
  /** An entry of an earlier term commits only with a later one of the leader's own term (§5.4.2). */
  | { readonly kind: 'older-term'; readonly waitsFor: number; readonly term: number; readonly leader: number }
  /** `holds`: the newest entry of an earlier term that waits for this one; 0 = none. */
  | { readonly kind: 'needs-copies'; readonly holds: number }
  /** Enough copies; the leader has not heard of all of them yet. */
  | { readonly kind: 'counting'; readonly leader: number }

export interface EntryStory {
  readonly node: number
  readonly entry: EntryView
  /** Disks that hold exactly this entry. */
  readonly on: readonly number[]
  /** Copies that are missing for a majority; during joint consensus for each of the two (§6). */
  readonly missing: readonly Missing[]
  readonly verdict: Verdict
}

export interface Situation {
  readonly nodes: readonly NodeView[]
  readonly blocked: readonly (readonly [from: number, to: number])[]
}

export function storyOf({ nodes, blocked }: Situation, node: number, entry: EntryView): EntryStory {
  const { index, term } = entry
  const copies = copiesAt(nodes, index).find((copy) => copy.term === term)
  const on = copies?.nodes ?? []
  const configuration = configurationOf(nodes)
  const missing = missingFrom(configuration, on)
  const story = (verdict: Verdict): EntryStory => ({ node, entry, on, missing, verdict })

  if (index <= committedIndex(nodes)) {
    const knows = nodes.filter((other) => other.commitIndex >= index)
    const committed = knows.map((other) => entryAt(other, index)?.term).find((found) => found !== undefined)
    if (committed !== undefined && committed !== term) return story({ kind: 'replaced', term: committed })
    const applied = nodes.filter((other) => other.lastApplied >= index)
    return story({ kind: 'committed', known: knows.map(({ id }) => id), applied: applied.map(({ id }) => id) })
  }
  const [leader] = leadersOf(nodes)
  if (leader === undefined) return story({ kind: 'no-leader' })
  const theirs = entryAt(leader, index)
  if (theirs?.term !== term) {
    return story({ kind: 'not-in-leader', leader: leader.id, term: leader.currentTerm, other: theirs?.term ?? 0 })
  }
  const reachable = reachableFrom(leader, nodes, blocked)
  for (const { of, needs } of majoritiesOf(configuration)) {
    const reaches = of.filter((id) => reachable.includes(id)).length
    if (reaches < needs) return story({ kind: 'no-majority', leader: leader.id, reaches, voters: of.length })
  }
  if (term < leader.currentTerm) {
    const own = leader.log.entries.find((e) => e.index > index && e.term === leader.currentTerm)
    return story({ kind: 'older-term', waitsFor: own?.index ?? 0, term: leader.currentTerm, leader: leader.id })
  }
  if (missing.length === 0) return story({ kind: 'counting', leader: leader.id })
  const holds = leader.log.entries.findLast(
    (e) => e.index < index && e.index > leader.commitIndex && e.term < leader.currentTerm,
  )
  return story({ kind: 'needs-copies', holds: holds?.index ?? 0 })
}
