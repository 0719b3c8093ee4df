/** What the records of a log amount to: hard state, where it begins, and entries. */
import type { Entry, HardState, Index, Position } from '../../../raft/types'
import type { Content } from './contents'
import type { Contradiction, WholeWrite } from './scan'

export interface Replayed {
  hardState: HardState
  /** The last entry that is gone; {0, 0} when none is. */
  base: Position
  /**
   * Index of `entries[0]`, or of the one that would stand there. Up to the base these entries are left over; entries
   * between the base and `first`, if any, stood in segments that were not replayed.
   */
  first: Index
  /** Without holes. */
  entries: Entry[]
  /** The first begin record was read: there is a log. */
  begun: boolean
  /** The newest snapshot that an install record names. */
  installed: Position | undefined
}

export function emptyLog(): Replayed {
  return {
    hardState: { currentTerm: 0, votedFor: 0 },
    base: { index: 0, term: 0 },
    first: 1,
    entries: [],
    begun: false,
    installed: undefined,
  }
}

export function lastIndexOf({ first, entries }: Pick<Replayed, 'first' | 'entries'>): Index {
  return first + entries.length - 1
}

/** Every entry behind the base is there: no segment is missing. */
export function isComplete({ base, first }: Pick<Replayed, 'base' | 'first'>): boolean {
  return first <= base.index + 1
}

/** The entries behind the base, of a log that {@link isComplete}. */
export function liveEntries({ base, first, entries }: Pick<Replayed, 'base' | 'first' | 'entries'>): Entry[] {
  return entries.slice(Math.max(0, base.index + 1 - first))
}

/**
 * Adds a whole write to `log`. A write that contradicts what came before is not added any further than the record that
 * does, which is returned.
 */
export function replay(log: Replayed, write: WholeWrite): Contradiction | undefined {
  const { contents, first } = write
  /** Records before this one. */
  let at = 0
  for (const content of contents) {
    if (!log.begun && content.type !== 'begin') return { at, reason: 'a segment begins with where the log stands' }
    const reason =
      content.type === 'begin' && !(first && at === 0)
        ? 'only the first write of a segment tells where the log stands'
        : add(log, content)
    if (reason !== undefined) return { at, reason }
    at += content.type === 'entries' ? content.entries.length : 1
  }
  return undefined
}

/** Returns why it cannot be. */
function add(log: Replayed, record: Content): string | undefined {
  const lastIndex = lastIndexOf(log)
  switch (record.type) {
    case 'entries': {
      const first = record.entries[0]?.index
      if (first !== lastIndex + 1) return `entry ${first} cannot follow entry ${lastIndex}`
      for (const entry of record.entries) log.entries.push(entry)
      return undefined
    }
    case 'hardState':
      if (record.hardState.currentTerm < log.hardState.currentTerm) {
        return `the term goes back from ${log.hardState.currentTerm} to ${record.hardState.currentTerm}`
      }
      log.hardState = record.hardState
      return undefined
    case 'truncate': {
      const { fromIndex } = record
      if (fromIndex > lastIndex + 1) return `it truncates from ${fromIndex}, but the log ends at ${lastIndex}`
      if (fromIndex <= log.base.index)
        return `it truncates from ${fromIndex}, but the log begins after ${log.base.index}`
      log.entries.length = Math.max(0, fromIndex - log.first)
      log.first = Math.min(log.first, fromIndex)
      return undefined
    }
    case 'begin':
      if (!log.begun) {
        log.base = record.base
        log.first = record.lastIndex + 1
        log.begun = true
        return undefined
      }
      if (record.lastIndex === lastIndex && isSame(record.base, log.base)) return undefined
      return `it begins with entries ${record.base.index} to ${record.lastIndex}, the log holds ${log.base.index} to ${lastIndex}`
    case 'install': {
      const { position, keepsLog } = record
      const reason = keepsLog ? cannotBegin(log, position) : goesBack(log, position)
      if (reason !== undefined) return reason
      log.base = position
      log.installed = position
      if (keepsLog) return undefined
      log.entries = []
      log.first = position.index + 1
      return undefined
    }
    case 'compact': {
      const reason = cannotBegin(log, record.position)
      if (reason === undefined) log.base = record.position
      return reason
    }
  }
}

function goesBack({ base }: Replayed, { index, term }: Position): string | undefined {
  if (index < base.index) return `the log would begin after ${index}, but it begins after ${base.index}`
  if (index === base.index && term !== base.term) return `entry ${index} is of term ${base.term}, not ${term}`
  return undefined
}

/** Why a log cannot begin after `position` and keep what it has behind it. */
function cannotBegin(log: Replayed, position: Position): string | undefined {
  const { index, term } = position
  if (index > lastIndexOf(log)) return `the log would begin after ${index}, but it ends at ${lastIndexOf(log)}`
  const known = log.entries[index - log.first]
  if (known !== undefined && known.term !== term) return `entry ${index} is of term ${known.term}, not ${term}`
  return goesBack(log, position)
}

function isSame(a: Position, b: Position): boolean {
  return a.index === b.index && a.term === b.term
}
