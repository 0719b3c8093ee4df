/** What the records of a log amount to: hard state and entries. */
import type { Entry, HardState } from '../../../raft/types'
import type { Contradiction, WholeWrite } from './scan'

export interface Replayed {
  hardState: HardState
  /** From index 1, without holes. */
  readonly entries: Entry[]
}

export function emptyLog(): Replayed {
  return { hardState: { currentTerm: 0, votedFor: 0 }, entries: [] }
}

/**
 * Adds a whole write to `log`. A write that contradicts what came before is not added any further than the record that
 * does, which is returned.
 */
export function replay(log: Replayed, write: WholeWrite): Contradiction | undefined {
  for (const at of write.records) {
    const record = at.record
    const lastIndex = log.entries.length
    switch (record.type) {
      case 'entry':
        if (record.entry.index !== lastIndex + 1) {
          return { at, reason: `entry ${record.entry.index} cannot follow entry ${lastIndex}` }
        }
        log.entries.push(record.entry)
        break
      case 'truncate':
        if (record.fromIndex > lastIndex + 1) {
          return { at, reason: `it truncates from ${record.fromIndex}, but the log ends at ${lastIndex}` }
        }
        log.entries.length = record.fromIndex - 1
        break
      case 'hardState':
        if (record.hardState.currentTerm < log.hardState.currentTerm) {
          const { currentTerm } = log.hardState
          return { at, reason: `the term goes back from ${currentTerm} to ${record.hardState.currentTerm}` }
        }
        log.hardState = record.hardState
        break
    }
  }
  return undefined
}
