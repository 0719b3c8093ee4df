/** The smallest words of the core. Names follow Figure 2 of the Raft paper. */
import type { Configuration } from './configuration'

/** Server identity, 1…65 535. 0 stands for "none" (`votedFor` when no vote was given). */
export type NodeId = number
export type Term = number
/** Log position, from 1 (paper Figure 2). 0 is the position before the first entry. */
export type Index = number
/** Milliseconds on a monotonic clock; only differences mean anything. */
export type Millis = number

export const NONE: NodeId = 0

/** `learner` is every server without a vote: a learner of the configuration, or none of its members. */
export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader' | 'learner'
/**
 * `config` holds a configuration (`configuration.ts` encodes it); `metadata` stands on a witness for a command whose
 * data was not sent to it.
 */
export type EntryType = 'noop' | 'command' | 'config' | 'metadata'

export interface Entry {
  readonly index: Index
  readonly term: Term
  readonly type: EntryType
  /** Opaque to the core, except for `config`. */
  readonly data: Uint8Array
}

/** What must survive a crash besides the log (paper Figure 2, "Persistent state"). */
export interface HardState {
  readonly currentTerm: Term
  readonly votedFor: NodeId
}

/** A place in the log. */
export interface Position {
  readonly index: Index
  readonly term: Term
}

/**
 * What a snapshot replaces: all entries up to `index`, the last of `term` (§7). `bytes` and `checksum` name its contents,
 * so that a transfer can go on after either end was restarted.
 */
export interface SnapshotMeta extends Position {
  /** The configuration as of `index`. */
  readonly configuration: Configuration
  /** Length of the state machine's data; 0 on a witness. */
  readonly bytes: number
  /** CRC-32C of the data. */
  readonly checksum: number
}
