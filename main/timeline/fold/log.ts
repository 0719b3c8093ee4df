/** What a node's reports do to its log: append, truncate, compact, and give way to a snapshot. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import { sameEntry } from '../recording/entry-table'
import type { MutableCluster, MutableNode } from './cluster'
import { EntryLog, isUntold } from './entry-log'

/** An event that speaks of more entries than any node reports at once comes from no node. */
const MAX_APPENDED = 1 << 20

/** No entries are known, and the log begins at `firstIndex`. */
export function emptyLog(node: MutableNode, firstIndex: number, baseTerm: number): void {
  node.log = new EntryLog()
  node.unread = undefined
  node.firstIndex = firstIndex
  node.lastIndex = firstIndex - 1
  node.baseTerm = baseTerm
  node.dataMissing = false
}

export function foldAppended(state: MutableCluster, node: MutableNode, event: TimelineEvent<'appended'>): void {
  const count = Math.min(Math.max(event.count, event.entries.length), MAX_APPENDED)
  if (count === 0 || !isPosition(event.firstIndex)) return
  const place = placeOf(node, event.firstIndex)
  if (place < 0) wantUnread(node)
  if (place < 0 || place > node.log.length) {
    // Only in a window of a recording that begins later than the log: what came before is not known.
    emptyLog(node, event.firstIndex, 0)
  } else if (place < node.log.length) {
    node.log.truncate(place)
    node.durableIndex = Math.min(node.durableIndex, event.firstIndex - 1)
  }
  const leader = node.leader === node.id ? undefined : state.nodes.get(node.leader)
  if (event.entries.length === count) {
    for (const entry of event.entries) node.log.push(shared(entry, leader))
  } else {
    pushSome(node, event, count, leader)
    node.dataMissing = true
  }
  node.lastIndex = lastOf(node)
  // Entries come one after the other again: whatever snapshot was on its way is not needed any more.
  node.receiving = undefined
  // Whatever was shed: nobody appends asleep.
  node.isQuiescent = false
}

/** Entries of which only some were told whole. */
function pushSome(
  { log }: MutableNode,
  { firstIndex, term, entries }: TimelineEvent<'appended'>,
  count: number,
  leader: MutableNode | undefined,
): void {
  const end = firstIndex + count
  const told = entries
    .filter((entry) => isPosition(entry.index) && entry.index < end)
    .toSorted((one, other) => one.index - other.index)
  let next = firstIndex
  for (const entry of told) {
    if (entry.index < next) continue
    log.pushUntold(next, term, entry.index - next)
    log.push(shared(entry, leader))
    next = entry.index + 1
  }
  log.pushUntold(next, term, end - next)
}

/** Files of others may hold any number; a log has whole positions. */
export function isPosition(index: number): boolean {
  return Number.isSafeInteger(index) && index >= 0
}

/** All nodes hold the same entries: when the leader has an equal one, keep that, so that memory holds it once. */
function shared(entry: Entry, leader: MutableNode | undefined): Entry {
  const other = leader === undefined ? undefined : entryAt(leader, entry.index)
  return other !== undefined && sameEntry(other, entry) ? other : entry
}

function entryAt(node: MutableNode, index: number): Entry | undefined {
  const place = placeOf(node, index)
  return place < 0 ? undefined : node.log.at(place)
}

/** Where an entry stands in `log`; negative: before what is there. */
function placeOf({ firstIndex, unread }: MutableNode, index: number): number {
  return index - firstIndex - (unread?.count ?? 0)
}

function lastOf({ firstIndex, unread, log }: MutableNode): number {
  return firstIndex + (unread?.count ?? 0) + log.length - 1
}

/** What comes of an event depends on what was not read. */
function wantUnread({ unread }: MutableNode): void {
  if (unread !== undefined && unread.count > 0) unread.isWanted = true
}

export function foldTruncated(node: MutableNode, event: TimelineEvent<'truncated'>): void {
  if (!isPosition(event.fromIndex)) return
  const place = placeOf(node, event.fromIndex)
  if (place < 0) wantUnread(node)
  const length = Math.max(0, place)
  node.log.truncate(length)
  node.lastIndex = lastOf(node)
  node.durableIndex = Math.min(node.durableIndex, node.lastIndex)
  lookForMissing(node)
}

/** The log begins at `firstIndex` now, later than before; entries that are there stay. */
export function compact(node: MutableNode, firstIndex: number, baseTerm: number): void {
  const gone = firstIndex - node.firstIndex
  if (gone <= 0 || !isPosition(firstIndex)) return
  const unread = node.unread?.count ?? 0
  if (gone >= unread + node.log.length) {
    emptyLog(node, firstIndex, baseTerm)
    return
  }
  node.log.dropFront(gone - unread)
  if (node.unread !== undefined) node.unread.count = Math.max(0, unread - gone)
  node.firstIndex = firstIndex
  node.baseTerm = baseTerm
  lookForMissing(node)
}

/** An entry that some node's log holds, whole; undefined when none does. */
export function findEntry({ nodes }: MutableCluster, index: number, term: number): Entry | undefined {
  for (const node of nodes.values()) {
    const entry = entryAt(node, index)
    if (entry?.term === term && isWhole(entry)) return entry
  }
  return undefined
}

/** It was told, and to somebody who may hold what is in it: a witness holds nothing. */
function isWhole(entry: Entry): boolean {
  return entry.type !== 'metadata' && !isUntold(entry)
}

/** Entries went: perhaps all those that were not told whole. */
function lookForMissing(node: MutableNode): void {
  if (!node.dataMissing) return
  wantUnread(node)
  node.dataMissing = node.log.hasUntold
}
