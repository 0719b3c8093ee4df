/** Majorities (§5.2, §5.3). Pure arithmetic, so that it can be tested over every small case. */
import type { Index, NodeId } from './types'

/** The least number of voters that is more than half of `voters`. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** The highest index that a majority of the voters has reached; `matched` holds one index for each voter. */
export function quorumIndex(matched: readonly Index[]): Index {
  const descending = [...matched].sort((a, b) => b - a)
  return descending[majority(descending.length) - 1] ?? 0
}

export type Tally = 'won' | 'lost' | 'open'

/** The standing of an election (§5.2). `votes` holds true for a vote and false for a refusal; others are unheard. */
export function tally(voters: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): Tally {
  const needed = majority(voters.length)
  let granted = 0
  let refused = 0
  for (const voter of voters) {
    const vote = votes.get(voter)
    if (vote === true) granted += 1
    if (vote === false) refused += 1
  }
  if (granted >= needed) return 'won'
  return voters.length - refused < needed ? 'lost' : 'open'
}
