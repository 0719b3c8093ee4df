/** What a node process is told when it starts: one JSON argument, or a file with it; checked on arrival. */
import * as z from 'zod/mini'
import { conditionsSchema, NO_CONDITIONS } from './conditions'
import { settingsSchema } from './settings'

z.config({ ...z.locales.en(), jitless: true })

/** An argument that begins so goes on with the path of a file; the node removes that once it has read it. */
export const LAUNCH_FILE = '@'

const id = z.int().check(z.minimum(1), z.maximum(65535))

export const launchSchema = z.object({
  clusterId: z.string().check(z.minLength(1)),
  node: z.int().check(z.minimum(1), z.maximum(65535)),
  /** Every node with the address (socket path, or pipe name on Windows) it listens on; this node included. */
  peers: z.array(z.object({ node: id, address: z.string().check(z.minLength(1)) })).check(z.minLength(1)),
  /**
   * The configuration at index 0, on which all first members agree: voters, and those of them that are witnesses. Both
   * empty for a node that joined later: it learns from the leader who belongs to the cluster.
   */
  firstVoters: z.array(id),
  firstWitnesses: z.array(id),
  /** For a member whose disk was emptied: the configuration entry that removed it (raft/types.ts, `joinsAfter`). */
  joinsAfter: z.optional(z.object({ index: z.int().check(z.minimum(0)), term: z.int().check(z.minimum(0)) })),
  /** Where the supervisor listens for telemetry and sends control. */
  supervisor: z.string().check(z.minLength(1)),
  /** This node's own directory; created when missing. */
  dataDir: z.string().check(z.minLength(1)),
  /** How many times this node has been started before, over all sessions of the cluster. */
  incarnation: z.int().check(z.minimum(0)),
  /** Monotonic nanoseconds (`process.hrtime.bigint()`) at which the recording began: the zero of every event's `t`. */
  origin: z.string().check(z.regex(/^\d+$/)),
  settings: settingsSchema,
  /** What the node is under from the first moment. */
  conditions: z._default(conditionsSchema, () => structuredClone(NO_CONDITIONS)),
})
export type Launch = z.infer<typeof launchSchema>
