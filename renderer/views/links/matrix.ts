/** The link matrix: what each cell shows, and which links a gesture chooses. Pure. */
import type { HeldView, LinkRule, LinkView, NodeView } from '../../../preload/contract'
import { type LinkKind, rulesText, signOf } from '../../components/rules'

export interface Cell {
  readonly from: number
  readonly to: number
  readonly kind: LinkKind
  readonly sign: string
  /** What it does, in words; empty when it is open. */
  readonly words: string
  readonly held: number
}

export interface MatrixInput {
  readonly blocked: readonly (readonly [from: number, to: number])[]
  readonly links: readonly LinkView[]
  readonly held: readonly HeldView[]
}
type Translate = (key: string, named: Record<string, unknown>) => string

export const linkKey = (from: number, to: number): string => `${from}>${to}`

/** By {@link linkKey}; links that are open and hold nothing are left out. */
export function cellsOf(t: Translate, { blocked, links, held }: MatrixInput): ReadonlyMap<string, Cell> {
  const cut = new Set(blocked.map(([from, to]) => linkKey(from, to)))
  const rules = new Map(links.map((link) => [linkKey(link.from, link.to), link.rules] as const))
  const counts = new Map<string, number>()
  for (const { from, to } of held) counts.set(linkKey(from, to), (counts.get(linkKey(from, to)) ?? 0) + 1)
  const cells = new Map<string, Cell>()
  for (const key of new Set([...cut, ...rules.keys(), ...counts.keys()])) {
    const [from = 0, to = 0] = key.split('>').map(Number)
    const of = rules.get(key) ?? []
    const isCut = cut.has(key)
    const words = [isCut ? t('control.rule.words.block', {}) : '', rulesText(t, of)].filter((word) => word !== '')
    cells.set(key, { from, to, ...signOf(isCut, of), words: words.join('; '), held: counts.get(key) ?? 0 })
  }
  return cells
}

export const presentIds = (nodes: readonly NodeView[]): readonly number[] =>
  nodes.filter((node) => node.process.standing !== 'removed').map((node) => node.id)

/** Row and column in the matrix. */
export type Place = readonly [row: number, column: number]

/** Links of the rectangle between two cells; the diagonal holds none. */
export function rectangle(ids: readonly number[], a: Place, b: Place): ReadonlySet<string> {
  const [top, bottom] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])]
  const [left, right] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])]
  const keys = ids
    .slice(top, bottom + 1)
    .flatMap((from) => ids.slice(left, right + 1).flatMap((to) => (from === to ? [] : [linkKey(from, to)])))
  return new Set(keys)
}

export function toggled(chosen: ReadonlySet<string>, keys: Iterable<string>): ReadonlySet<string> {
  const next = new Set(chosen)
  const all = [...keys]
  const remove = all.every((key) => next.has(key))
  for (const key of all) {
    if (remove) next.delete(key)
    else next.add(key)
  }
  return next
}

/** The next cell in a direction, stepping over the diagonal; undefined at the edge. */
export function stepFrom([row, column]: Place, [down, right]: Place, n: number): Place | undefined {
  let next: Place = [row + down, column + right]
  if (next[0] === next[1]) next = [next[0] + down, next[1] + right]
  return next[0] < 0 || next[1] < 0 || next[0] >= n || next[1] >= n ? undefined : next
}

export interface Chosen {
  readonly from: number
  readonly to: number
}

/** Chosen links that still exist, row by row. */
export function linksOf(ids: readonly number[], chosen: ReadonlySet<string>): readonly Chosen[] {
  return ids.flatMap((from) =>
    ids.flatMap((to) => (from !== to && chosen.has(linkKey(from, to)) ? [{ from, to }] : [])),
  )
}

/** The rules that all of these links have, or undefined when they differ. */
export function commonRules(links: readonly Chosen[], all: readonly LinkView[]): readonly LinkRule[] | undefined {
  const byKey = new Map(all.map((link) => [linkKey(link.from, link.to), link.rules] as const))
  const of = links.map(({ from, to }) => byKey.get(linkKey(from, to)) ?? [])
  const [first] = of
  if (first === undefined) return []
  const text = JSON.stringify(first)
  return of.every((rules) => JSON.stringify(rules) === text) ? first : undefined
}

/** "n1 → n2", "n1 → n2, n1 → n3", "n1 → n2 … (20)" */
export function namesOfLinks(links: readonly Chosen[]): string {
  const names = links.slice(0, 3).map(({ from, to }) => `n${from} → n${to}`)
  return links.length > 3 ? `${names.slice(0, 2).join(', ')} …` : names.join(', ')
}
