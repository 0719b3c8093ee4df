import type { RaftClass } from '../node'
import type { Wishes } from '../setup'
import type { Edit } from './load'

/** A bug that a real implementation had, or that this one could have. */
export interface Mutant {
  readonly name: string
  /** In the list of bugs of real implementations (`test/raft/known-bugs.test.ts`); absent for others. */
  readonly bug?: number
  /** What it breaks: the paper's section, or the report of the real bug. */
  readonly about: string
  readonly edits: readonly Edit[]
  /** The kind of world in which it shows soon. */
  readonly wishes?: Wishes
  /** Where it showed last time: tried first. */
  readonly seed?: number
  /** For what a healthy or unlucky cluster never shows: throws when the core has the bug. */
  readonly directed?: (Core: RaftClass) => void
}
