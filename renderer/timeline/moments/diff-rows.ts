/** A comparison as the view draws it: one row per node over common columns, fields in words. Pure. */
import type { DiffField, EntryChange, EntryDiff, FieldDiff, MomentDiff, NodeDiff } from '../../../preload/contract'
import type { Translate } from '../../components/translate'

export interface DiffCell {
  readonly index: number
  readonly change: EntryChange
  /** Null: one of those that both moments have alike, further back than what is told of this node. */
  readonly entry: EntryDiff['b']
  /** What stood there at A, when it is another. */
  readonly was: EntryDiff['a']
  /** The last entry that the node knew committed, at A and at B. */
  readonly endsA: boolean
  readonly endsB: boolean
}

/** Common columns: from the earliest entry that any node's row has to the latest. */
export function columnsOf({ nodes }: MomentDiff): readonly number[] {
  const indexes = new Set(nodes.flatMap((node) => node.log.entries.map(({ index }) => index)))
  return [...indexes].sort((a, b) => a - b)
}

/** By column; null where the node has no entry in either moment. */
export function cellsOf({ log }: NodeDiff, columns: readonly number[]): readonly (DiffCell | null)[] {
  const byIndex = new Map(log.entries.map((entry) => [entry.index, entry]))
  return columns.map((index) => {
    const found = byIndex.get(index)
    const ends = { endsA: log.commitA === index, endsB: log.commitB === index }
    if (found === undefined) {
      return index <= log.sameUpTo ? { index, change: 'same', entry: null, was: null, ...ends } : null
    }
    const { change, a, b } = found
    return { index, change, entry: b ?? a, was: change === 'rewritten' ? a : null, ...ends }
  })
}

/** A field's value as people read it; what a machine says stays as it is. */
export function valueText(t: Translate, field: DiffField, value: string): string {
  if (value === '') return '–'
  if (field === 'role') return t(`roles.${value}`)
  if (field === 'process') return t(`moments.diff.standing.${value}`)
  return value
}

/** Fields whose change people ask about first; the rest follows from them. */
export function sentenceOf(t: Translate, { field, from, to }: FieldDiff): string {
  return `${t(`moments.diff.fieldNames.${field}`)} ${valueText(t, field, from)} → ${valueText(t, field, to)}`
}

export interface DiffTotals {
  readonly added: number
  readonly removed: number
  readonly rewritten: number
  /** Nodes whose commitIndex is another. */
  readonly commits: number
  readonly isEmpty: boolean
}

export function totalsOf(diff: MomentDiff): DiffTotals {
  const sum = (of: (node: NodeDiff) => number) => diff.nodes.reduce((total, node) => total + of(node), 0)
  const added = sum(({ log }) => log.added)
  const removed = sum(({ log }) => log.removed)
  const rewritten = sum(({ log }) => log.rewritten)
  const acts = [diff.faultsBegun, diff.faultsEnded, diff.cut, diff.healed, diff.ruled]
  return {
    added,
    removed,
    rewritten,
    commits: diff.nodes.filter(({ log }) => log.commitA !== log.commitB).length,
    isEmpty:
      added + removed + rewritten === 0 &&
      diff.nodes.every(({ fields, presence }) => fields.length === 0 && presence === 'both') &&
      acts.every((list) => list.length === 0),
  }
}
