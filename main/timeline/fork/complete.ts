/**
 * What a killed node could not tell any more. A SIGKILL takes the last milliseconds of a node's own reports with it, and a paused one
 * tells late: it may have had more on its disk than the timeline knows at this moment. That must not cost a committed
 * entry, nor let a term have two leaders. What others knew proves what it had: an entry that is committed was durable on a
 * majority, and whoever led a term had the durable votes of one. Where fewer are known to, the missing ones are given it,
 * those first that were down.
 */
import type { Configuration, Entry, Position } from '../../raft/types'
import { entryOf } from '../fold/entry-log'
import type { NodeState } from '../state'
import { type Draft, lastOf, termAt, withoutData } from './draft'
import { configurationAt, halvesOf, roleOf } from './members'

/** Changes drafts; returns whose. `nodes` are those that the drafts are of; `first` is the configuration at index 0. */
export function complete(
  drafts: readonly Draft[],
  nodes: readonly NodeState[],
  newest: Configuration,
  first: Configuration,
): readonly number[] {
  const states = new Map(nodes.map((node) => [node.id, node]))
  const changed = new Set<number>()
  const candidates = (half: readonly number[]) =>
    drafts
      .filter(({ node }) => half.includes(node))
      .toSorted((a, b) => Number(runs(states.get(a.node))) - Number(runs(states.get(b.node))) || lastOf(b) - lastOf(a))

  const committed = highestCommitted(nodes)
  if (committed !== undefined) {
    const { position, node } = committed
    const { firstIndex } = node
    const entries = node.log.slice()
    const before = firstIndex === 1 ? first : undefined
    const configuration = configurationAt(entries, position.index) ?? committed.configuration ?? before
    for (const half of configuration === undefined ? [] : halvesOf(configuration)) {
      let missing = majority(half) - drafts.filter((one) => half.includes(one.node) && holds(one, position)).length
      for (const draft of candidates(half)) {
        if (missing <= 0) break
        if (holds(draft, position)) continue
        const isWitness = roleOf(configuration, draft.node) === 'witness'
        if (!extend(draft, entries, firstIndex, position, isWitness)) continue
        changed.add(draft.node)
        missing--
      }
    }
  }

  const led = newestTerm(drafts, nodes)
  for (const half of led === undefined ? [] : halvesOf(led.configuration ?? newest)) {
    const term = led?.term ?? 0
    const knows = ({ hardState }: Draft) => hardState.currentTerm >= term
    let missing = majority(half) - drafts.filter((one) => half.includes(one.node) && knows(one)).length
    for (const draft of candidates(half)) {
      if (missing <= 0) break
      if (knows(draft)) continue
      // Where the leader is not known, the vote is spent all the same: on itself it helps nobody.
      draft.hardState = { currentTerm: term, votedFor: led?.leader ?? draft.node }
      changed.add(draft.node)
      missing--
    }
  }
  return [...changed].sort((a, b) => a - b)
}

function runs(node: NodeState | undefined): boolean {
  return node?.process.standing === 'running'
}

function majority(half: readonly number[]): number {
  return Math.floor(half.length / 2) + 1
}

function holds(draft: Draft, { index, term }: Position): boolean {
  return draft.base.index >= index || termAt(draft, index) === term
}

interface Committed {
  readonly position: Position
  /** A log that holds it. */
  readonly node: NodeState
  /** The one that its node went by, when that is not newer than the entry. */
  readonly configuration: Configuration | undefined
}

/** The highest entry that some node knew to be committed, and has in its log. */
function highestCommitted(nodes: readonly NodeState[]): Committed | undefined {
  let highest: Committed | undefined
  for (const node of nodes) {
    const { commitIndex: index, configuration, configurationIndex } = node
    const entry = entryOf(node, index)
    if (entry === undefined || index <= (highest?.position.index ?? 0)) continue
    highest = {
      position: { index, term: entry.term },
      node,
      configuration: configurationIndex <= index ? configuration : undefined,
    }
  }
  return highest
}

interface Led {
  readonly term: number
  readonly leader: number | undefined
  readonly configuration: Configuration | undefined
}

/** The newest term that somebody won: one leads in it, or there are entries of it. */
function newestTerm(drafts: readonly Draft[], nodes: readonly NodeState[]): Led | undefined {
  let newest: Led | undefined
  for (const { id, role, currentTerm, votedFor, configuration } of nodes) {
    if (role !== 'leader' || votedFor !== id || currentTerm <= (newest?.term ?? 0)) continue
    newest = { term: currentTerm, leader: id, configuration }
  }
  for (const { base, entries } of drafts) {
    const term = entries.at(-1)?.term ?? base.term
    if (term > (newest?.term ?? 0)) newest = { term, leader: undefined, configuration: undefined }
  }
  return newest
}

/** The log up to `to`, as the other log has it. False when that one begins too late. */
function extend(
  draft: Draft,
  entries: readonly Entry[],
  firstIndex: number,
  to: Position,
  isWitness: boolean,
): boolean {
  if (lastOf(draft) < firstIndex - 1) return false
  const theirs = (index: number) => entries[index - firstIndex]
  let same = Math.max(draft.base.index, firstIndex - 1)
  while (
    same < to.index &&
    termAt(draft, same + 1) !== undefined &&
    termAt(draft, same + 1) === theirs(same + 1)?.term
  ) {
    same++
  }
  const more = entries.slice(same + 1 - firstIndex, to.index + 1 - firstIndex)
  const own = draft.entries.slice(0, same - draft.base.index)
  draft.entries = [...own, ...(isWitness ? more.map(withoutData) : more)]
  // It had heard of that term from who leads it; its vote in it is spent.
  if (draft.hardState.currentTerm < to.term) draft.hardState = { currentTerm: to.term, votedFor: draft.node }
  return true
}
