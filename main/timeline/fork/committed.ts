/**
 * The entries that were committed, in their order: applying them to an empty state machine, or to one that was restored from
 * where the recording began, gives what any snapshot of that time held. They are passed on while the timeline is folded, so
 * memory holds no more of them than the logs did.
 */
import type { EventKind } from '../../node/contract/events'
import type { Entry, Index } from '../../raft/types'
import type { TimelineSource } from '../api'
import { type MutableCluster, newCluster } from '../fold/cluster'
import { entryOf, isUntold } from '../fold/entry-log'
import { fold } from '../fold/fold'
import type { NodeState } from '../state'

export interface CommittedOptions {
  /** The moment: events before it. */
  readonly seq: number
  /** Entries above are not wanted. */
  readonly upTo: Index
  readonly signal?: AbortSignal | undefined
  /** Told how many events were read. */
  readonly progress?: ((events: number) => void) | undefined
}

/** What may take entries out of a log: those that are committed are passed on before. */
const TAKES: ReadonlySet<EventKind> = new Set(['compacted', 'snapshot', 'started', 'process'])

/**
 * Consecutive, except where the first ones were gone from all logs before the recording began: then the first one has a
 * later index than 1.
 */
export async function* committedEntries(
  source: TimelineSource,
  { seq, upTo, signal, progress }: CommittedOptions,
): AsyncGenerator<readonly Entry[]> {
  const { clusterId, clusterName } = source.info()
  const state = newCluster(clusterId, clusterName)
  const passing = new Passing(state, upTo)
  for await (const events of source.scan({ toSeq: seq }, signal)) {
    signal?.throwIfAborted()
    for (const event of events) {
      if (TAKES.has(event.kind)) passing.look()
      fold(state, event)
    }
    passing.look()
    yield passing.take()
    progress?.(state.seq)
    if (passing.isDone) return
  }
  passing.look(true)
  yield passing.take()
}

class Passing {
  readonly #state: MutableCluster
  readonly #upTo: Index
  /** The next index; 0 until it is known where the logs begin. */
  #next = 0
  #found: Entry[] = []

  constructor(state: MutableCluster, upTo: Index) {
    this.#state = state
    this.#upTo = upTo
  }

  get isDone(): boolean {
    return this.#next > this.#upTo
  }

  take(): readonly Entry[] {
    const found = this.#found
    this.#found = []
    return found
  }

  /** `atLast`: whoever has not started by now will not be waited for, nor what has not been told. */
  look(atLast = false): void {
    if (this.#next === 0 && !this.#begin(atLast)) return
    // One log may go on where another lacks something, and back.
    let before = 0
    do {
      before = this.#next
      for (const node of this.#state.nodes.values()) this.#pass(node, (entry) => !isUntold(entry))
    } while (this.#next > before)
    if (!atLast) return
    for (const node of this.#state.nodes.values()) this.#pass(node, () => true)
  }

  #pass(node: NodeState, isFine: (entry: Entry) => boolean): void {
    if (node.firstIndex > this.#next) return
    const end = Math.min(node.commitIndex, this.#upTo)
    while (this.#next <= end) {
      const entry = entryOf(node, this.#next)
      // A witness has not what it was not sent.
      if (entry === undefined || entry.type === 'metadata' || !isFine(entry)) return
      this.#found.push(entry)
      this.#next++
    }
  }

  /** Where the logs begin is known when every node has read its disk. */
  #begin(atLast: boolean): boolean {
    const nodes = [...this.#state.nodes.values()]
    const started = nodes.filter(({ configuration }) => configuration !== undefined)
    const isWaiting = nodes.some(
      ({ configuration, process }) => configuration === undefined && process.standing === 'starting',
    )
    if (started.length === 0 || (isWaiting && !atLast)) return false
    this.#next = Math.min(...started.map(({ firstIndex }) => firstIndex))
    return true
  }
}
