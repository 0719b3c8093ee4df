/** Conditions about what nodes are: their facts, and who leads. */
import type { EventKind } from '../../../node/contract/events'
import type { Bound } from '../../language/values'
import { meets } from '../bounds'
import { isRunning, lastTermOf, leaderOf, roleOf, type SeenNode } from '../seen'
import type { About, Rule, Scene } from './scene'

export const LOG_KINDS = ['started', 'process', 'appended', 'truncated', 'compacted', 'snapshot', 'persisted'] as const
const ROLE_KINDS = ['started', 'process', 'role', 'leader', 'hardState'] as const
const FACT_KINDS: readonly EventKind[] = [...LOG_KINDS, ...ROLE_KINDS, 'committed', 'applied', 'configuration']

const NUMBERS = {
  term: (node) => node.currentTerm,
  firstIndex: (node) => node.firstIndex,
  lastIndex: (node) => node.lastIndex,
  lastTerm: lastTermOf,
  durableIndex: (node) => node.durableIndex,
  commitIndex: (node) => node.commitIndex,
  lastApplied: (node) => node.lastApplied,
  snapshotIndex: (node) => node.snapshot?.index ?? 0,
} as const satisfies Readonly<Record<string, (node: SeenNode) => number>>
type NumberName = keyof typeof NUMBERS
const NUMBER_NAMES = Object.keys(NUMBERS) as readonly NumberName[]

/** What a node is asked for, with what it is, where that differs. */
function differences(about: About<'node'>, node: SeenNode, scene: Scene): readonly string[] {
  const wrong: string[] = []
  const compare = (name: string, isSame: boolean, found: number | string) => {
    if (!isSame) wrong.push(`${name}=${found}`)
  }
  const { standing, role, votedFor, leader } = about
  if (standing !== undefined) compare('standing', node.process.standing === standing, node.process.standing)
  if (role !== undefined) compare('role', roleOf(node) === role || node.role === role, roleOf(node))
  const isWho = (who: typeof votedFor, found: number) =>
    who === undefined || (who === 0 ? found === 0 : scene.cast.find(who, scene.state) === found)
  compare('votedFor', isWho(votedFor, node.votedFor), node.votedFor)
  compare('leader', isWho(leader, node.leader), node.leader)
  for (const name of NUMBER_NAMES) {
    const bound: Bound | undefined = about[name]
    if (bound !== undefined) compare(name, meets(bound, NUMBERS[name](node)), NUMBERS[name](node))
  }
  return wrong
}

export const node: Rule<'node'> = {
  kinds: FACT_KINDS,
  holds(about, scene) {
    const nodes = seen(about.is, scene)
    return nodes.length > 0 && nodes.every((one) => one !== undefined && differences(about, one, scene).length === 0)
  },
  found(about, scene) {
    const nodes = seen(about.is, scene)
    if (nodes.length === 0) return 'nobody'
    const told = nodes.flatMap((one) => {
      if (one === undefined) return 'nobody'
      const wrong = differences(about, one, scene)
      return wrong.length === 0 ? [] : `n${one.id} ${wrong.join(' ')}`
    })
    return told.length === 0 ? factsOf(nodes.filter((one) => one !== undefined)) : told.join('; ')
  },
}

export const leader: Rule<'leader'> = {
  kinds: ROLE_KINDS,
  holds({ is, isNot, term, followed }, { state, cast }) {
    const found = leaderOf(state)
    if (found === undefined) return false
    if (is !== undefined && cast.find(is, state) !== found.id) return false
    if (isNot !== undefined && cast.find(isNot, state) === found.id) return false
    if (term !== undefined && !meets(term, found.currentTerm)) return false
    if (followed === undefined) return true
    const others = [...state.nodes.values()].filter((other) => isRunning(other) && other.id !== found.id)
    const following = others.filter((other) => follows(other, found)).length
    return following >= (followed === 'all' ? others.length : followed)
  },
  found: (_, { state }) => leadersNow(state.nodes.values()),
}

function follows(other: SeenNode, { id, currentTerm }: SeenNode): boolean {
  return other.leader === id && other.currentTerm === currentTerm
}

export const noLeader: Rule<'noLeader'> = {
  kinds: ROLE_KINDS,
  holds: (_, { state }) => leaderOf(state) === undefined,
  found: (_, { state }) => leadersNow(state.nodes.values()),
}

export const leaders: Rule<'leaders'> = {
  kinds: ['role'],
  holds: ({ term, count }, scene) => meets(count, scene.leadersIn(term).length),
  found({ term }, scene) {
    const found = scene.leadersIn(term)
    return found.length === 0 ? 'nobody' : found.map((id) => `n${id}`).join(', ')
  },
}

function seen(whom: About<'node'>['is'], { cast, state }: Scene): readonly (SeenNode | undefined)[] {
  return cast.allOrNone(whom, state)?.map((id) => state.nodes.get(id)) ?? [undefined]
}

function factsOf(nodes: Iterable<SeenNode>): string {
  return [...nodes]
    .map(
      (one) =>
        `n${one.id} ${one.process.standing} ${roleOf(one)} term=${one.currentTerm} lastIndex=${one.lastIndex} commitIndex=${one.commitIndex}`,
    )
    .join('; ')
}

function leadersNow(nodes: Iterable<SeenNode>): string {
  return [...nodes]
    .filter(({ process }) => process.standing !== 'removed')
    .map((one) => {
      const what = isRunning(one) ? roleOf(one) : one.process.standing
      return `n${one.id} ${what} term=${one.currentTerm} leader=${one.leader}`
    })
    .join('; ')
}
