/** What a leader knows about one peer, and how fast it may send to it (Figure 2; pipelining: dissertation §10.2.1). */
import { invariant } from './invariant'
import type { Index, NodeId, ProgressState, ProgressView } from './types'

/**
 * Invariant: matchIndex < nextIndex.
 *
 *  - `probe`: where the logs part is not known. One message, then wait for its reply; nextIndex stands still.
 *  - `replicate`: the peer follows. nextIndex runs ahead of the replies, by at most `maxInFlight` messages.
 *
 * A lost message stops neither: every heartbeat carries the position before nextIndex, so its reply either confirms
 * all that was sent (and frees the window) or is a refusal (and turns the peer back to `probe`).
 */
export class Progress {
  readonly peer: NodeId
  #matchIndex: Index = 0
  #nextIndex: Index
  #state: ProgressState = 'probe'
  #probing = false
  /** The last index of each message under way, oldest first. */
  #inFlight: Index[] = []
  #seen: ProgressView | undefined

  constructor(peer: NodeId, nextIndex: Index) {
    this.peer = peer
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

  /** May another message with entries leave now? */
  maySend(maxInFlight: number): boolean {
    return this.#state === 'probe' ? !this.#probing : this.#inFlight.length < maxInFlight
  }

  /** A message left that carries the entries from nextIndex to `lastIndex`. */
  sent(lastIndex: Index): void {
    invariant(lastIndex >= this.#nextIndex, `nothing was sent: ${lastIndex} < ${this.#nextIndex}`)
    if (this.#state === 'probe') {
      this.#probing = true
      return
    }
    this.#inFlight.push(lastIndex)
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
    if (this.#state === 'probe') {
      if (found) this.#enter('replicate', index + 1)
      return true
    }
    this.#nextIndex = Math.max(this.#nextIndex, index + 1)
    while (this.#inFlight[0] !== undefined && this.#inFlight[0] <= index) this.#inFlight.shift()
    return true
  }

  /**
   * The peer refused a message and could match at the earliest before `retry`, which must be less than nextIndex.
   * @returns false when this says nothing new: the refusal of a message from before the last turn to `probe`
   */
  refused(retry: Index): boolean {
    const next = Math.max(retry, this.#matchIndex + 1)
    if (next >= this.#nextIndex) return false
    this.#enter('probe', next)
    return true
  }

  view(): ProgressView {
    return {
      peer: this.peer,
      matchIndex: this.#matchIndex,
      nextIndex: this.#nextIndex,
      state: this.#state,
      inFlight: this.#state === 'probe' ? Number(this.#probing) : this.#inFlight.length,
    }
  }

  /** The view, when it differs from the one that this returned last. */
  changes(): ProgressView | undefined {
    const view = this.view()
    const seen = this.#seen
    if (
      seen &&
      seen.matchIndex === view.matchIndex &&
      seen.nextIndex === view.nextIndex &&
      seen.state === view.state &&
      seen.inFlight === view.inFlight
    ) {
      return undefined
    }
    this.#seen = view
    return view
  }

  #enter(state: ProgressState, nextIndex: Index): void {
    invariant(nextIndex > this.#matchIndex, `nextIndex ${nextIndex} ≤ matchIndex ${this.#matchIndex}`)
    this.#state = state
    this.#nextIndex = nextIndex
    this.#probing = false
    this.#inFlight = []
  }
}
