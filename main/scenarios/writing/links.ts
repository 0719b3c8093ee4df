/** Single links as a scenario says them: as few steps as there are products of senders and receivers. */
import type { Link, LinkRule } from '../../node/contract/conditions'
import { type Fields, RecordedNode } from './recorded'

interface Product {
  readonly from: number | readonly number[] | 'all'
  readonly to: number | readonly number[] | 'all'
}

/** `nodes`: all of the cluster. Links of a node to itself don't count, so they may be among a product's. */
function productsOf(links: readonly Link[], nodes: readonly number[]): readonly Product[] {
  const receivers = new Map<number, Set<number>>()
  for (const { from, to } of links) receivers.set(from, (receivers.get(from) ?? new Set()).add(to))
  const senders = [...receivers.keys()]
  const targets = [...new Set(links.map(({ to }) => to))]
  const isProduct = senders.every((from) => targets.every((to) => from === to || receivers.get(from)?.has(to)))
  if (isProduct) return [{ from: whom(senders, nodes), to: whom(targets, nodes) }]
  return [...receivers].map(([from, to]) => ({
    from,
    to: whom(
      [...to],
      [...nodes].filter((node) => node !== from),
    ),
  }))
}

function whom(named: readonly number[], all: readonly number[]): Product['from'] {
  const [first = 0] = named
  if (named.length === 1) return first
  const sorted = named.toSorted((a, b) => a - b)
  return all.length > 1 && all.every((node) => named.includes(node)) ? 'all' : sorted
}

/** The same as steps name them; a side that is everybody is left out. */
export function linkWords(links: readonly Link[], nodes: readonly number[]): readonly Fields[] {
  if (links.length === 0) return []
  return productsOf(links, nodes).map(({ from, to }) => ({
    ...(from === 'all' ? {} : { from: recorded(from) }),
    ...(to === 'all' ? {} : { to: recorded(to) }),
  }))
}

function recorded(side: number | readonly number[]): RecordedNode | readonly RecordedNode[] {
  return typeof side === 'number' ? new RecordedNode(side) : side.map((node) => new RecordedNode(node))
}

/** One rule that holds is a step of its own. */
export function conditioned(words: Fields, rules: readonly LinkRule[], seed: number | undefined): Fields {
  const [only, second] = rules
  if (only?.action.type === 'hold' && second === undefined) {
    return { hold: { ...words, ...(only.messages.length === 0 ? {} : { messages: only.messages }) } }
  }
  return { rules: { ...words, rules, ...(seed === undefined ? {} : { seed }) } }
}
