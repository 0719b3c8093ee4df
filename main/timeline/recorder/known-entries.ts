/**
 * What is in the entries that were told of late. A follower only says which entries its leader gave it (their leader has
 * told what is in them, before it sent them): here they become whole again, so that every node's events stand for
 * themselves in a recording.
 */
import type { ReportedEvent } from '../../node/contract/events'
import { isRun, type LogRun } from '../../node/contract/log-run'
import type { Entry, Index, Term } from '../../raft/types'
import type { ClusterState } from '../state'

export type LookUp = (index: Index, term: Term) => Entry | undefined

/** What is kept besides the logs as they are now: a leader may compact what is still on its way to a follower. */
const MAX_BYTES = 16 << 20
/** Besides its data an entry takes about this much. */
const ENTRY_BYTES = 200

export class KnownEntries {
  readonly #logs: LookUp
  readonly #maxBytes: number
  /** By index, the latest that was told. */
  readonly #byIndex = new Map<Index, Entry>()
  /** In the order in which they were told, from `#oldest` on. */
  #told: Entry[] = []
  #oldest = 0
  #bytes = 0

  /** `logs`: finds an entry that any node holds now, with its data. */
  constructor(logs: LookUp, maxBytes = MAX_BYTES) {
    this.#logs = logs
    this.#maxBytes = maxBytes
  }

  /**
   * The event with all its entries, as far as they are known; as it is when they are not, which means that nobody was
   * asked to tell them. In the order of the timeline.
   */
  complete(event: ReportedEvent): ReportedEvent {
    if (event.kind !== 'appended') return event
    if (event.entries.length === event.count) {
      for (const entry of event.entries) this.#learn(entry)
      return event
    }
    const entries: Entry[] = []
    for (let index = event.firstIndex; index < event.firstIndex + event.count; index++) {
      const entry = this.#find(index, event.term)
      if (entry === undefined) return event
      entries.push(entry)
    }
    return { ...event, entries }
  }

  #find(index: Index, term: Term): Entry | undefined {
    const entry = this.#byIndex.get(index)
    return entry?.term === term ? entry : this.#logs(index, term)
  }

  #learn(entry: Entry): void {
    // All nodes hold the same one; the first is kept, so that memory holds it once.
    if (this.#byIndex.get(entry.index)?.term === entry.term) return
    this.#byIndex.set(entry.index, entry)
    this.#told.push(entry)
    this.#bytes += sizeOf(entry)
    while (this.#bytes > this.#maxBytes) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const entry = this.#told[this.#oldest++]
    if (entry === undefined) return
    this.#bytes -= sizeOf(entry)
    if (this.#byIndex.get(entry.index) === entry) this.#byIndex.delete(entry.index)
    if (this.#oldest * 2 < this.#told.length) return
    this.#told = this.#told.slice(this.#oldest)
    this.#oldest = 0
  }
}

/** The entries of a run, from the log of any node that holds exactly these. */
export function findRun({ nodes }: ClusterState, run: LogRun): readonly Entry[] | undefined {
  for (const { log, firstIndex } of nodes.values()) {
    const entries = log.slice(Math.max(0, run.firstIndex - firstIndex), run.firstIndex - firstIndex + run.count)
    if (isRun(entries, run)) return entries
  }
  return undefined
}

function sizeOf({ data }: Entry): number {
  return data.length + ENTRY_BYTES
}
