/** What must hold of every cluster at every moment, watched event by event. */
import type { TimelineEvent } from '../../node/contract/events'
import type { ClusterState } from '../../timeline'

export const INVARIANTS = [
  'election-safety',
  'one-vote-per-term',
  'terms-never-go-back',
  'leader-append-only',
  'log-matching',
  'leader-completeness',
  'state-machine-safety',
  'committed-on-a-majority',
  'commit-never-goes-back',
  'answered-is-committed',
  'one-change-at-a-time',
] as const
export type InvariantId = (typeof INVARIANTS)[number]

/** What did not hold, and the events that prove it: the last one is where it broke. */
export interface Violation {
  readonly invariant: InvariantId
  readonly events: readonly number[]
  /** Numbers and lists for the sentence that says it. */
  readonly details: Readonly<Record<string, number | string>>
}

/** One invariant, watching one timeline from its first event on. */
export interface Watch {
  /** Before the event is folded; `state` is what was before it. */
  before?(event: TimelineEvent, state: ClusterState): Violation | undefined
  /** After it was folded. */
  after?(event: TimelineEvent, state: ClusterState): Violation | undefined
  /** No more events come: what was only suspected until now. */
  end?(): readonly Violation[]
}

export interface Invariant {
  readonly id: InvariantId
  /** Where it stands in the extended paper, or in the dissertation (D). */
  readonly section: string
  watch(): Watch
}
