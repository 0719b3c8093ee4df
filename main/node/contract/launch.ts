/** What a node process is told when it starts: one JSON argument, checked on arrival. */
import { z } from 'zod'
import { settingsSchema } from './settings'

z.config({ jitless: true })

const id = z.number().int().min(1).max(65535)

export const launchSchema = z.object({
  clusterId: z.string().min(1),
  node: z.number().int().min(1).max(65535),
  /** Every node with the address (socket path, or pipe name on Windows) it listens on; this node included. */
  peers: z.array(z.object({ node: id, address: z.string().min(1) })).min(1),
  /**
   * The configuration at index 0, on which all first members agree: voters, and those of them that are witnesses. Both
   * empty for a node that joined later: it learns from the leader who belongs to the cluster.
   */
  firstVoters: z.array(id),
  firstWitnesses: z.array(id),
  /** For a member whose disk was emptied: the configuration entry that removed it (raft/types.ts, `joinsAfter`). */
  joinsAfter: z.object({ index: z.number().int().min(0), term: z.number().int().min(0) }).optional(),
  /** Where the supervisor listens for telemetry and sends control. */
  supervisor: z.string().min(1),
  /** This node's own directory; created when missing. */
  dataDir: z.string().min(1),
  /** How many times this node has been started before, over all sessions of the cluster. */
  incarnation: z.number().int().min(0),
  /** Monotonic nanoseconds (`process.hrtime.bigint()`) at which the recording began: the zero of every event's `t`. */
  origin: z.string().regex(/^\d+$/),
  settings: settingsSchema,
  /** Links into this node that are blocked from the first moment: the senders. */
  blockedFrom: z.array(z.number().int()),
})
export type Launch = z.infer<typeof launchSchema>
