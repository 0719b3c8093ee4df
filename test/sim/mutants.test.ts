/**
 * Does the simulator find bugs? Each of these was a real one somewhere, or could be: put into a copy of the core, it has
 * to be found within a bounded number of seeds. A change of the core that one of them rests on makes its test fail, so
 * that the bug is written anew and not forgotten.
 */
import { expect, test } from 'vitest'
import type { Edit } from './mutant'
import { withMutant } from './mutant'
import { SimulationFailure, simulate } from './simulation'

/** More than any of them needs. */
const SEEDS = 400

interface Bug {
  readonly bug: string
  readonly edits: readonly Edit[]
  /** What breaks: a property that must hold after every step, or the progress of the healed cluster. */
  readonly found: 'safety' | 'liveness'
}

const bugs: readonly Bug[] = [
  {
    bug: 'copies of an old-term entry are counted (Figure 8)',
    edits: [{ file: 'replication.ts', find: 'core.log.termAt(index) === core.currentTerm', put: 'index > 0' }],
    found: 'safety',
  },
  {
    bug: 'the vote is forgotten in a restart',
    edits: [{ file: 'core.ts', find: '= restored.hardState', put: '= { ...restored.hardState, votedFor: 0 }' }],
    found: 'safety',
  },
  {
    bug: 'the vote is given without a look at the one given before',
    edits: [
      { file: 'election.ts', find: 'core.votedFor !== NONE && core.votedFor !== from', put: 'from === NONE' },
      { file: 'core.ts', find: 'this.#votedFor === NONE || this.#votedFor === votedFor', put: 'votedFor >= NONE' },
    ],
    found: 'safety',
  },
  {
    bug: 'stepping down within a term forgets its vote',
    edits: [
      { file: 'roles.ts', find: 'if (term > core.currentTerm) core.setHardState', put: 'core.setHardState' },
      { file: 'core.ts', find: 'this.#votedFor === NONE || this.#votedFor === votedFor', put: 'votedFor >= NONE' },
    ],
    found: 'safety',
  },
  {
    bug: 'votes and acknowledgements overtake the disk',
    edits: [{ file: 'core.ts', find: "message.type === 'AppendEntries' ? 0 : awaited", put: '0 * awaited' }],
    found: 'safety',
  },
  {
    bug: 'only messages of a step that writes wait for the disk',
    edits: [
      {
        file: 'core.ts',
        find: "message.type === 'AppendEntries' ? 0",
        put: "message.type === 'AppendEntries' || !write ? 0",
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a follower commits what it has not verified',
    edits: [
      {
        file: 'following.ts',
        find: 'Math.min(request.leaderCommit, verified)',
        put: 'Math.min(request.leaderCommit, core.log.lastIndex)',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a voter does not compare the logs (§5.4.1)',
    edits: [
      {
        file: 'election.ts',
        find: 'core.log.isUpToDate(lastLogIndex, lastLogTerm)',
        put: 'lastLogTerm >= 0 && lastLogIndex >= 0',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a voter compares only the lengths of the logs',
    edits: [
      {
        file: 'log.ts',
        find: 'lastLogTerm > this.lastTerm || (lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)',
        put: 'lastLogIndex >= this.lastIndex && lastLogTerm >= 0',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'the consistency check is left out',
    edits: [
      { file: 'following.ts', find: '!core.log.matches(prevLogIndex, request.prevLogTerm)', put: 'prevLogIndex < 0' },
    ],
    found: 'safety',
  },
  {
    bug: 'a delayed, shorter message cuts the log',
    edits: [
      {
        file: 'following.ts',
        find: 'entries.findIndex((entry) => !core.log.matches(entry.index, entry.term))',
        put: 'entries.length > 0 ? 0 : -1',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a late acknowledgement of the disk makes replaced entries durable (ABA)',
    edits: [
      {
        file: 'durability.ts',
        find: 'for (const write of this.#pending) write.stableTo = Math.min(write.stableTo, from - 1)',
        put: '',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'the leader counts what its own disk does not have yet',
    edits: [{ file: 'replication.ts', find: '[core.disk.durableIndex]', put: '[core.log.lastIndex]' }],
    found: 'safety',
  },
  {
    bug: 'half of the voters pass for a majority',
    edits: [{ file: 'quorum.ts', find: 'Math.floor(voters / 2) + 1', put: 'Math.max(1, Math.ceil(voters / 2))' }],
    found: 'safety',
  },
  {
    bug: 'a vote is not written to the disk',
    edits: [
      {
        file: 'core.ts',
        find: 'this.#pending.hardState = true',
        put: 'this.#pending.hardState = votedFor === this.id',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a candidate counts its own vote before its disk has it',
    edits: [
      {
        file: 'roles.ts',
        find: '  core.resetElectionTimer()\n}\n\n/**\n * Lead',
        put: '  core.votes.set(core.id, true)\n  core.resetElectionTimer()\n}\n/**',
      },
      {
        file: 'core.ts',
        find: "message.type === 'AppendEntries' ? 0",
        put: "message.type === 'AppendEntries' || message.type === 'RequestVote' ? 0",
      },
    ],
    found: 'safety',
  },
  {
    bug: 'the window is never freed',
    edits: [{ file: 'progress.ts', find: 'this.#inFlight.shift()', put: 'break' }],
    found: 'liveness',
  },
  {
    bug: 'a refusal is taken for old news',
    edits: [
      {
        file: 'progress.ts',
        find: 'if (next >= this.#nextIndex) return false',
        put: 'if (next >= this.#nextIndex - 1) return false',
      },
    ],
    found: 'liveness',
  },
  {
    bug: 'a vote is given and not kept',
    edits: [
      {
        file: 'election.ts',
        find: '  if (!refusal) {\n    core.setHardState(core.currentTerm, request.from)\n',
        put: '  if (!refusal) {\n',
      },
    ],
    found: 'safety',
  },
  {
    bug: 'a new leader is not observed',
    edits: [{ file: 'roles.ts', find: 'else if (leader !== knownLeader)', put: 'else if (leader < knownLeader)' }],
    found: 'safety',
  },
]

test.each(bugs)('$bug', async ({ edits, found }) => {
  await withMutant(edits, (Raft) => {
    let failure: unknown
    let seed = 0
    while (!failure && seed < SEEDS) {
      seed += 1
      try {
        simulate(seed, Raft)
      } catch (caught) {
        failure = caught
      }
    }
    expect(failure, `not found in ${SEEDS} seeds`).toBeInstanceOf(SimulationFailure)
    expect(() => simulate(seed, Raft), 'the seed shows it again, word for word').toThrow((failure as Error).message)
    expect((failure as SimulationFailure).message).toMatch(found === 'safety' ? /Violation/ : /no progress/)
  })
})
