/** Bugs of elections, terms and votes. */
import { type Bug, expression, statement } from '../bug'

const ANY_VOTE = expression('raft/core.ts', 'this.#votedFor === NONE || this.#votedFor === votedFor', 'true')

const VOTE_REPLY = `core.send(
    { type: 'RequestVoteReply', from: core.id, to: request.from, term: core.currentTerm, voteGranted },
    'durable',
  )`

const VOTE_REQUEST = `core.send(
    {
      type: 'RequestVote',
      from: core.id,
      to: peer,
      term: core.currentTerm,
      lastLogIndex: core.log.lastIndex,
      lastLogTerm: core.log.lastTerm,
      transfer,
    },
    'durable',
  )`

const CANDIDATE = "core.observe({ kind: 'role', role: 'candidate', term: core.currentTerm, leader: NONE, reason })"

const now = (text: string): string => text.replace("'durable'", "'now'")

export const electionBugs: readonly Bug[] = [
  {
    id: 'vote-not-persisted',
    source: '§5.2, Figure 2',
    places: [
      statement('raft/core.ts', 'this.#pending.hardState = true', 'this.#pending.hardState = votedFor === this.id'),
    ],
    script: 'second-candidate',
  },
  {
    id: 'vote-forgotten-at-restart',
    source: '§5.2, Figure 2',
    places: [statement('raft/core.ts', 'this.#votedFor = hardState.votedFor', 'this.#votedFor = NONE')],
    script: 'second-candidate',
  },
  {
    id: 'term-without-vote',
    source: 'hashicorp/raft#661',
    places: [
      expression(
        'raft/core.ts',
        '{ currentTerm: this.currentTerm, votedFor: this.votedFor }',
        '{ currentTerm: this.currentTerm, votedFor: NONE }',
      ),
    ],
    script: 'second-candidate',
  },
  {
    id: 'second-vote',
    source: '§5.2',
    places: [expression('raft/election.ts', 'core.votedFor !== NONE && core.votedFor !== from', 'false'), ANY_VOTE],
    script: 'second-candidate',
  },
  {
    id: 'vote-not-kept',
    source: '§5.2',
    places: [statement('raft/election.ts', 'core.setHardState(core.currentTerm, request.from)', '')],
    script: 'second-candidate',
  },
  {
    id: 'step-down-forgets-vote',
    source: 'CCF PR 8094; §5.2',
    places: [
      statement('raft/roles.ts', 'if (isNewTerm) core.setHardState(term, NONE)', 'core.setHardState(term, NONE)'),
      ANY_VOTE,
    ],
    script: 'ordinary',
  },
  {
    id: 'vote-before-disk',
    source: '§5.2, Figure 2',
    places: [statement('raft/election.ts', VOTE_REPLY, now(VOTE_REPLY))],
    script: 'slow-voter',
  },
  {
    id: 'own-vote-before-disk',
    source: '§5.2, Figure 2',
    places: [
      statement('raft/roles.ts', CANDIDATE, `${CANDIDATE}\n  core.votes.set(core.id, true)`),
      statement('raft/election.ts', VOTE_REQUEST, now(VOTE_REQUEST)),
    ],
    script: 'slow-candidate',
  },
  {
    id: 'logs-not-compared',
    source: '§5.4.1',
    places: [expression('raft/election.ts', 'core.log.isUpToDate(lastLogIndex, lastLogTerm)', 'true')],
    script: 'late-candidate',
  },
  {
    id: 'only-lengths-compared',
    source: '§5.4.1',
    places: [
      expression(
        'raft/log.ts',
        'lastLogTerm > this.lastTerm || (lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)',
        'lastLogIndex >= this.lastIndex',
      ),
    ],
    script: 'longer-old-log',
  },
  {
    id: 'half-is-majority',
    source: '§5.2',
    places: [expression('raft/quorum.ts', 'Math.floor(voters / 2) + 1', 'Math.max(1, Math.ceil(voters / 2))')],
    script: 'halves',
  },
  {
    id: 'new-leader-trims-log',
    source: '§5.3, §5.4',
    places: [
      statement(
        'raft/roles.ts',
        "core.role = 'leader'",
        "if (core.log.lastIndex > core.commitIndex) core.truncate(core.commitIndex + 1)\n  core.role = 'leader'",
      ),
    ],
    script: 'heir-without-commit',
  },
]
