/**
 * What a node's disk held at a moment, by what it had told until then: only what was durable. Deliberately like a power loss:
 * what was in memory, in a socket or on its way to the disk is gone.
 */
import type { DiskImage } from '../../node/contract/disk-image'
import { Problem } from '../../node/contract/problem'
import type { Entry, HardState, Index, Position } from '../../raft/types'
import { entryOf, isUntold } from '../fold/entry-log'
import type { NodeState } from '../state'

/** A disk that is being put together. */
export interface Draft {
  readonly node: number
  hardState: HardState
  base: Position
  entries: DiskImage['entries']
  snapshot: DiskImage['snapshot']
}

/**
 * @param all the nodes of that moment, this one included
 * @throws {Problem} 'fork-refused' when the recording does not hold what the disk held
 */
export function draftOf(node: NodeState, all: readonly NodeState[]): Draft {
  const { id, firstIndex, baseTerm, durableIndex, durableTerm, durableVote } = node
  const base = { index: firstIndex - 1, term: baseTerm }
  // A snapshot that was just installed: the file is durable, the log's word that it counts may not be. It counts here: all
  // it holds is committed.
  const last = Math.max(durableIndex, base.index)
  const own = node.log.slice(0, last - base.index)
  const entries = node.dataMissing ? own.map((entry) => toldIn(all, entry, node)) : own
  if (entries.length < last - base.index) throw lacking(id, base.index + entries.length + 1)
  const { snapshot } = node
  if (base.index > 0 && (snapshot === undefined || snapshot.index < base.index)) throw lacking(id, base.index)
  const term = entries.at(-1)?.term ?? base.term
  return {
    node: id,
    // No log holds entries of a term that its node did not know.
    hardState:
      durableTerm >= term
        ? { currentTerm: durableTerm, votedFor: durableVote }
        : { currentTerm: term, votedFor: node.currentTerm === term ? node.votedFor : id },
    base,
    entries,
    snapshot: snapshot === undefined || snapshot.index > last ? undefined : { ...snapshot },
  }
}

export function lastOf({ base, entries }: Pick<Draft, 'base' | 'entries'>): Index {
  return base.index + entries.length
}

/** The term of an entry of this log, or of the one before it begins; undefined when it holds neither. */
export function termAt({ base, entries }: Pick<Draft, 'base' | 'entries'>, index: Index): number | undefined {
  return index === base.index ? base.term : entries[index - base.index - 1]?.term
}

/** Nothing was ever written. */
export function isBlank({ hardState, base, entries }: Draft): boolean {
  return hardState.currentTerm === 0 && base.index === 0 && entries.length === 0
}

/**
 * A follower's report leaves out what its leader tells, and when the leader's comes late, the data is missing in the follower's
 * log alone, as is what kind of entry it is. Index and term name an entry in all logs (§5.3), so another node's will do.
 */
function toldIn(all: readonly NodeState[], entry: Entry, { id, configuration }: NodeState): Entry {
  if (!isUntold(entry)) return entry
  const isWitness = configuration?.witnesses.includes(id) === true
  for (const node of all) {
    const other = entryOf(node, entry.index)
    if (other?.term !== entry.term || other.type === 'metadata' || isUntold(other)) continue
    return isWitness ? withoutData(other) : other
  }
  throw new Problem('fork-refused', { reason: 'level', node: id, index: entry.index })
}

/** A witness is told that there is a command, not which. */
export function withoutData(entry: Entry): Entry {
  return entry.type === 'command' ? { ...entry, type: 'metadata', data: new Uint8Array(0) } : entry
}

function lacking(node: number, index: Index): Problem<'fork-refused'> {
  return new Problem('fork-refused', { reason: 'beginning', node, index })
}
