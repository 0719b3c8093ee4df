/**
 * What a node's directory amounts to, as plain data: what a fork takes out of a timeline and writes into new directories.
 * The bytes are `records.ts`; the content of a snapshot follows from the entries before it (main/node/kv).
 */
import type { Configuration, Entry, HardState, Index, MemberRole, NodeId, Position } from '../../raft/types'

export interface DiskImage {
  readonly hardState: HardState
  /** The last entry that is gone; {0, 0} when none is. */
  readonly base: Position
  /** From `base.index + 1` on, without holes. */
  readonly entries: readonly Entry[]
  /** The newest one: at or above the base, and the log reaches it. Always there when the base is above 0. */
  readonly snapshot?: Position & { readonly bytes: number }
}

export interface ForkedNode {
  readonly node: NodeId
  readonly role: MemberRole
  /** How many times it has been started. */
  readonly starts: number
  /** See `joined` and `joinsAfter` of `cluster.json`. */
  readonly joined: boolean
  readonly joinsAfter?: Position
  /** Undefined: it had written nothing yet, and begins with an empty directory. */
  readonly disk?: DiskImage
}

/** All nodes of a cluster at one moment, as their disks would have been found had the power failed then. */
export interface ForkImage {
  /** The configuration at index 0. */
  readonly first: Pick<Configuration, 'voters' | 'witnesses'>
  /** As JSON (settings.ts). */
  readonly settings: string
  readonly nodes: readonly ForkedNode[]
  /** Their numbers are not given again. */
  readonly removed: readonly NodeId[]
  /** The highest entry that any node knew to be committed. */
  readonly committed: Index
  /** Nodes that were given what commitment or an election proves they had, though they could not tell it any more. */
  readonly completed: readonly NodeId[]
}

/** Where a fork came from; stands in `cluster.json` of the fork and in the header of each of its recordings. */
export interface ForkOrigin {
  /** The recording's path then. */
  readonly recording: string
  readonly clusterId: string
  readonly clusterName: string
  /** When the recording began (ISO 8601): with the cluster's id it names it wherever the file is. */
  readonly began: string
  readonly seq: number
  /** Nanoseconds since the recording began. */
  readonly t: number
}
