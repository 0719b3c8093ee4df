/** What conditions are judged by. */
import type { CallResult } from '../../../cluster'
import type { EventKind } from '../../../node/contract/events'
import type { ClusterState } from '../../../timeline'
import type { ConditionKind, PlainCondition } from '../../language/conditions'
import type { Text } from '../../words'
import type { Cast } from '../cast'

export type About<K extends ConditionKind> = Extract<PlainCondition, Readonly<Record<K, unknown>>>[K]

export interface Scene {
  readonly state: ClusterState
  readonly cast: Cast
  /** Named calls; undefined in it = not answered yet. */
  readonly calls: ReadonlyMap<string, CallResult | undefined>
  /** Who led in a term, over all events. */
  leadersIn(term: number): readonly number[]
  /** Of the stop that holds: the kind of the event that hit; empty = by command, or none holds. */
  readonly stopKind: string
  /** How many such events were told since the step, or the scenario, began. */
  counted(about: About<'event'>): number
}

/** How one kind of condition is judged. */
export interface Rule<K extends ConditionKind> {
  /** Only these events can change it; besides, an answer of a call can. */
  readonly kinds: readonly EventKind[] | 'all'
  holds(about: About<K>, scene: Scene): boolean
  /** What there is, as a part of a longer sentence: `n1 is a follower and is in term 2`. */
  found(about: About<K>, scene: Scene): Text
}
