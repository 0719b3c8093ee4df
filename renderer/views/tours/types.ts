/** A guided lesson as data: what is told, what the learner is to do, how it is seen that it was done, and what helps. */
import type { BothTexts, ClientOp, NodeView } from '../../../preload/contract'
import type { CommandId } from '../../commands/registry'

/** A node by its part in the lesson: who leads now, or a name that an earlier step gave. */
export type Part = 'leader' | 'old'
export type Standing = NodeView['process']['standing']

/**
 * What is seen in the live cluster, or in the window. "Since" is since the step before was done: who is quicker than the
 * text need not do it twice.
 */
export type Goal =
  /** So many processes run, and one of them leads. */
  | { readonly type: 'led'; readonly nodes: number }
  /** The inspector shows this node; `follower`: anybody who follows. */
  | { readonly type: 'inspected'; readonly part: Part | 'follower' }
  /** That node's process stands so. */
  | { readonly type: 'stands'; readonly part: Part; readonly standing: readonly Standing[] }
  /** Somebody else's process was brought to stand so since. */
  | { readonly type: 'otherStands'; readonly part: Part; readonly standing: readonly Standing[] }
  /** A node that runs leads, in a later term than `old` did. */
  | { readonly type: 'elected' }
  /** That node runs and follows the one that leads. */
  | { readonly type: 'follows'; readonly part: Part }
  /** At least, or at most, so many processes run. */
  | { readonly type: 'running'; readonly atLeast?: number; readonly atMost?: number }
  /** A call that was made since was answered. */
  | { readonly type: 'answered'; readonly ops: readonly ClientOp[] }
  /** A call that was made since has no answer after so long, or was told that there will be none. */
  | { readonly type: 'unanswered'; readonly seconds: number }
  /** Some entry became known to be committed since. */
  | { readonly type: 'committed' }
  /** The logs of all nodes are the same, wholly known committed, and all processes run. */
  | { readonly type: 'sameLogs' }
  /** Links are cut so that this node is on a side without a majority, or with one. */
  | { readonly type: 'cutOff'; readonly part: Part; readonly side: 'minority' | 'majority' }
  /** No link is cut. */
  | { readonly type: 'healed' }
  /** A past moment is shown; or what happens now. */
  | { readonly type: 'shown'; readonly what: 'past' | 'now' }

export interface Hint {
  /** After so many seconds without what the step waits for. */
  readonly after: number
  readonly say: BothTexts
}
/** Something else was done. */
export interface Astray {
  readonly when: Goal
  readonly say: BothTexts
}

/** Texts may hold `{leader}`, `{old}` and `{term}`: who leads, who led, and the highest term. */
export interface TourStep {
  readonly id: string
  readonly title: BothTexts
  readonly say: BothTexts
  /** What to do; a step without is only read. */
  readonly task?: BothTexts
  /** Told when it was done: what there is to see. */
  readonly seen?: BothTexts
  readonly goal?: Goal
  readonly hints?: readonly Hint[]
  readonly astray?: readonly Astray[]
  /** What is pointed at: a CSS selector of something in the window. */
  readonly target?: string
  /** What does it; its key is shown. */
  readonly command?: CommandId
  /** Whoever leads when this step begins is `old` from here on. */
  readonly names?: 'old'
}

export interface Tour {
  readonly id: string
  readonly title: BothTexts
  readonly about: BothTexts
  /** Minutes that it takes. */
  readonly minutes: number
  readonly steps: readonly TourStep[]
}
