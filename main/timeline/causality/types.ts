/** What happened because of what: the words that causality is told in. */
import type { TimelineEvent } from '../../node/contract/events'

export type Direction = 'past' | 'future'

/** The events that one event happened because of, or that happened because of it, as far as was looked. */
export interface Cone {
  /** In order; the nearest to the event when there are more than were asked for. */
  readonly seqs: readonly number[]
  /** There are more of them, further away. */
  readonly more: boolean
}

/**
 * How one event explains another. In the words of the paper where it has one:
 * message: it arrived · voted: its vote counted · asked: its request was answered · stood: it stood for election · timed-out:
 * its timer ran out · fired: by hand · last-heard: nothing came afterwards · silenced: what kept the leader from being heard ·
 * no-majority: its last try failed · booted: it began there · replicated: an entry came from there · acknowledged: a majority
 * has it · stored: it is on its own disk · decided: the leader determined it · ran: what was committed was applied · client: a
 * client asked for it · higher-term: a later term was seen · leader-found · already-voted: its vote of the term was given · log:
 * its log is newer · leads: it leads · ended: the process was not there · fault: somebody did it · rule: a rule of the link · waited:
 * it was held back · began: it is the end of what began there · here: it is what the node did just before.
 */
export const RELATIONS = [
  'message',
  'voted',
  'asked',
  'stood',
  'timed-out',
  'fired',
  'last-heard',
  'silenced',
  'no-majority',
  'booted',
  'replicated',
  'acknowledged',
  'stored',
  'decided',
  'ran',
  'client',
  'higher-term',
  'leader-found',
  'already-voted',
  'log',
  'leads',
  'ended',
  'fault',
  'rule',
  'waited',
  'began',
  'here',
] as const
export type Relation = (typeof RELATIONS)[number]

/** One explanation of an event. */
export interface Because {
  readonly event: TimelineEvent
  readonly relation: Relation
}

/** An event of a chain, and which later step of the chain it explains, how; the last one explains nothing. */
export interface ChainStep<E = TimelineEvent> {
  readonly event: E
  readonly relation: Relation | null
  /** `seq` of the step that it explains; −1 for the last. */
  readonly explains: number
}
