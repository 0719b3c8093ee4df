/** Two logs side by side: what both hold, what came, what went, what was overwritten (§5.3). */
import type { Entry } from '../../raft/types'
import { entryOf } from '../fold/entry-log'
import { sameEntry } from '../recording/entry-table'
import type { LogEntries } from '../state'
import type { EntryChange, EntryDiff, LogDiff } from './types'

/** Of a log only this is needed; `log` holds `firstIndex`…`lastIndex`. */
export interface LogAt {
  readonly firstIndex: number
  readonly lastIndex: number
  readonly commitIndex: number
  readonly log: LogEntries
}

/** Entries that are shown at most, and how many that are the same before the first that is not. */
const DIFF_ENTRIES = 120
const CONTEXT = 4

/** The same by term, as the Log Matching property has it, and by content where both are known. */
function isSame(a: Entry, b: Entry): boolean {
  return a.term === b.term && (a.type !== b.type || a.data.length === 0 || b.data.length === 0 || sameEntry(a, b))
}

function changeAt(a: LogAt, b: LogAt, index: number): EntryChange | undefined {
  const before = entryOf(a, index)
  const after = entryOf(b, index)
  if (before !== undefined && after !== undefined) return isSame(before, after) ? 'same' : 'rewritten'
  // What is before a log's first entry is in its snapshot, not gone.
  if (before !== undefined) return index < b.firstIndex ? 'compacted' : 'removed'
  if (after !== undefined) return index < a.firstIndex ? 'same' : 'added'
  return undefined
}

export function logDiff<E>(a: LogAt, b: LogAt, view: (entry: Entry) => E): LogDiff<E> {
  const first = Math.min(a.firstIndex, b.firstIndex)
  const last = Math.max(a.lastIndex, b.lastIndex)
  const counts: Record<EntryChange, number> = { same: 0, added: 0, removed: 0, rewritten: 0, compacted: 0 }
  let sameUpTo = Math.min(a.lastIndex, b.lastIndex)
  let firstChange = last + 1
  for (let index = first; index <= last; index++) {
    const change = changeAt(a, b, index)
    if (change === undefined) continue
    counts[change]++
    if (change === 'same' || change === 'compacted') continue
    if (index < firstChange) firstChange = index
    if (index <= sameUpTo) sameUpTo = index - 1
  }
  const entries: EntryDiff<E>[] = []
  const from = Math.max(first, Math.min(firstChange - CONTEXT, last - CONTEXT + 1), last - DIFF_ENTRIES + 1)
  for (let index = from; index <= last; index++) {
    const change = changeAt(a, b, index)
    if (change === undefined) continue
    const before = entryOf(a, index)
    const after = entryOf(b, index)
    entries.push({ index, change, a: before ? view(before) : null, b: after ? view(after) : null })
  }
  const { added, removed, rewritten } = counts
  return {
    sameUpTo: Math.max(0, sameUpTo),
    added,
    removed,
    rewritten,
    commitA: a.commitIndex,
    commitB: b.commitIndex,
    entries,
  }
}
