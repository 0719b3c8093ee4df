import type { VerdictWords } from './words'

export const en: VerdictWords = {
  name: {
    'election-safety': 'election safety: at most one leader in a term',
    'one-vote-per-term': 'one vote in a term, also over restarts',
    'terms-never-go-back': 'terms never go back, also over restarts',
    'leader-append-only': 'a leader only appends to its log',
    'log-matching': 'log matching: equal entries have equal logs before them',
    'leader-completeness': 'leader completeness: what is committed is in every later leader’s log',
    'state-machine-safety': 'state machine safety: one entry at an index, for all',
    'committed-on-a-majority': 'committed means on the disks of a majority',
    'commit-never-goes-back': 'commitIndex never goes back',
    'answered-is-committed': 'what a client was told is done is committed',
    'one-change-at-a-time': 'one change of the membership at a time',
  },
  broken: {
    'election-safety': ({ term, first, node }) => `Node ${first} and node ${node} both became leader in term ${term}.`,
    'one-vote-per-term': ({ node, term, first, votedFor }) =>
      votedFor === 0
        ? `Node ${node} had voted for node ${first} in term ${term}, on its disk, and knows nothing of it after its restart.`
        : `In term ${term} node ${node} voted for node ${first}, and then for node ${votedFor}.`,
    'terms-never-go-back': ({ node, before, term }) => `The term of node ${node} went back from ${before} to ${term}.`,
    'leader-append-only': ({ node, term, index, last }) =>
      `Node ${node}, leader of term ${term}, took entries from ${index} on away or replaced them; its log went to ${last}.`,
    'log-matching': ({ index, term, node, before, first, firstBefore }) =>
      `Entry ${index} of term ${term} follows an entry of term ${before} in the log of node ${node}, and one of term ${firstBefore} in the log of node ${first}.`,
    'leader-completeness': ({ node, term, index, entryTerm, committedIn }) =>
      `Node ${node} became leader of term ${term} without entry ${index} of term ${entryTerm}, which was committed in term ${committedIn}.`,
    'state-machine-safety': ({ index, node, term, first }) =>
      `Node ${node} has committed an entry of term ${term} at index ${index}, where one of term ${first} was committed before.`,
    'committed-on-a-majority': ({ node, index, term, of, on }) =>
      `Node ${node} took entry ${index} of term ${term} for committed; of the voters ${of} only ${on || 'nobody'} had it on disk.`,
    'commit-never-goes-back': ({ node, before, index }) =>
      `The commitIndex of node ${node} went back from ${before} to ${index}.`,
    'answered-is-committed': ({ index, term, node, found }) =>
      `Node ${node} answered that entry ${index} of term ${term} is done, ${found === 0 ? 'and nobody has committed it' : `and what is committed there is of term ${found}`}.`,
    'one-change-at-a-time': ({ rule, node, index, before, old, new: next }) =>
      rule === 'uncommitted'
        ? `Node ${node} added the configuration at index ${index} (${next}) while the one at ${before} (${old}) was not committed.`
        : `Node ${node} went from the configuration ${old} to ${next} at index ${index}: they have majorities that do not meet.`,
  },
}
