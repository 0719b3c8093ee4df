/** All hunts, or some: each bug is to be caught, and the same run without a bug is to give no alarm. */
import type { BugId } from '../node/contract/bugs'
import { BUGS } from './bugs'
import { type HuntResult, type HuntWish, hunt } from './hunt'

export interface ZooWish extends Pick<HuntWish, 'programs' | 'signal'> {
  /** None = all. */
  readonly bugs: readonly BugId[]
  readonly seeds: readonly number[]
  /** After each hunt; `bug` empty: the correct node. */
  progress?(done: number, of: number, bug: BugId | ''): void
}

export interface ZooRow {
  readonly bug: BugId
  readonly source: string
  readonly seed: number
  readonly hunt: HuntResult
  /** The same run of the correct node; bugs with one script share it. */
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

/** They wait most of the time. */
const AT_ONCE = 2

type Wanted = Pick<HuntWish, 'script' | 'bug' | 'seed'>

const keyOf = ({ script, bug, seed }: Wanted): string => `${script} ${bug} ${seed}`

/** @throws {Problem} when a cluster cannot be run at all */
export async function runZoo({ bugs, seeds, programs, signal, progress }: ZooWish): Promise<ZooResult> {
  const pairs = BUGS.filter(({ id }) => bugs.length === 0 || bugs.includes(id)).flatMap((bug) =>
    seeds.map((seed) => ({ bug, seed })),
  )
  const wanted = new Map<string, Wanted>()
  for (const { bug, seed } of pairs) {
    for (const id of [bug.id, ''] as const) {
      const one = { script: bug.script, bug: id, seed }
      wanted.set(keyOf(one), one)
    }
  }
  const results = new Map<string, HuntResult>()
  const left = [...wanted]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
      const [key, one] = next
      results.set(key, await hunt({ ...one, programs, signal }))
      progress?.(results.size, wanted.size, one.bug)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
  } catch (trouble) {
    if (!signal.aborted) throw trouble
  }
  const rows = pairs.flatMap(({ bug: { id, source, script }, seed }): readonly ZooRow[] => {
    const found = results.get(keyOf({ script, bug: id, seed }))
    const correct = results.get(keyOf({ script, bug: '', seed }))
    if (found === undefined || correct === undefined) return []
    return [
      { bug: id, source, seed, hunt: found, correct, holds: found.caught.length > 0 && correct.caught.length === 0 },
    ]
  })
  const interrupted = rows.length < pairs.length
  return { holds: !interrupted && rows.every(({ holds }) => holds), interrupted, rows }
}
