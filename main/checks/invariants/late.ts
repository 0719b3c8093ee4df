/**
 * Questions about several nodes at one moment. A node's report may take its place on the timeline later than it happened: what looks
 * wrong at first is asked again until everything of that moment must have come. What somebody could not tell before he ended is
 * held against nobody; then only what contradicts it later counts.
 */
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState } from '../../timeline'
import type { Violation } from './invariant'

/** Nanoseconds: nothing is told later than this. */
const PATIENCE = 5e9

export interface Question {
  violation(state: ClusterState): Violation | undefined
  /** Whether who could have told that all was well may have ended before. */
  isUntold(): boolean
  /** What shows later that it was not, though nobody could tell. */
  contradiction?(state: ClusterState): Violation | undefined
}

interface Open {
  readonly t: number
  readonly question: Question
  readonly found: Violation
}

export class Late {
  #open: Open[] = []
  #untold: Question[] = []

  /** Asks now; when the answer is bad, goes on asking. @returns an older question's violation that is certain now */
  ask(event: TimelineEvent, state: ClusterState, question: Question): Violation | undefined {
    const certain = this.take(event, state)
    const found = question.violation(state)
    if (found !== undefined) this.#open.push({ t: event.t, question, found })
    return certain
  }

  /** Another event: one that comes late may show that all was well. */
  take(event: TimelineEvent, state: ClusterState): Violation | undefined {
    if (this.#open.length === 0 && this.#untold.length === 0) return undefined
    this.#open = this.#open.filter(({ t, question }) => event.t > t || question.violation(state) !== undefined)
    this.#untold = this.#untold.filter((question) => question.violation(state) !== undefined)
    const contradicted = this.#untold.findIndex((question) => question.contradiction?.(state) !== undefined)
    if (contradicted >= 0) return this.#untold.splice(contradicted, 1)[0]?.contradiction?.(state)
    const [first] = this.#open
    if (first === undefined || event.t <= first.t + PATIENCE) return undefined
    this.#open.shift()
    return this.#decide(first)
  }

  /** No more events come. */
  end(): readonly Violation[] {
    const left = this.#open.flatMap((open) => this.#decide(open) ?? [])
    this.#open = []
    return left
  }

  #decide({ question, found }: Open): Violation | undefined {
    if (!question.isUntold()) return found
    if (question.contradiction !== undefined) this.#untold.push(question)
    return undefined
  }
}
