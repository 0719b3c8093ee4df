/** What the active faults mean for links and how each is taken back. Pure. */
import type { FaultView } from '../../preload/contract'

export type Link = readonly [from: number, to: number]

/** A fault's `detail`, as far as it can be read: the nodes, link or groups concerned. */
export interface FaultSubject {
  readonly nodes: readonly number[]
  /** The first of `links`. */
  readonly link: Link | null
  readonly links: readonly Link[]
  readonly groups: readonly (readonly number[])[]
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value)
const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.filter(isNumber) : [])

export function subjectOf(fault: Pick<FaultView, 'detail'>): FaultSubject {
  const nothing: FaultSubject = { nodes: [], link: null, links: [], groups: [] }
  let detail: unknown
  try {
    detail = JSON.parse(fault.detail)
  } catch {
    return nothing
  }
  if (typeof detail !== 'object' || detail === null) return nothing
  const { nodes, links, groups } = detail as Record<string, unknown>
  const pairs: readonly Link[] = (Array.isArray(links) ? links : []).flatMap((link: unknown) => {
    const [from, to] = numbers(link)
    return from === undefined || to === undefined ? [] : [[from, to] as const]
  })
  return {
    nodes: numbers(nodes),
    link: pairs[0] ?? null,
    links: pairs,
    groups: Array.isArray(groups) ? groups.map(numbers) : [],
  }
}

/** Both directions of every pair of nodes in different groups. */
export function linksBetween(groups: readonly (readonly number[])[]): readonly Link[] {
  const links: Link[] = []
  for (const [i, group] of groups.entries()) {
    for (const other of groups.slice(i + 1).flat()) for (const node of group) links.push([node, other], [other, node])
  }
  return links
}

/** Nodes that can still talk, in at least one direction each way, as sets: what a partition looks like. */
export function reachableGroups(nodes: readonly number[], blocked: readonly Link[]): readonly (readonly number[])[] {
  const cut = new Set(blocked.map(([from, to]) => `${from}>${to}`))
  const left = new Set(nodes)
  const groups: number[][] = []
  for (const start of nodes) {
    if (!left.delete(start)) continue
    const group = [start]
    for (const node of group) {
      for (const other of [...left]) {
        if (cut.has(`${node}>${other}`) && cut.has(`${other}>${node}`)) continue
        left.delete(other)
        group.push(other)
      }
    }
    groups.push(group.sort((a, b) => a - b))
  }
  return groups
}

/** The groups after `node` is cut off from everybody, other cuts kept. */
export function isolating(
  node: number,
  nodes: readonly number[],
  blocked: readonly Link[],
): readonly (readonly number[])[] {
  const others = nodes.filter((id) => id !== node)
  return [[node], ...reachableGroups(others, blocked)]
}

/** "n1 n2 | n3 n4 n5" */
export function groupsText(groups: readonly (readonly number[])[]): string {
  return groups.map((group) => group.map((id) => `n${id}`).join(' ')).join(' | ')
}
