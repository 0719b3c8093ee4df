/** Which blocked links are a partition, and which stand alone. Pure. */
import { type Link, reachableGroups } from '../../commands/faults'

/** A cut link that no partition explains. */
export interface CutLink {
  readonly from: number
  readonly to: number
  readonly both: boolean
}

export interface Cuts {
  /** Groups that cannot reach each other at all; empty when everybody reaches everybody, if only by detours. */
  readonly groups: readonly (readonly number[])[]
  /** Blocked links inside a group. */
  readonly links: readonly CutLink[]
}

export function cutsOf(nodes: readonly number[], blocked: readonly Link[]): Cuts {
  if (blocked.length === 0) return { groups: [], links: [] }
  const present = new Set(nodes)
  const cut = blocked.filter(([from, to]) => present.has(from) && present.has(to))
  const reachable = reachableGroups(nodes, cut)
  const groups = reachable.length > 1 ? reachable : []
  const groupOf = new Map(groups.flatMap((group, i) => group.map((id) => [id, i] as const)))
  const names = new Set(cut.map(([from, to]) => `${from}>${to}`))
  const links: CutLink[] = []
  for (const [from, to] of cut) {
    if (groups.length > 0 && groupOf.get(from) !== groupOf.get(to)) continue
    const both = names.has(`${to}>${from}`)
    if (!both || from < to) links.push({ from, to, both })
  }
  return { groups, links }
}

/** The two sides that a lasso makes; undefined when one of them would be empty. */
export function sidesOf(
  nodes: readonly number[],
  chosen: ReadonlySet<number>,
): readonly [readonly number[], readonly number[]] | undefined {
  const inside = nodes.filter((id) => chosen.has(id))
  const outside = nodes.filter((id) => !chosen.has(id))
  return inside.length > 0 && outside.length > 0 ? [inside, outside] : undefined
}

/** `before` while it holds the same links: updates bring equal lists many times a second. */
export function sameLinks(before: readonly Link[] | undefined, now: readonly Link[]): readonly Link[] {
  const same =
    before !== undefined &&
    before.length === now.length &&
    before.every(([from, to], i) => from === now[i]?.[0] && to === now[i]?.[1])
  return same ? before : now
}
