/** Bugs of snapshots (§7). */
import type { Mutant } from './mutant'

const compacting = { snapshotEntries: 4, trailingEntries: 0, thinkMean: 5 } as const

export const snapshotMutants: readonly Mutant[] = [
  {
    name: 'a snapshot discards the entries behind it',
    about: '§7',
    edits: [
      {
        file: 'core.ts',
        find: 'const keepsLog = this.log.matches(index, term)',
        put: 'const keepsLog = this.log.matches(index, -term)',
      },
    ],
    wishes: compacting,
    seed: 3,
  },
  {
    name: 'a snapshot keeps entries that conflict with it',
    about: '§7',
    edits: [
      {
        file: 'core.ts',
        find: 'const keepsLog = this.log.matches(index, term)',
        put: 'const keepsLog = this.log.termAt(index) !== undefined && term > 0',
      },
    ],
    wishes: { ...compacting, nemesisMean: 30, diskMean: 0.2, firstVoters: 3, maxBatchBytes: 1000 },
    seed: 13,
  },
  {
    name: 'a snapshot names the latest configuration, not that of its index',
    about: '§7',
    edits: [{ file: 'raft.ts', find: 'core.configurations.at(index)', put: 'core.configurations.latest' }],
    wishes: { ...compacting, operatorMean: 40, spares: 2, firstVoters: 3 },
    seed: 4,
  },
  {
    name: 'a node that starts from a snapshot goes by its first configuration',
    about: '§7',
    edits: [
      {
        file: 'core.ts',
        find: 'configuration: snapshot?.configuration ?? config.bootstrap',
        put: 'configuration: config.bootstrap',
      },
    ],
    wishes: { ...compacting, operatorMean: 40, spares: 2, firstVoters: 3 },
    seed: 4,
  },
  {
    name: 'a snapshot older than what is committed is installed',
    about: '§7',
    edits: [
      {
        file: 'snapshots.ts',
        find: '  if (snapshot.index > core.commitIndex) {\n    core.install',
        put: '  if (snapshot.index > 0) {\n    core.install',
      },
      {
        file: 'snapshots.ts',
        find: '  if (snapshot.index <= core.commitIndex) {\n    core.remark',
        put: '  if (snapshot.index < 0) {\n    core.remark',
      },
      {
        file: 'core.ts',
        find: 'invariant(index > this.#commitIndex, `the snapshot',
        put: 'invariant(index > 0, `the snapshot',
      },
    ],
    wishes: compacting,
    seed: 2,
  },
  {
    name: 'the log is cut before a snapshot of it is durable here',
    about: '§7',
    edits: [
      {
        file: 'snapshots.ts',
        find: 'const last = index - core.config.trailingEntries',
        put: 'const last = core.commitIndex - 0 * index',
      },
      {
        file: 'core.ts',
        find: 'invariant(index <= (this.snapshot?.index ?? 0), `no',
        put: 'invariant(index >= 0, `no',
      },
    ],
    wishes: compacting,
    seed: 2,
  },
  {
    name: 'a snapshot is taken of what this disk does not have',
    about: '§5.4, §7',
    edits: [{ file: 'raft.ts', find: 'index > core.disk.durableIndex ||', put: '' }],
    wishes: { ...compacting, diskMean: 30 },
    seed: 29,
  },
  {
    name: 'a lost probe is waited for when its entries are compacted away',
    about: '§7',
    edits: [
      {
        file: 'sending.ts',
        find: "if (progress.state !== 'snapshot' && progress.nextIndex < core.log.firstIndex) sendSnapshot(core, progress)\n    else if",
        put: 'if',
      },
    ],
    wishes: compacting,
    seed: 1,
  },
  {
    name: 'a lost chunk is never sent again',
    about: '§7, Figure 13',
    edits: [
      {
        file: 'sending.ts',
        find: 'if (core.now - transfer.sentAt < core.config.electionTimeout) return',
        put: 'if (transfer.sentAt > 0) return',
      },
    ],
    wishes: { ...compacting, weather: { loss: 0.2, duplication: 0, minDelay: 1, meanDelay: 5 } },
    seed: 1,
  },
]
