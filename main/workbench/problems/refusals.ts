import type { ChangeRefusal, TransferRefusal } from '../../raft/types'

/** Why a snapshot is not taken; the node says one of these. */
export type SnapshotRefusal = 'nothing-new' | 'under-way'

/**
 * Why no branch can be made of a moment. level: recorded without the data of entries · early: no node had told its state ·
 * beginning: a snapshot's content follows from entries that came before the recording · differs: what was made again is not
 * what the node had.
 */
export type ForkRefusal = 'level' | 'early' | 'beginning' | 'differs'

/**
 * Why a leader, or a node, does not do what it was asked to: what stands in the way, and what to do about it. `node` is
 * whom it is about, `''` when it is nobody in particular. The compiler keeps every table complete.
 */
export interface Refusals {
  readonly change: { readonly [R in ChangeRefusal]: (node: string) => string }
  readonly transfer: { readonly [R in TransferRefusal]: (node: string) => string }
  /** About an entry of the log. */
  readonly fork: { readonly [R in ForkRefusal]: (index: string) => string }
  readonly snapshot: { readonly [R in SnapshotRefusal]: (node: string) => string }
}

/** The sentence of a reason that came as text; undefined for one that no table has. */
export function refusal(
  table: Readonly<Record<string, (node: string) => string>>,
  reason: string,
  node: number | string,
): string | undefined {
  const about = Number(node) === 0 ? '' : String(node)
  return Object.hasOwn(table, reason) ? table[reason]?.(about) : undefined
}
