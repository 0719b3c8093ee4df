/** Bugs of replication and commitment (§5.3, §5.4.2; dissertation §10.2). */
import { replyOfAnEarlierTerm, silenceTooEarly } from './directed'
import type { Mutant } from './mutant'

export const replicationMutants: readonly Mutant[] = [
  {
    name: 'copies of an old-term entry are counted',
    bug: 2,
    about: 'logcabin#44, NATS #7955; §5.4.2, Figure 8',
    edits: [{ file: 'commitment.ts', find: 'core.log.termAt(index) !== core.currentTerm', put: 'index < 0' }],
    seed: 25,
  },
  {
    name: 'a heartbeat or a duplicate acknowledges what is not durable yet',
    bug: 13,
    about: 'yugabyte#32875; §5.3',
    edits: [
      {
        file: 'following.ts',
        find: 'isPrompt ? Math.min(verified, core.disk.durableIndex) : verified',
        put: 'verified',
      },
    ],
    seed: 1,
  },
  {
    name: 'acknowledgements overtake the disk',
    about: '§5.3, Figure 2',
    edits: [{ file: 'following.ts', find: "isPrompt ? 'now' : 'durable'", put: "'now'" }],
    seed: 1,
  },
  {
    name: 'only the messages of a step that writes wait for the disk',
    about: 'dissertation §10.2.1',
    edits: [
      {
        file: 'pending.ts',
        find: "departure === 'now' ? 0 : awaited",
        put: "departure === 'now' || !write ? 0 : awaited",
      },
    ],
    seed: 1,
  },
  {
    name: 'a single voter commits before its own disk has the entry',
    bug: 14,
    about: 'etcd#14370; dissertation §10.2.1',
    edits: [
      {
        file: 'commitment.ts',
        find: 'voter === core.id ? core.disk.durableIndex',
        put: 'voter === core.id ? core.log.lastIndex',
      },
    ],
    wishes: { firstVoters: 1 },
    seed: 1,
  },
  {
    name: 'a follower commits what it has not verified',
    bug: 15,
    about: 'copycat#265; §5.3',
    edits: [
      {
        file: 'following.ts',
        find: 'Math.min(request.leaderCommit, Math.max(verified, base.index))',
        put: 'Math.min(request.leaderCommit, core.log.lastIndex)',
      },
    ],
    seed: 29,
  },
  {
    name: 'matchIndex goes back with a reordered reply',
    bug: 16,
    about: 'etcd-io/raft#149; §5.3',
    edits: [{ file: 'progress.ts', find: 'if (index < this.#matchIndex) return false\n', put: '' }],
    seed: 1,
  },
  {
    name: 'after a compaction the position before the entries has the wrong term',
    bug: 19,
    about: 'camunda#13724; §7',
    edits: [
      {
        file: 'log.ts',
        find: 'this.#base = { index, term }\n    while',
        put: 'this.#base = { index, term: this.#base.term }\n    while',
      },
    ],
    wishes: { snapshotEntries: 4, trailingEntries: 0, thinkMean: 5 },
    seed: 1,
  },
  {
    name: 'the consistency check is left out',
    about: '§5.3',
    edits: [
      {
        file: 'following.ts',
        find: '!isCovered && !core.log.matches(request.prevLogIndex, request.prevLogTerm)',
        put: 'request.prevLogIndex < 0',
      },
    ],
    seed: 8,
  },
  {
    name: 'a delayed, shorter message cuts the log',
    about: '§5.3',
    edits: [
      {
        file: 'following.ts',
        find: 'entries.findIndex((entry) => entry.index > base.index && !core.log.matches(entry.index, entry.term))',
        put: 'entries.findIndex((entry) => entry.index > core.commitIndex)',
      },
    ],
    seed: 1,
  },
  {
    name: 'a late acknowledgement of the disk makes replaced entries durable (ABA)',
    about: 'dissertation §10.2.1',
    edits: [
      {
        file: 'durability.ts',
        find: 'for (const write of this.#pending) write.stableTo = Math.min(write.stableTo, from - 1)',
        put: '',
      },
    ],
    seed: 40,
  },
  {
    name: 'replies to an earlier term of the leader are counted',
    about: '§5.1, §5.3',
    edits: [
      {
        file: 'raft.ts',
        find: 'if (message.term < core.currentTerm) this.#refuseStale(message)',
        put: "if (message.term < core.currentTerm && message.type !== 'AppendEntriesReply') this.#refuseStale(message)",
      },
    ],
    directed: replyOfAnEarlierTerm,
  },
  {
    name: 'entries of a deposed leader are taken',
    about: '§5.1',
    edits: [
      {
        file: 'raft.ts',
        find: 'if (message.term < core.currentTerm) this.#refuseStale(message)',
        put: "if (message.term < core.currentTerm && (core.isLeader || message.type !== 'AppendEntries')) this.#refuseStale(message)",
      },
      {
        file: 'roles.ts',
        find: 'invariant(term >= core.currentTerm,',
        put: 'invariant(term >= 0,',
      },
    ],
    seed: 52,
  },
  {
    name: 'the window is never freed',
    about: 'dissertation §10.2',
    edits: [{ file: 'progress.ts', find: 'this.#flights.shift()', put: 'break' }],
    seed: 2,
  },
  {
    name: 'a refusal is taken for old news',
    about: '§5.3',
    edits: [
      {
        file: 'progress.ts',
        find: "if (next >= this.#nextIndex || this.#state === 'snapshot') return false",
        put: "if (next >= this.#nextIndex - 1 || this.#state === 'snapshot') return false",
      },
    ],
    seed: 1,
  },
  {
    name: 'what is committed still counts as waiting',
    about: 'flow control: the limit of uncommitted bytes',
    edits: [{ file: 'core.ts', find: 'if (this.isLeader) this.uncommittedBytes -= entry.data.length', put: '' }],
    wishes: { maxUncommittedBytes: 300 },
    seed: 1,
  },
  {
    name: 'a follower that knows less than its leader falls silent with it',
    about: 'quiescence',
    edits: [
      {
        file: 'quiescence.ts',
        find: 'if (isLast && hasAll(prevLogIndex) && leaderCommit === core.commitIndex) quiesce(core)',
        put: 'if (isLast && (hasAll(prevLogIndex) || leaderCommit >= 0)) quiesce(core)',
      },
    ],
    directed: silenceTooEarly,
  },
]
