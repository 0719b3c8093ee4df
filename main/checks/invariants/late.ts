/**
 * Questions about several nodes at one moment. A node's report may take its place on the timeline later than it happened: what looks
 * wrong at first is asked again until everything of that moment must have come.
 */
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState } from '../../timeline'
import type { Violation } from './invariant'

/** Nanoseconds: nothing is told later than this. */
const PATIENCE = 5e9

interface Open {
  readonly t: number
  readonly violation: (state: ClusterState) => Violation | undefined
  found: Violation
}

export class Late {
  #open: Open[] = []

  /** Asks now; when the answer is bad, goes on asking. @returns an older question's violation that is certain now */
  ask(
    event: TimelineEvent,
    state: ClusterState,
    violation: (state: ClusterState) => Violation | undefined,
  ): Violation | undefined {
    const certain = this.take(event, state)
    const found = violation(state)
    if (found !== undefined) this.#open.push({ t: event.t, violation, found })
    return certain
  }

  /** Another event: one that comes late may show that all was well. */
  take(event: TimelineEvent, state: ClusterState): Violation | undefined {
    if (this.#open.length === 0) return undefined
    this.#open = this.#open.filter((open) => event.t > open.t || open.violation(state) !== undefined)
    const [first] = this.#open
    if (first === undefined || event.t <= first.t + PATIENCE) return undefined
    this.#open.shift()
    return first.found
  }

  /** No more events come. */
  end(): readonly Violation[] {
    const left = this.#open.map(({ found }) => found)
    this.#open = []
    return left
  }
}
