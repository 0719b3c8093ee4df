/** What a leader knows about one peer, and how fast it may send to it (Figure 2; pipelining: dissertation §10.2.1). */
import { invariant } from './invariant'
import type { Index, Millis, NodeId, ProgressState, ProgressView, SnapshotMeta } from './types'

/** A message with entries that was sent and not answered. */
interface Flight {
  readonly lastIndex: Index
  readonly bytes: number
}

/** A snapshot on its way to a peer (§7). */
export interface Transfer {
  readonly snapshot: SnapshotMeta
  /** Bytes that the peer has. */
  offset: number
  /** When the chunk under way was sent; undefined = none is. */
  sentAt: Millis | undefined
}

/**
 * Invariant: matchIndex < nextIndex.
 *
 *  - `probe`: where the logs part is not known. One message, then wait for its reply; nextIndex stands still.
 *  - `replicate`: the peer follows. nextIndex runs ahead of the replies, by at most a window of messages and bytes.
 *  - `snapshot`: what the peer needs is not in the log any more. One chunk of the snapshot at a time.
 *
 * A lost message stops neither of the first two: every heartbeat carries the position before nextIndex, so its reply
 * either confirms all that was sent (and frees the window) or is a refusal (and turns the peer back to `probe`).
 */
export class Progress {
  readonly peer: NodeId
  /** When any reply of this term came from it. */
  lastHeard: Millis
  /** The latest round of heartbeats that it answered. */
  ackedRound = 0
  #matchIndex: Index = 0
  #nextIndex: Index
  #state: ProgressState = 'probe'
  #probing = false
  /** Oldest first. */
  #flights: Flight[] = []
  #flightBytes = 0
  #transfer: Transfer | undefined
  #seen: ProgressView | undefined

  constructor(peer: NodeId, nextIndex: Index, now: Millis) {
    this.peer = peer
    this.lastHeard = now
    this.#nextIndex = nextIndex
  }

  get matchIndex(): Index {
    return this.#matchIndex
  }

  get nextIndex(): Index {
    return this.#nextIndex
  }

  get state(): ProgressState {
    return this.#state
  }

  /** In state `snapshot`. */
  get transfer(): Transfer | undefined {
    return this.#transfer
  }

  /** May another message with entries leave now? A message larger than the whole window still goes alone. */
  maySend(maxInFlight: number, maxInFlightBytes: number): boolean {
    switch (this.#state) {
      case 'probe':
        return !this.#probing
      case 'replicate':
        return this.#flights.length < maxInFlight && this.#flightBytes < maxInFlightBytes
      case 'snapshot':
        return false
    }
  }

  /** A message left that carries the entries from nextIndex to `lastIndex`, `bytes` in all. */
  sent(lastIndex: Index, bytes: number): void {
    invariant(lastIndex >= this.#nextIndex, `nothing was sent: ${lastIndex} < ${this.#nextIndex}`)
    if (this.#state === 'probe') {
      this.#probing = true
      return
    }
    this.#flights.push({ lastIndex, bytes })
    this.#flightBytes += bytes
    this.#nextIndex = lastIndex + 1
  }

  /**
   * The peer has everything up to `index` on disk. Replies come in any order: matchIndex never goes back.
   * @returns false when the reply was older than what is known
   */
  accepted(index: Index): boolean {
    if (index < this.#matchIndex) return false
    const found = index > this.#matchIndex || index >= this.#nextIndex - 1
    this.#matchIndex = index
    if (this.#state === 'snapshot') {
      // What it has does not matter until it reaches the log again.
      if (this.#transfer !== undefined && index >= this.#transfer.snapshot.index) this.#enter('replicate', index + 1)
      else this.#nextIndex = Math.max(this.#nextIndex, index + 1)
      return true
    }
    if (this.#state === 'probe') {
      if (found) this.#enter('replicate', index + 1)
      return true
    }
    this.#nextIndex = Math.max(this.#nextIndex, index + 1)
    while (this.#flights[0] !== undefined && this.#flights[0].lastIndex <= index) {
      this.#flightBytes -= this.#flights[0].bytes
      this.#flights.shift()
    }
    return true
  }

  /**
   * The peer refused a message and could match at the earliest before `retry`, which must be less than nextIndex.
   * @returns false when this says nothing new: the refusal of a message from before the last turn to `probe`
   */
  refused(retry: Index): boolean {
    const next = Math.max(retry, this.#matchIndex + 1)
    if (next >= this.#nextIndex || this.#state === 'snapshot') return false
    this.#enter('probe', next)
    return true
  }

  /** What was under way is probably lost: find out again, from what is known to match. */
  lost(): void {
    if (this.#state === 'replicate') this.#enter('probe', this.#matchIndex + 1)
    else this.#probing = false
    if (this.#transfer !== undefined) this.#transfer.sentAt = undefined
  }

  /** The log does not reach back far enough: send this instead. */
  needsSnapshot(snapshot: SnapshotMeta): void {
    this.#enter('snapshot', Math.max(snapshot.index, this.#matchIndex) + 1)
    this.#transfer = { snapshot, offset: 0, sentAt: undefined }
  }

  view(): ProgressView {
    return {
      peer: this.peer,
      matchIndex: this.#matchIndex,
      nextIndex: this.#nextIndex,
      state: this.#state,
      inFlight: this.#inFlight,
    }
  }

  /** The view, when it differs from the one that this returned last. */
  changes(): ProgressView | undefined {
    const seen = this.#seen
    if (
      seen !== undefined &&
      seen.matchIndex === this.#matchIndex &&
      seen.nextIndex === this.#nextIndex &&
      seen.state === this.#state &&
      seen.inFlight === this.#inFlight
    ) {
      return undefined
    }
    this.#seen = this.view()
    return this.#seen
  }

  get #inFlight(): number {
    if (this.#state === 'replicate') return this.#flights.length
    return Number(this.#state === 'probe' ? this.#probing : this.#transfer?.sentAt !== undefined)
  }

  #enter(state: ProgressState, nextIndex: Index): void {
    invariant(nextIndex > this.#matchIndex, `nextIndex ${nextIndex} ≤ matchIndex ${this.#matchIndex}`)
    this.#state = state
    this.#nextIndex = nextIndex
    this.#probing = false
    this.#flights = []
    this.#flightBytes = 0
    this.#transfer = undefined
  }
}
