/**
 * Majorities, plain and joint (§5.2, §5.3, §6). Pure arithmetic, so that it can be tested over every small case. A joint
 * configuration agrees only when a majority of the old voters and a majority of the new ones agree, separately.
 */
import type { Configuration } from './configuration'
import type { NodeId } from './types'

/** The least number of voters that is more than half of `voters`. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** The greatest value that a majority of `voters` has reached; -Infinity when there is no voter. */
export function reachedByMajority(voters: readonly NodeId[], reached: (voter: NodeId) => number): number {
  const descending = voters.map(reached).sort((a, b) => b - a)
  return descending[majority(descending.length) - 1] ?? Number.NEGATIVE_INFINITY
}

/** The greatest value (an index, a round, a time) that this configuration agrees on. */
export function agreed({ voters, outgoing }: Configuration, reached: (voter: NodeId) => number): number {
  const incoming = reachedByMajority(voters, reached)
  return outgoing.length === 0 ? incoming : Math.min(incoming, reachedByMajority(outgoing, reached))
}

export type Tally = 'won' | 'lost' | 'open'

/** The standing of an election (§5.2). `votes` holds true for a vote and false for a refusal; others are unheard. */
export function tally({ voters, outgoing }: Configuration, votes: ReadonlyMap<NodeId, boolean>): Tally {
  const incoming = tallyOf(voters, votes)
  if (outgoing.length === 0) return incoming
  const old = tallyOf(outgoing, votes)
  if (incoming === 'lost' || old === 'lost') return 'lost'
  return incoming === 'won' && old === 'won' ? 'won' : 'open'
}

function tallyOf(voters: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): Tally {
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
