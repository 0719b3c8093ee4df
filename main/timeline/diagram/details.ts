/** What the `detail` of faults and operations (JSON) names: nodes, links, groups. Whatever can't be read names nothing. */

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

export function subjectOf(fault: { readonly detail: string }): FaultSubject {
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

/** An operation's `detail`, as far as it can be read. */
export interface OperationSubject {
  /** 0 = none, or not known yet. */
  readonly node: number
  readonly role: string
  readonly changes: readonly { readonly node: number; readonly role: string }[]
  /** Why it was refused, as a word of the core; empty when it was not, or for another reason. */
  readonly reason: string
}
const NOTHING: OperationSubject = { node: 0, role: '', changes: [], reason: '' }

const idOf = (value: unknown): number => (isNumber(value) ? value : 0)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function operationSubject(detail: string): OperationSubject {
  let found: unknown
  try {
    found = JSON.parse(detail)
  } catch {
    return NOTHING
  }
  if (typeof found !== 'object' || found === null) return NOTHING
  const { node, target, nodes, role, changes, refusal } = found as Record<string, unknown>
  return {
    node: idOf(node) || idOf(target) || (Array.isArray(nodes) ? idOf(nodes[0]) : 0),
    role: textOf(role),
    changes: Array.isArray(changes)
      ? changes.flatMap((change: unknown) => {
          if (typeof change !== 'object' || change === null) return []
          const one = change as Record<string, unknown>
          return [{ node: idOf(one.node), role: textOf(one.role) }]
        })
      : [],
    reason: typeof refusal === 'object' && refusal !== null ? textOf((refusal as Record<string, unknown>).reason) : '',
  }
}
