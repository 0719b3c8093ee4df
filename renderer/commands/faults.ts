/** What the active faults mean for links and how each is taken back. Pure. */
import { type FaultSubject, groupsText, type Link, subjectOf } from '../../preload/contract/diagram'

export { type FaultSubject, groupsText, type Link, subjectOf }

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
