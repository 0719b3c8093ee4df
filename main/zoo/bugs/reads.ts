/** Bugs of reads, and of what clients are told. */
import { type Bug, expression, statement } from '../bug'

export const readBugs: readonly Bug[] = [
  {
    id: 'read-before-own-commit',
    source: 'etcd#7331; §8',
    places: [expression('raft/reads.ts', 'core.hasCommittedInTerm', 'true', 'const isKnown = core.hasCommittedInTerm')],
    script: 'new-leader-reads',
  },
  {
    id: 'read-without-round',
    source: '§8; D 6.4',
    places: [expression('raft/reads.ts', "isKnown && by === 'lease' && holdsLease(core)", 'isKnown')],
    script: 'leader-cut-off',
  },
  {
    id: 'lease-survives-transfer',
    source: 'tikv#1593, raft-rs#234; D 6.4.1',
    places: [statement('raft/transfer.ts', 'core.reads.leaseIsVoid = true', '')],
    script: 'lease-and-transfer',
  },
  {
    id: 'follower-reads-its-own',
    source: '§8; D 6.4',
    places: [
      statement(
        'raft/reads.ts',
        "if (core.leader === NONE) {\n    core.answerRead({ id, ok: false, reason: 'no-leader', leader: NONE })\n    return\n  }",
        'core.answerRead({ id, ok: true, index: core.commitIndex })\n  return',
      ),
    ],
    script: 'follower-behind',
  },
  {
    id: 'read-before-applied',
    source: 'D 6.4',
    places: [expression('node/runtime/reads.ts', 'one.index > lastApplied', 'false')],
    script: 'follower-behind',
  },
  {
    id: 'retry-executed-twice',
    source: '§8; D 6.3',
    places: [expression('node/kv/store.ts', "sequence === session.sequence && command.op !== 'get'", 'false')],
    script: 'answer-lost',
  },
  {
    id: 'answered-when-appended',
    source: '§5.3, §8',
    places: [
      statement(
        'node/runtime/runtime.ts',
        'this.#pending.add(result.index, result.term, call)',
        "call.done({ index: result.index, term: result.term, type: 'command', data: new Uint8Array(0) }, { kind: 'done', found: false, value: new Uint8Array(0) })",
      ),
    ],
    script: 'leader-cut-off',
  },
]
