/** All hunts, or some: each bug is to be caught, and the same run without a bug is to give no alarm. */
import type { BugId } from '../node/contract/bugs'
import { BUGS } from './bugs'
import { type HuntResult, hunt } from './hunt'

export interface ZooWish {
  readonly bugs: readonly BugId[]
  readonly seeds: readonly number[]
  readonly programs: { readonly node: string; readonly warden: string }
  readonly signal: AbortSignal
  /** Before each hunt; `bug` empty: the correct node. */
  progress?(done: number, of: number, bug: BugId | ''): void
}

export interface ZooRow {
  readonly bug: BugId
  readonly source: string
  readonly seed: number
  readonly hunt: HuntResult
  /** The same run of the correct node. */
  readonly correct: HuntResult
  /** It was caught, and the correct node was not. */
  readonly holds: boolean
}

export interface ZooResult {
  readonly holds: boolean
  /** It was ended before its time. */
  readonly interrupted: boolean
  readonly rows: readonly ZooRow[]
}

/** @throws {Problem} when a cluster cannot be run at all */
export async function runZoo({ bugs, seeds, programs, signal, progress }: ZooWish): Promise<ZooResult> {
  const wanted = BUGS.filter(({ id }) => bugs.length === 0 || bugs.includes(id))
  const pairs = seeds.flatMap((seed) => wanted.map((bug) => ({ bug, seed })))
  /** Bugs with one script share the run of the correct node. */
  const correct = new Map<string, HuntResult>()
  const rows: ZooRow[] = []
  try {
    for (const [
      at,
      {
        bug: { id, source, script },
        seed,
      },
    ] of pairs.entries()) {
      progress?.(at, pairs.length, id)
      const found = await hunt({ script, bug: id, seed, programs, signal })
      const key = `${script} ${seed}`
      if (!correct.has(key)) progress?.(at, pairs.length, '')
      const clean = correct.get(key) ?? (await hunt({ script, bug: '', seed, programs, signal }))
      correct.set(key, clean)
      const holds = found.caught.length > 0 && clean.caught.length === 0
      rows.push({ bug: id, source, seed, hunt: found, correct: clean, holds })
    }
  } catch (trouble) {
    if (!signal.aborted) throw trouble
  }
  const interrupted = rows.length < pairs.length
  return { holds: !interrupted && rows.every(({ holds }) => holds), interrupted, rows }
}
