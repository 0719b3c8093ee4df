/** What a bug of the zoo is. */
import type { BugId } from '../node/contract/bugs'
import type { ScriptId } from './hunts'

/** One place in a source file that is different with the bug. */
export interface Place {
  /** Under `main/`. */
  readonly file: string
  /** A whole expression, or whole statements: must stand there exactly once, so that a change of the source is noticed. */
  readonly find: string
  /** A longer text, itself there once, around a `find` that alone stands in several places. */
  readonly within?: string
  /** What runs instead. */
  readonly put: string
  readonly kind: 'expression' | 'statement'
}

export interface Bug {
  readonly id: BugId
  /** Who had it, or the rule that it breaks. */
  readonly source: string
  readonly places: readonly Place[]
  /** Provokes it. */
  readonly script: ScriptId
}

export const expression = (file: string, find: string, put: string, within?: string): Place => ({
  file,
  find,
  put,
  kind: 'expression',
  ...(within === undefined ? {} : { within }),
})

export const statement = (file: string, find: string, put: string): Place => ({ file, find, put, kind: 'statement' })
