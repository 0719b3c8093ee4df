/** Whom a fault concerns, as its detail says. */
import type { TimelineEvent } from '../../node/contract/events'

export interface FaultFacts {
  readonly nodes: ReadonlySet<number>
  /** Directed, as `from * 65536 + to`. */
  readonly links: ReadonlySet<number>
  /** Who did it; 0 = a person. */
  readonly nemesis: number
}

const known = new WeakMap<object, FaultFacts>()
const key = (from: number, to: number): number => from * 65_536 + to
const isNode = (value: unknown): value is number => Number.isInteger(value)

function read(detail: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(detail)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Of a later version, or of somebody else.
    return {}
  }
}

export function factsOf(fault: TimelineEvent<'fault'>): FaultFacts {
  const before = known.get(fault)
  if (before !== undefined) return before
  const { nodes, links, groups, nemesis } = read(fault.detail)
  const cut = new Set<number>()
  for (const link of Array.isArray(links) ? links : []) {
    if (Array.isArray(link) && isNode(link[0]) && isNode(link[1])) cut.add(key(link[0], link[1]))
  }
  const sides = (Array.isArray(groups) ? groups : []).map((side) => (Array.isArray(side) ? side.filter(isNode) : []))
  for (const [at, side] of sides.entries()) {
    for (const other of sides.slice(at + 1).flat()) {
      for (const node of side) cut.add(key(node, other)).add(key(other, node))
    }
  }
  const facts: FaultFacts = {
    nodes: new Set(Array.isArray(nodes) ? nodes.filter(isNode) : []),
    links: cut,
    nemesis: isNode(nemesis) ? nemesis : 0,
  }
  known.set(fault, facts)
  return facts
}

export const concernsNode = (fault: TimelineEvent<'fault'>, node: number): boolean => factsOf(fault).nodes.has(node)

export const concernsLink = (fault: TimelineEvent<'fault'>, from: number, to: number): boolean =>
  factsOf(fault).links.has(key(from, to))
