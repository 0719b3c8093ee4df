/** What differs between two moments of a timeline. */
import type { ActiveFault } from '../state'
import type { EntryView } from '../views/types'

/** Fields as the inspector shows them; texts that need no translation: numbers, node names as `n3`, states as words. */
export const DIFF_FIELDS = [
  'process',
  'role',
  'leader',
  'currentTerm',
  'votedFor',
  'lastIndex',
  'durableIndex',
  'commitIndex',
  'lastApplied',
  'firstIndex',
  'snapshot',
  'configuration',
  'held',
  'clock',
] as const
export type DiffField = (typeof DIFF_FIELDS)[number]

export interface FieldDiff {
  readonly field: DiffField
  /** Empty: there was nothing. */
  readonly from: string
  readonly to: string
}

/**
 * same · added: B only · removed: A only · rewritten: another entry stands there · compacted: A had it; in B the snapshot holds it.
 */
export type EntryChange = 'same' | 'added' | 'removed' | 'rewritten' | 'compacted'

export interface EntryDiff<E = EntryView> {
  readonly index: number
  readonly change: EntryChange
  readonly a: E | null
  readonly b: E | null
}

export interface LogDiff<E = EntryView> {
  /** Both logs hold the same entries up to here, as far as both reach back; 0 = not even the first. */
  readonly sameUpTo: number
  readonly added: number
  readonly removed: number
  readonly rewritten: number
  readonly commitA: number
  readonly commitB: number
  /** Around what changed; the newest when there is more. */
  readonly entries: readonly EntryDiff<E>[]
}

export interface NodeDiff<E = EntryView> {
  readonly node: number
  /** Whether the node is there at both. */
  readonly presence: 'both' | 'joined' | 'left'
  readonly fields: readonly FieldDiff[]
  readonly log: LogDiff<E>
}

export interface MomentRef {
  /** After the events with a smaller `seq`. */
  readonly seq: number
  readonly t: number
}

export interface MomentDiff<E = EntryView> {
  readonly a: MomentRef
  readonly b: MomentRef
  readonly nodes: readonly NodeDiff<E>[]
  /** At B, and not at A. */
  readonly faultsBegun: readonly ActiveFault[]
  readonly faultsEnded: readonly ActiveFault[]
  /** Directed links that are cut at B, and were not at A. */
  readonly cut: readonly (readonly [from: number, to: number])[]
  readonly healed: readonly (readonly [from: number, to: number])[]
  /** Directed links whose rules differ. */
  readonly ruled: readonly (readonly [from: number, to: number])[]
}
