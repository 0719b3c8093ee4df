/** Conditions about logs: terms, entries, what is committed, and the configuration that stands in them. */
import { decodeCommand } from '../../../node/contract/command'
import { entryOf } from '../../../timeline'
import { configurationFound, eachFound, entryFound, joined, logFound, NOBODY, nodeFound, type Text } from '../../words'
import { meets } from '../bounds'
import { type SeenNode, termAt } from '../seen'
import { LOG_KINDS } from './nodes'
import type { About, Rule, Scene } from './scene'

type SeenEntry = NonNullable<ReturnType<typeof entryOf>>

export const log: Rule<'log'> = {
  kinds: LOG_KINDS,
  holds: ({ of, terms, from }, scene) => everyNode(of, scene, (node) => termsFrom(node, from).join() === terms.join()),
  found: ({ of, from }, scene) => eachNode(of, scene, (node) => logFound(node.id, termsFrom(node, from), from)),
}

/** A `?` for what was compacted away. */
function termsFrom(node: SeenNode, from: number): readonly (number | '?')[] {
  const terms: (number | '?')[] = []
  for (let index = from; index <= node.lastIndex; index++) terms.push(entryOf(node, index)?.term ?? '?')
  return terms
}

export const entry: Rule<'entry'> = {
  kinds: LOG_KINDS,
  holds: (about, scene) => everyNode(about.of, scene, (node) => isAsAsked(about, node)),
  found: ({ of, index }, scene) =>
    eachNode(of, scene, (node) => {
      const found = entryOf(node, index)
      if (found === undefined) return nodeFound(node.id, { firstIndex: node.firstIndex, lastIndex: node.lastIndex })
      const command = commandOf(found)
      const content = command === undefined ? found.type : ''
      return entryFound(node.id, { index, term: found.term, durable: index <= node.durableIndex, ...command }, content)
    }),
}

function isAsAsked({ index, term, key, value, durable, absent }: About<'entry'>, node: SeenNode): boolean {
  const found = entryOf(node, index)
  const isWanted =
    found !== undefined &&
    (term === undefined || meets(term, found.term)) &&
    (key === undefined || commandOf(found)?.key === key) &&
    (value === undefined || commandOf(found)?.value === value) &&
    (durable === undefined || durable === index <= node.durableIndex)
  return isWanted !== absent
}

/** Undefined: it is none, or its data is not known. */
function commandOf({ type, data }: SeenEntry): { readonly key: string; readonly value: string } | undefined {
  if (type !== 'command' || data.length === 0) return undefined
  const { command } = decodeCommand(data)
  if (!('key' in command)) return undefined
  return { key: command.key, value: 'value' in command ? Buffer.from(command.value).toString() : '' }
}

export const sameLogs: Rule<'sameLogs'> = {
  kinds: LOG_KINDS,
  holds(whom, scene) {
    const nodes = nodesOf(whom, scene)
    const [first, ...others] = nodes
    return first !== undefined && others.every((other) => other !== undefined && isSame(first, other))
  },
  found: (whom, scene) =>
    eachNode(whom, scene, (node) => logFound(node.id, termsFrom(node, node.firstIndex), node.firstIndex)),
}

/** From the later first index on. */
function isSame(one: SeenNode, other: SeenNode): boolean {
  if (one.lastIndex !== other.lastIndex) return false
  for (let index = Math.max(one.firstIndex, other.firstIndex); index <= one.lastIndex; index++) {
    const a = entryOf(one, index)
    const b = entryOf(other, index)
    if (a === b) continue
    if (a === undefined || b === undefined || a.term !== b.term) return false
    // A witness holds no data; at lower levels nobody's is known.
    const isKnown = a.type === b.type && a.data.length > 0 && b.data.length > 0
    if (isKnown && Buffer.compare(a.data, b.data) !== 0) return false
  }
  return true
}

export const committed: Rule<'committed'> = {
  kinds: [...LOG_KINDS, 'committed'],
  holds({ index, term, by }, scene) {
    const knows = (node: SeenNode) =>
      node.commitIndex >= index &&
      (term === undefined || termAt(node, index) === term) &&
      node.process.standing !== 'removed'
    if (by !== undefined) return everyNode(by, scene, knows)
    return [...scene.state.nodes.values()].some(knows)
  },
  found: ({ index, by }, scene) =>
    eachNode(by ?? 'all', scene, (node) => {
      const told = nodeFound(node.id, { commitIndex: node.commitIndex })
      const term = termAt(node, index)
      if (node.commitIndex < index || term === undefined) return told
      return joined([told, { en: `entry ${index} is of term ${term}`, zh: `条目${index}属于任期${term}` }], ', ', '，')
    }),
}

const LISTS = ['voters', 'outgoing', 'learners', 'witnesses'] as const

export const configuration: Rule<'configuration'> = {
  kinds: ['configuration', 'committed', 'started', 'process'],
  holds: (about, scene) =>
    everyNode(about.of, scene, (node) => {
      const { configuration: found } = node
      if (found === undefined) return false
      if (about.committed !== undefined && about.committed !== node.configurationCommitted) return false
      return LISTS.every((name) => {
        const wanted = about[name]?.map((who) => scene.cast.find(who, scene.state))
        return wanted === undefined || sorted(wanted) === sorted(found[name])
      })
    }),
  found: ({ of }, scene) =>
    eachNode(of, scene, ({ id, configuration: found, configurationCommitted }) => {
      if (found === undefined) return configurationFound({ none: id })
      const { voters, outgoing, learners, witnesses } = found
      return configurationFound({
        of: id,
        voters: [...voters],
        ...(outgoing.length === 0 ? {} : { outgoing: [...outgoing] }),
        ...(learners.length === 0 ? {} : { learners: [...learners] }),
        ...(witnesses.length === 0 ? {} : { witnesses: [...witnesses] }),
        committed: configurationCommitted,
      })
    }),
}

const sorted = (nodes: readonly (number | undefined)[]): string => [...nodes].sort((a = 0, b = 0) => a - b).join()

type Whom = About<'sameLogs'>

function nodesOf(whom: Whom, { cast, state }: Scene): readonly (SeenNode | undefined)[] {
  return cast.allOrNone(whom, state)?.map((id) => state.nodes.get(id)) ?? [undefined]
}

/** None at all is not enough. */
function everyNode(whom: Whom, scene: Scene, holds: (node: SeenNode) => boolean): boolean {
  const nodes = nodesOf(whom, scene)
  return nodes.length > 0 && nodes.every((node) => node !== undefined && holds(node))
}

function eachNode(whom: Whom, scene: Scene, tell: (node: SeenNode) => Text): Text {
  return eachFound(nodesOf(whom, scene).map((node) => (node === undefined ? NOBODY : tell(node))))
}
