/** Conditions about what nodes are: their facts, and who leads. */
import type { EventKind } from '../../../node/contract/events'
import type { Bound } from '../../language/values'
import { eachFound, leadersFound, NOBODY, nodeFound, type Text } from '../../words'
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

type Facts = Omit<About<'node'>, 'is'>

/** What a node is, of what it is asked for, where that differs. */
function differences(about: About<'node'>, node: SeenNode, scene: Scene): Facts {
  const { standing, role, votedFor, leader } = about
  const isWho = (who: typeof votedFor, found: number) =>
    who === undefined || (who === 0 ? found === 0 : scene.cast.find(who, scene.state) === found)
  const isRole = role === undefined || roleOf(node) === role || node.role === role
  const numbers = NUMBER_NAMES.flatMap((name): (readonly [NumberName, number])[] => {
    const bound: Bound | undefined = about[name]
    const found = NUMBERS[name](node)
    return bound === undefined || meets(bound, found) ? [] : [[name, found]]
  })
  return {
    ...(standing === undefined || node.process.standing === standing ? {} : { standing: node.process.standing }),
    ...(isRole ? {} : { role: roleOf(node) }),
    ...(isWho(votedFor, node.votedFor) ? {} : { votedFor: node.votedFor }),
    ...(isWho(leader, node.leader) ? {} : { leader: node.leader }),
    ...Object.fromEntries(numbers),
  }
}

const isNone = (facts: Facts): boolean => Object.keys(facts).length === 0

export const node: Rule<'node'> = {
  kinds: FACT_KINDS,
  holds(about, scene) {
    const nodes = seen(about.is, scene)
    return nodes.length > 0 && nodes.every((one) => one !== undefined && isNone(differences(about, one, scene)))
  },
  found(about, scene) {
    const nodes = seen(about.is, scene)
    const told = nodes.flatMap((one) => {
      if (one === undefined) return NOBODY
      const wrong = differences(about, one, scene)
      return isNone(wrong) ? [] : nodeFound(one.id, wrong)
    })
    return eachFound(told.length > 0 ? told : nodes.flatMap((one) => (one === undefined ? [] : factsOf(one))))
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
  found: ({ term }, scene) => leadersFound(term, scene.leadersIn(term)),
}

function seen(whom: About<'node'>['is'], { cast, state }: Scene): readonly (SeenNode | undefined)[] {
  return cast.allOrNone(whom, state)?.map((id) => state.nodes.get(id)) ?? [undefined]
}

function factsOf(node: SeenNode): Text {
  const { currentTerm: term, lastIndex, commitIndex } = node
  return nodeFound(node.id, { standing: node.process.standing, role: roleOf(node), term, lastIndex, commitIndex })
}

function leadersNow(nodes: Iterable<SeenNode>): Text {
  const all = [...nodes].filter(({ process }) => process.standing !== 'removed')
  return eachFound(
    all.map((node) => {
      const { id, currentTerm: term, process, leader } = node
      if (!isRunning(node)) return nodeFound(id, { standing: process.standing, term })
      // Who leads follows nobody else.
      return nodeFound(id, { role: roleOf(node), term, ...(leader === id ? {} : { leader }) })
    }),
  )
}
