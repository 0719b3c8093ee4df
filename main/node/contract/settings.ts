/**
 * How a cluster behaves, the same for all its nodes: what `cluster.json` keeps, what a node is launched with, and what
 * the settings of the window show. Everything can be switched off, to show what it is for.
 */
import * as z from 'zod/mini'
import { BUG_IDS } from './bugs'
import {
  DEFAULT_ELECTION_TIMEOUT_MS,
  DEFAULT_HEARTBEAT_MS,
  MAX_BATCH_BYTES,
  MAX_IN_FLIGHT_BYTES,
  MAX_UNCOMMITTED_BYTES,
} from './limits'

z.config({ ...z.locales.en(), jitless: true })

const count = z.int().check(z.minimum(0))

export const settingsSchema = z.object({
  electionTimeoutMs: z._default(z.number().check(z.minimum(10), z.maximum(600_000)), DEFAULT_ELECTION_TIMEOUT_MS),
  heartbeatMs: z._default(z.number().check(z.minimum(1), z.maximum(60_000)), DEFAULT_HEARTBEAT_MS),

  // Elections
  preVote: z._default(z.boolean(), true),
  checkQuorum: z._default(z.boolean(), true),
  quiescence: z._default(z.boolean(), false),
  /** A broken connection to the leader counts as its silence: no waiting for the election timer. */
  disconnectHint: z._default(z.boolean(), false),
  /** Election priority of single nodes; 1 where none is given, 0 = never leads. Keys are node ids. */
  priorities: z._default(
    z.record(z.string().check(z.regex(/^[1-9]\d*$/)), z.int().check(z.minimum(0), z.maximum(100))),
    {},
  ),

  // Replication
  parallelWrite: z._default(z.boolean(), true),
  fastBacktracking: z._default(z.boolean(), true),
  /** 1 = no pipelining. */
  maxInFlight: z._default(z.int().check(z.minimum(1), z.maximum(1024)), 8),
  maxInFlightBytes: z._default(z.int().check(z.minimum(1)), MAX_IN_FLIGHT_BYTES),
  /** Smaller than an entry = one entry per message. */
  maxBatchBytes: z._default(z.int().check(z.minimum(1), z.maximum(MAX_BATCH_BYTES)), MAX_BATCH_BYTES),
  maxUncommittedBytes: z._default(z.int().check(z.minimum(1)), MAX_UNCOMMITTED_BYTES),

  // Snapshots: one is taken when either has grown since the last; 0 = never by itself.
  snapshotEntries: z._default(count, 50_000),
  snapshotBytes: z._default(count, 64 << 20),
  trailingEntries: z._default(count, 1000),
  snapshotChunkBytes: z._default(z.int().check(z.minimum(256), z.maximum(MAX_BATCH_BYTES)), 256 << 10),

  // Membership
  catchUpCheck: z._default(z.boolean(), true),
  maxCatchUpLag: z._default(count, 1000),

  // Reads and clients
  leaseReads: z._default(z.boolean(), false),
  /** Off: a retried command may take effect twice. */
  sessions: z._default(z.boolean(), true),
  /** A session that was not used for so long, in log time, is forgotten. */
  sessionTimeoutMs: z._default(z.number().check(z.minimum(1)), 3_600_000),
  /** Calls that one node keeps waiting; more are refused as `node-busy`. */
  maxWaitingCalls: z._default(z.int().check(z.minimum(1)), 10_000),

  // Recording
  /** `state`: what changed. `message`: and what was sent. `entry`: and the entries' data. */
  telemetry: z._default(z.enum(['off', 'state', 'message', 'entry']), 'entry'),

  // The zoo
  /** A bug that all nodes have on purpose (main/zoo), to see what catches it. Empty = none: the node as it should be. */
  bug: z._default(z.enum(['', ...BUG_IDS]), ''),
})
export type ClusterSettings = Readonly<z.infer<typeof settingsSchema>>
export type SettingName = keyof ClusterSettings

export const DEFAULT_SETTINGS: ClusterSettings = settingsSchema.parse({})
