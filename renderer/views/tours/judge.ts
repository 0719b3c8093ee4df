/** Whether what a lesson waits for is seen. Pure: over the live cluster, what the window shows, and what was when the step began. */
import type { MomentView, NodeView } from '../../../preload/contract'
import { reachableGroups } from '../../commands/faults'
import type { Goal, Part, Standing } from './types'

/** What the step's "since" is measured from. */
export interface Baseline {
  readonly commit: number
  /** The highest number of a client's call. */
  readonly call: number
  readonly standings: ReadonlyMap<number, Standing>
}

export interface Led {
  readonly node: number
  readonly term: number
}

export interface Sight {
  /** The live cluster, whatever moment is shown; null = none runs. */
  readonly live: MomentView | null
  readonly baseline: Baseline | null
  /** Who led when a step named it so; null = no step has, yet. */
  readonly old: Led | null
  readonly inspected: number | null
  readonly pinned: boolean
}

export const runs = (node: NodeView): boolean => node.process.standing === 'running'
const highest = (numbers: readonly number[]): number => numbers.reduce((most, n) => Math.max(most, n), 0)

/** Who leads: of those that run and say so, the one in the highest term; 0 = nobody. */
export function leaderOf(live: MomentView | null): number {
  const leaders = (live?.nodes ?? []).filter((node) => runs(node) && node.role === 'leader')
  return leaders.toSorted((a, b) => b.currentTerm - a.currentTerm)[0]?.id ?? 0
}

export const termOf = (live: MomentView | null): number =>
  highest((live?.nodes ?? []).map(({ currentTerm }) => currentTerm))

/** Who leads now, as a step may name it; null = nobody. */
export function ledBy(live: MomentView | null): Led | null {
  const leader = leaderOf(live)
  const term = live?.nodes.find(({ id }) => id === leader)?.currentTerm
  return term === undefined ? null : { node: leader, term }
}

const commitOf = (live: MomentView): number => highest(live.nodes.map(({ commitIndex }) => commitIndex))

export function baselineOf(live: MomentView): Baseline {
  return {
    commit: commitOf(live),
    call: highest(live.calls.map(({ call }) => call)),
    standings: new Map(live.nodes.map(({ id, process }) => [id, process.standing])),
  }
}

export function isReached(goal: Goal, sight: Sight): boolean {
  const { live, baseline, old, inspected, pinned } = sight
  if (goal.type === 'shown') return live !== null && pinned === (goal.what === 'past')
  if (live === null) return false
  const leader = leaderOf(live)
  const who = (part: Part): NodeView | undefined => {
    const id = part === 'leader' ? leader : old?.node
    return live.nodes.find((node) => node.id === id)
  }
  const running = live.nodes.filter(runs)
  const since = live.calls.filter(({ call }) => call > (baseline?.call ?? Number.POSITIVE_INFINITY))
  switch (goal.type) {
    case 'led':
      return running.length >= goal.nodes && leader !== 0
    case 'inspected': {
      if (goal.part !== 'follower') return inspected !== null && who(goal.part)?.id === inspected
      return live.nodes.some((node) => node.id === inspected && node.role === 'follower' && runs(node))
    }
    case 'stands': {
      const node = who(goal.part)
      return node !== undefined && goal.standing.includes(node.process.standing)
    }
    case 'otherStands':
      return live.nodes.some(
        ({ id, process }) =>
          id !== who(goal.part)?.id &&
          goal.standing.includes(process.standing) &&
          baseline !== null &&
          baseline.standings.get(id) !== process.standing,
      )
    case 'elected':
      return old !== null && running.some(({ id, currentTerm }) => id === leader && currentTerm > old.term)
    case 'follows': {
      const node = who(goal.part)
      return node !== undefined && runs(node) && node.role === 'follower' && leader !== 0 && node.leader === leader
    }
    case 'running':
      return running.length >= (goal.atLeast ?? 0) && running.length <= (goal.atMost ?? Number.POSITIVE_INFINITY)
    case 'answered':
      return since.some(({ op, outcome }) => outcome === 'ok' && goal.ops.includes(op))
    case 'unanswered':
      return since.some(
        ({ outcome, invokedAt }) =>
          outcome === 'failed' ||
          outcome === 'unknown' ||
          (outcome === 'pending' && live.t - invokedAt >= goal.seconds * 1e9),
      )
    case 'committed':
      return baseline !== null && commitOf(live) > baseline.commit
    case 'sameLogs':
      return running.length === live.nodes.length && leader !== 0 && haveSameLogs(running)
    case 'cutOff':
      return sideOf(who(goal.part), live) === goal.side
    case 'healed':
      return live.blocked.length === 0
  }
}

function haveSameLogs(nodes: readonly NodeView[]): boolean {
  const [first] = nodes
  if (first === undefined) return false
  const { lastIndex } = first.log
  const lastTerm = first.log.entries.at(-1)?.term
  return nodes.every(
    ({ log, commitIndex }) =>
      log.lastIndex === lastIndex && commitIndex === lastIndex && log.entries.at(-1)?.term === lastTerm,
  )
}

/** On which side of the cuts a node is; null: nothing is cut off from it. */
function sideOf(node: NodeView | undefined, { nodes, blocked }: MomentView): 'minority' | 'majority' | null {
  if (node === undefined || blocked.length === 0) return null
  const ids = nodes.map(({ id }) => id)
  const side = reachableGroups(ids, blocked).find((group) => group.includes(node.id))
  if (side === undefined || side.length === ids.length) return null
  return side.length * 2 > ids.length ? 'majority' : 'minority'
}
