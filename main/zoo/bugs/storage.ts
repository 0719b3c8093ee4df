/** Bugs of disks and snapshots. */
import { type Bug, expression } from '../bug'

const WRITE = 'this.#options.disk.write(write)'

export const storageBugs: readonly Bug[] = [
  {
    id: 'persisted-before-fsync',
    source: 'Figure 2; D 10.2.1',
    places: [
      expression(
        'node/runtime/runtime.ts',
        WRITE,
        `${WRITE}.catch(() => undefined), Promise.resolve({ bytes: 0, micros: 0 })`,
      ),
    ],
    script: 'slow-voter',
  },
  {
    id: 'fsync-error-ignored',
    source: 'cockroach#37102 (fsyncgate)',
    places: [expression('node/runtime/runtime.ts', WRITE, `${WRITE}.catch(() => ({ bytes: 0, micros: 0 }))`)],
    script: 'failing-voter',
  },
  {
    id: 'damage-cut-off',
    source: 'protocol-aware recovery (FAST 2018)',
    places: [
      expression(
        'node/contract/records/judge.ts',
        "'corrupt'",
        "'torn'",
        "const corrupt = (because: string): Judgement => ({ standing: 'corrupt', because })",
      ),
    ],
    script: 'damaged-voter',
  },
  {
    id: 'snapshot-index-too-low',
    source: '§7, Figure 12',
    places: [expression('node/runtime/snapshots.ts', 'this.#save(lastApplied)', 'this.#save(lastApplied - 1)')],
    script: 'start-from-snapshot',
  },
  {
    id: 'old-snapshot-installed',
    source: '§7',
    places: [
      expression('raft/snapshots.ts', 'snapshot.index <= core.commitIndex', 'false'),
      expression('raft/snapshots.ts', 'snapshot.index > core.commitIndex', 'true'),
      expression(
        'raft/core.ts',
        'index > this.#commitIndex',
        'true',
        'invariant(index > this.#commitIndex, `the snapshot',
      ),
    ],
    script: 'snapshot-again',
  },
]
