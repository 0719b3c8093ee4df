/**
 * What all calls of a client know together about who leads. While nobody knows, they wait here in one queue: one of them
 * looks at one node at a time, and as soon as a node has proved to lead, all follow. So a new leader is found within
 * moments, and the nodes are not flooded with questions while they elect it.
 */

/** Somebody who looks for the leader. */
export interface Seeker {
  /** `leader` has just answered as one. */
  follow(leader: number): void
  /** It is this one's turn to look at a node. */
  scout(): void
}

/** Between two looks. */
const SCOUT_MS = 10

export class Leadership {
  #leader = 0
  /** Whoever waits longest has the next turn. */
  readonly #seekers = new Set<Seeker>()
  #timer: NodeJS.Timeout | undefined

  /** The node that answered as leader last; 0 = nobody knows. */
  get leader(): number {
    return this.#leader
  }

  confirm(node: number): void {
    this.#leader = node
    if (this.#seekers.size === 0) return
    const seekers = [...this.#seekers]
    this.#seekers.clear()
    for (const seeker of seekers) seeker.follow(node)
  }

  /** The node does not lead, or cannot be reached. */
  lost(node: number): void {
    if (this.#leader === node) this.#leader = 0
  }

  /** Stays until one of its methods was called. */
  seek(seeker: Seeker): void {
    this.#seekers.add(seeker)
    if (this.#timer === undefined) this.#nextTurn()
  }

  leave(seeker: Seeker): void {
    this.#seekers.delete(seeker)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#seekers.clear()
  }

  #nextTurn(): void {
    this.#timer = undefined
    for (const seeker of this.#seekers) {
      this.#timer = setTimeout(() => this.#nextTurn(), SCOUT_MS)
      this.#seekers.delete(seeker)
      seeker.scout()
      return
    }
  }
}
