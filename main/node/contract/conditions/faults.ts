/**
 * Faults that wait inside a node for their moment. Each has the number of its `fault` event. When it strikes, the node tells
 * `struck` (and, where it ends the process, has that event on its way before the signal). `left` there says how often it will
 * strike again: the workbench keeps that for the next life.
 *
 * A node that ends right after a `struck` event was killed by the user (standing `killed`), not by itself.
 */
import * as z from 'zod/mini'
import { MESSAGE_TYPES } from '../events'
import { delaySchema, seedSchema } from './links'

z.config({ ...z.locales.en(), jitless: true })

export const CRASH_POINTS = ['before-write', 'after-write', 'before-send', 'after-send'] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]
export const DISK_ERRORS = ['EIO', 'ENOSPC'] as const
const MAX_STRIKES = 1_000_000
/** Faults that one node has waiting at most. */
export const MAX_ARMED = 32

const nth = z.int().check(z.minimum(1), z.maximum(MAX_STRIKES))

export const nodeFaultSchema = z.discriminatedUnion('type', [
  /**
   * SIGKILL of itself. A write is one batch of the log: `after-write` comes when the disk has it and before the core or
   * anybody else hears that. `after-send` comes when the message was handed to the socket of its peer and written out.
   */
  z.strictObject({
    type: z.literal('crash-point'),
    point: z.enum(CRASH_POINTS),
    /** `…-send` only; empty = any. */
    messages: z.array(z.enum(MESSAGE_TYPES)),
    /** At the n-th such write or message from now, counted anew in each life. */
    nth,
  }),
  /** Every write of the log and every sync takes so much longer. Never told by `struck`. */
  z.strictObject({
    type: z.literal('slow-disk'),
    delayMs: delaySchema,
    jitterMs: delaySchema,
    seed: seedSchema,
  }),
  /** Writes, truncations and syncs fail with this code, before anything is done. The node ends, as with a real disk. */
  z.strictObject({
    type: z.literal('disk-error'),
    code: z.enum(DISK_ERRORS),
    /** So many of them; null = all, until it is healed. */
    count: z.nullable(nth),
  }),
  /** The next write of the log leaves only its first bytes, then SIGKILL. */
  z.strictObject({
    type: z.literal('torn-write'),
    /** At most so many that what is missing can be seen (it was zeros before); null = drawn from `seed`. */
    keepBytes: z.nullable(z.int().check(z.minimum(0))),
    seed: seedSchema,
  }),
  /**
   * Whatever no sync has confirmed is undone (contents, lengths, names made, changed and removed; of a write of the log that is
   * under way a part drawn from `seed` stays), then SIGKILL. `next-write`: while the next write of the log is under way.
   * What counts as confirmed by itself stands in storage-format.md, "Faults that are asked for".
   */
  z.strictObject({ type: z.literal('power-loss'), at: z.enum(['now', 'next-write']), seed: seedSchema }),
])
export type NodeFault = Readonly<z.infer<typeof nodeFaultSchema>>
export type NodeFaultType = NodeFault['type']

export const armedFaultSchema = z.object({ id: z.int().check(z.minimum(1)), fault: nodeFaultSchema })
export type ArmedFault = Readonly<z.infer<typeof armedFaultSchema>>

/**
 * A record of a stopped node, as `inspect` names it: file within the node's directory, and number of the record in it from 1.
 * `bit` counts from the record's first bit; left out = one in its middle.
 */
export const recordBitSchema = z.strictObject({
  file: z.string().check(z.regex(/^[\w.-]+$/)),
  record: z.int().check(z.minimum(1)),
  bit: z.optional(z.int().check(z.minimum(0))),
})
export type RecordBit = Readonly<z.infer<typeof recordBitSchema>>
