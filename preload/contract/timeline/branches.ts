/** A new cluster from a moment of a recording, and where each recording came from. */
import { z } from 'zod'
import type { ForkOrigin } from '../../../main/node/contract/disk-image'
import type { MemberRole } from '../../../main/raft/types'

export type { ForkOrigin } from '../../../main/node/contract/disk-image'

z.config({ jitless: true })

const moment = {
  /** `live` is the open cluster, `recording` the opened file. */
  source: z.enum(['live', 'recording']),
  /** After the events `< seq`, or at time `t`; neither = its end. */
  seq: z.number().int().min(0).optional(),
  t: z.number().optional(),
}

export const BRANCH_CALLS = {
  /**
   * Writes every node's disk of that moment into a new cluster, then closes what is open and starts the new one. A task
   * (`tasks`) tells how far it is and can be cancelled until the files are there.
   */
  'timeline.fork': {
    input: z.strictObject({
      ...moment,
      /** Left out: after the parent. */
      name: z.string().optional(),
      /** Cuts, rules, clocks and faults that wait as they were then, and who was down stays down. Else none: all disks are sound. */
      withFaults: z.boolean().optional(),
    }),
  },
  /** What that would make, without making it. */
  'timeline.forkPreview': { input: z.strictObject(moment) },
  /** All clusters with their recordings, and which came from which moment. */
  'branches.list': { input: z.strictObject({}) },
} as const

export interface ForkedNodeView {
  readonly node: number
  readonly role: MemberRole
  /** On its disk: the term, the last entry, the newest snapshot (0 = none). */
  readonly term: number
  readonly lastIndex: number
  readonly snapshotIndex: number
  /** It was not running then; it is started all the same. */
  readonly wasDown: boolean
  /** It was given what commitment proves it had: it was killed before it could tell. */
  readonly completed: boolean
}

export interface ForkPreview {
  readonly seq: number
  readonly t: number
  readonly clusterName: string
  /** What it would be called. */
  readonly name: string
  readonly nodes: readonly ForkedNodeView[]
  /** The highest entry that any node knew to be committed. */
  readonly committed: number
  /** Entries in memory, or on their way to a disk, that no disk had: they are lost, as in a power loss. */
  readonly unsynced: number
  /** What `withFaults` would keep: cuts and rules of links, clocks, faults that wait, nodes that were down. */
  readonly faults: number
}

export interface BranchRecording {
  readonly path: string
  readonly began: string
  readonly events: number
  readonly end: number
  readonly bytes: number
  readonly complete: boolean
}

export interface BranchCluster {
  readonly name: string
  readonly id: string
  readonly nodes: number
  readonly created: string
  readonly bytes: number
  /** Process id of the workbench that has it open; 0 = nobody. */
  readonly lockedBy: number
  readonly damaged?: string
  readonly origin: ForkOrigin | null
  /** Oldest first. */
  readonly recordings: readonly BranchRecording[]
}

export interface BranchOutputs {
  'timeline.fork': { readonly name: string }
  'timeline.forkPreview': ForkPreview
  'branches.list': readonly BranchCluster[]
}
