/** Bugs of elections, terms and votes (§5.1, §5.2, §5.4.1; dissertation §4.2.3, §9.6). */
import { staleTermWithLongestLog, voteWhileLeaderIsHeard } from './directed'
import type { Mutant } from './mutant'

const anyVote = {
  file: 'core.ts',
  find: 'this.#votedFor === NONE || this.#votedFor === votedFor',
  put: 'votedFor >= NONE',
}

export const electionMutants: readonly Mutant[] = [
  {
    name: 'a pre-vote of an older term is not answered',
    bug: 3,
    about: 'etcd#8501; dissertation §9.6',
    edits: [
      {
        file: 'election.ts',
        find: "  core.remark(refusal ?? 'pre-vote-granted', request.from, request.lastLogIndex)\n",
        put: "  core.remark(refusal ?? 'pre-vote-granted', request.from, request.lastLogIndex)\n  if (refusal === 'pre-vote-refused-term') return\n",
      },
    ],
    directed: staleTermWithLongestLog,
  },
  {
    name: 'a joint configuration asks only its new voters',
    bug: 4,
    about: 'openraft#1796; §6',
    edits: [
      {
        file: 'core.ts',
        find: 'member !== this.id && isVoter(configuration, member)',
        put: 'member !== this.id && configuration.voters.includes(member)',
      },
    ],
    wishes: { operatorMean: 60, spares: 2, features: { preVote: true } },
    seed: 8,
  },
  {
    name: 'a refused pre-vote says the term that was asked for',
    bug: 5,
    about: 'etcd#8243; dissertation §9.6',
    edits: [
      { file: 'election.ts', find: 'term: refusal ? core.currentTerm : request.term', put: 'term: request.term' },
    ],
    wishes: { features: { preVote: true } },
    seed: 1,
  },
  {
    name: 'the term is written without its vote',
    bug: 11,
    about: 'hashicorp/raft#661; Figure 2',
    edits: [
      {
        file: 'core.ts',
        find: 'number, { currentTerm: this.currentTerm, votedFor: this.votedFor }',
        put: 'number, { currentTerm: this.currentTerm, votedFor: NONE }',
      },
    ],
    seed: 1,
  },
  {
    name: 'stepping down within a term forgets its vote',
    bug: 12,
    about: 'CCF PR 8094; §5.2',
    edits: [{ file: 'roles.ts', find: 'if (isNewTerm) core.setHardState', put: 'core.setHardState' }, anyVote],
    seed: 5,
  },
  {
    name: 'the vote is forgotten in a restart',
    about: '§5.2, Figure 2',
    edits: [{ file: 'core.ts', find: 'this.#votedFor = hardState.votedFor', put: 'this.#votedFor = NONE' }],
    seed: 23,
  },
  {
    name: 'the vote is given without a look at the one given before',
    about: '§5.2',
    edits: [
      { file: 'election.ts', find: 'core.votedFor !== NONE && core.votedFor !== from', put: 'from === NONE' },
      anyVote,
    ],
    seed: 2,
  },
  {
    name: 'a vote is not written to the disk',
    about: '§5.2, Figure 2',
    edits: [
      {
        file: 'core.ts',
        find: 'this.#pending.hardState = true',
        put: 'this.#pending.hardState = votedFor === this.id',
      },
    ],
    seed: 1,
  },
  {
    name: 'a vote is given and not kept',
    about: '§5.2',
    edits: [
      {
        file: 'election.ts',
        find: '  if (!refusal) {\n    core.setHardState(core.currentTerm, request.from)\n',
        put: '  if (!refusal) {\n',
      },
    ],
    seed: 1,
  },
  {
    name: 'votes do not wait for the disk',
    about: '§5.2, Figure 2',
    edits: [
      {
        file: 'election.ts',
        find: "term: core.currentTerm, voteGranted },\n    'durable',",
        put: "term: core.currentTerm, voteGranted },\n    'now',",
      },
    ],
    seed: 1,
  },
  {
    name: 'a candidate counts its own vote before its disk has it',
    about: '§5.2, Figure 2',
    edits: [
      {
        file: 'roles.ts',
        find: "role: 'candidate', term: core.currentTerm, leader: NONE, reason })\n",
        put: "role: 'candidate', term: core.currentTerm, leader: NONE, reason })\n  core.votes.set(core.id, true)\n",
      },
      {
        file: 'election.ts',
        find: "transfer,\n    },\n    'durable',",
        put: "transfer,\n    },\n    'now',",
      },
    ],
    seed: 1,
  },
  {
    name: 'a voter does not compare the logs',
    about: '§5.4.1',
    edits: [
      {
        file: 'election.ts',
        find: "return 'vote-refused-already-voted'\n  return core.log.isUpToDate(lastLogIndex, lastLogTerm)",
        put: "return 'vote-refused-already-voted'\n  return lastLogTerm >= 0 && lastLogIndex >= 0",
      },
    ],
    wishes: { features: { preVote: false } },
    seed: 1,
  },
  {
    name: 'a voter compares only the lengths of the logs',
    about: '§5.4.1',
    edits: [
      {
        file: 'log.ts',
        find: 'lastLogTerm > this.lastTerm || (lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)',
        put: 'lastLogIndex >= this.lastIndex && lastLogTerm >= 0',
      },
    ],
    seed: 101,
  },
  {
    name: 'half of the voters pass for a majority',
    about: '§5.2',
    edits: [{ file: 'quorum.ts', find: 'Math.floor(voters / 2) + 1', put: 'Math.max(1, Math.ceil(voters / 2))' }],
    seed: 1,
  },
  {
    name: 'a vote is given while a leader is heard, and leases rest on that',
    about: 'dissertation §4.2.3, §6.4.1',
    edits: [
      {
        file: 'election.ts',
        find: '  if (!core.isLeader && !hearsLeader(core)) return false\n',
        put: '  if (core.now >= core.lastContact) return false\n',
      },
    ],
    directed: voteWhileLeaderIsHeard,
  },
  {
    name: 'a leader is believed in for ever',
    about: 'dissertation §9.6',
    edits: [
      {
        file: 'election.ts',
        find: 'core.isQuiescent || core.now - core.lastContact < core.config.electionTimeout',
        put: 'core.isQuiescent || core.lastContact > 0',
      },
    ],
    wishes: { features: { preVote: true, checkQuorum: true } },
    seed: 3,
  },
  {
    name: 'a witness stands for election',
    about: '§5.2',
    edits: [
      {
        file: 'eligibility.ts',
        find: '!isWitness(core.configuration, node) && priorityOf(core, node) > 0',
        put: 'priorityOf(core, node) > 0',
      },
    ],
    wishes: { operatorMean: 60, spares: 3 },
    seed: 1,
  },
  {
    name: 'a new leader is not observed',
    about: 'nothing happens off the record',
    edits: [
      {
        file: 'roles.ts',
        find: 'else if (leader !== knownLeader) core.observe',
        put: 'else if (leader < knownLeader) core.observe',
      },
    ],
    seed: 1,
  },
  {
    name: 'a server whose removal is not committed never stands',
    about: 'dissertation §4.2.2',
    edits: [
      {
        file: 'eligibility.ts',
        find: 'return !isCommitted && isVoter',
        put: 'return false && !isCommitted && isVoter',
      },
    ],
    wishes: { operatorMean: 60, firstVoters: 3, spares: 1 },
    seed: 169,
  },
]
