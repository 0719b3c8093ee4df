/**
 * How a cluster behaves, the same for all its nodes: what `cluster.json` keeps, what a node is launched with, and what
 * the settings of the window show. Everything can be switched off, to show what it is for.
 */
import { z } from 'zod'
import {
  DEFAULT_ELECTION_TIMEOUT_MS,
  DEFAULT_HEARTBEAT_MS,
  MAX_BATCH_BYTES,
  MAX_IN_FLIGHT_BYTES,
  MAX_UNCOMMITTED_BYTES,
} from './limits'

z.config({ jitless: true })

const count = z.number().int().min(0)

export const settingsSchema = z.object({
  electionTimeoutMs: z.number().min(10).max(600_000).default(DEFAULT_ELECTION_TIMEOUT_MS),
  heartbeatMs: z.number().min(1).max(60_000).default(DEFAULT_HEARTBEAT_MS),

  // Elections
  preVote: z.boolean().default(true),
  checkQuorum: z.boolean().default(true),
  quiescence: z.boolean().default(false),
  /** A broken connection to the leader counts as its silence: no waiting for the election timer. */
  disconnectHint: z.boolean().default(false),
  /** Election priority of single nodes; 1 where none is given, 0 = never leads. Keys are node ids. */
  priorities: z.record(z.string().regex(/^[1-9]\d*$/), z.number().int().min(0).max(100)).default({}),

  // Replication
  parallelWrite: z.boolean().default(true),
  fastBacktracking: z.boolean().default(true),
  /** 1 = no pipelining. */
  maxInFlight: z.number().int().min(1).max(1024).default(8),
  maxInFlightBytes: z.number().int().min(1).default(MAX_IN_FLIGHT_BYTES),
  /** Smaller than an entry = one entry per message. */
  maxBatchBytes: z.number().int().min(1).max(MAX_BATCH_BYTES).default(MAX_BATCH_BYTES),
  maxUncommittedBytes: z.number().int().min(1).default(MAX_UNCOMMITTED_BYTES),

  // Snapshots: one is taken when either has grown since the last; 0 = never by itself.
  snapshotEntries: count.default(50_000),
  snapshotBytes: count.default(64 << 20),
  trailingEntries: count.default(1000),
  snapshotChunkBytes: z
    .number()
    .int()
    .min(256)
    .max(MAX_BATCH_BYTES)
    .default(256 << 10),

  // Membership
  catchUpCheck: z.boolean().default(true),
  maxCatchUpLag: count.default(1000),

  // Reads and clients
  leaseReads: z.boolean().default(false),
  /** Off: a retried command may take effect twice. */
  sessions: z.boolean().default(true),
  /** A session that was not used for so long, in log time, is forgotten. */
  sessionTimeoutMs: z.number().min(1).default(3_600_000),
  /** Calls that one node keeps waiting; more are refused as `node-busy`. */
  maxWaitingCalls: z.number().int().min(1).default(10_000),

  // Recording
  /** `state`: what changed. `message`: and what was sent. `entry`: and the entries' data. */
  telemetry: z.enum(['off', 'state', 'message', 'entry']).default('entry'),
})
export type ClusterSettings = Readonly<z.infer<typeof settingsSchema>>
export type SettingName = keyof ClusterSettings

export const DEFAULT_SETTINGS: ClusterSettings = settingsSchema.parse({})
