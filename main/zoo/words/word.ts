import type { BugId } from '../../node/contract/bugs'

/** A bug in words, for a window and a command line. */
export interface BugWords {
  /** A few words: what the node does. */
  readonly name: string
  /** What goes wrong then. */
  readonly story: string
}

export type AllBugWords = Readonly<Record<BugId, BugWords>>
