/** How a diagram is looked at, beyond its span of time: what a window hands over so that a picture is as shown. Types. */
import type { MessageRef } from './edges'

/** Colours that a rule may give: the eight hues of terms, and the three that mean something elsewhere. */
export const RULE_COLOURS = [
  'sky',
  'amber',
  'jade',
  'rose',
  'yellow',
  'blue',
  'orange',
  'grey',
  'violet',
  'red',
  'green',
] as const
export type RuleColour = (typeof RULE_COLOURS)[number]

/** What an expression of the filter matches is drawn in this colour. Of several, the first that matches counts. */
export interface ColourRule {
  readonly filter: string
  readonly colour: RuleColour
  readonly on: boolean
}

export interface Shown {
  readonly hideHeartbeats?: boolean
  /** An expression: what it does not match steps back. */
  readonly filter?: string
  readonly rules?: readonly ColourRule[]
  readonly message?: MessageRef
  readonly node?: number
  readonly causal?: Causal
  /** The pinned moment. */
  readonly pin?: number
}

/** `seq`s of events: what an event happened because of, what because of it, and a way between two. */
export interface Causal {
  readonly origin: number
  readonly past: ReadonlySet<number>
  readonly future: ReadonlySet<number>
  readonly path: readonly number[]
}

/** By which rule something is coloured. */
export interface Painted {
  readonly colour: RuleColour
  /** 1 is the first. */
  readonly rule: number
}
