/** The verdict of comparing a recording with the specification of Raft. */
import type { ConditionId } from './conditions'

/** A recorded transition that the specification does not allow. */
export interface Deviation {
  /** The event at which it shows, and those that prove it (the last one is that event). */
  readonly seq: number
  readonly events: readonly number[]
  readonly node: number
  /** The action of the specification: `RequestVote`, `HandleAppendEntriesRequest`, `AdvanceCommitIndex`, … */
  readonly action: string
  /** Which of its conditions failed, by id, and where it stands (`Figure 2`, `§5.4.2`, the name in the TLA+ specification). */
  readonly condition: ConditionId
  readonly section: string
  /** Numbers and lists for the sentence that says it. */
  readonly details: Readonly<Record<string, number | string>>
}

export interface ConformanceVerdict {
  readonly conforms: boolean
  /** Transitions that were compared. */
  readonly transitions: number
  readonly events: number
  /** From this `seq` on nothing was judged, because events were shed or are missing at the level recorded; −1 = there is no such. */
  readonly judgedUntil: number
  readonly first: Deviation | undefined
  /** All of them; {@link first} is the first. */
  readonly deviations: number
}
