/**
 * What the supervisor tells a running node about its conditions (part of `control.ts`). A control with a `request` is
 * answered by a `control-reply` frame on the same connection, in the order of the requests; the others are not answered.
 * A setting replaces the one before. What comes before the node has read its disk waits until then.
 */
import * as z from 'zod/mini'
import { BREAKPOINT_KINDS } from './breakpoint/types'
import { armedFaultSchema, clockSchema, jumpSchema, linkRulesSchema, nodeBreakpointSchema } from './conditions'
import { messageJsonSchema } from './message-schema'

z.config({ ...z.locales.en(), jitless: true })

const node = z.int().check(z.minimum(1), z.maximum(65535))
const request = z.int().check(z.minimum(1))
/** Of a message, or negative: of a copy. */
const messageId = z.int()

/** What to do with what the link from `from` holds. Problem of each that names an id: `held-unknown`. */
const heldActSchema = z.discriminatedUnion('type', [
  /** Delivered now, whatever the rules say. Value: 1. */
  z.object({ type: z.literal('release'), id: messageId }),
  /** All of the link in their order, in one turn. Value: how many. */
  z.object({ type: z.literal('release-all') }),
  /** Value: 1. */
  z.object({ type: z.literal('drop'), id: messageId }),
  /** A copy is held right behind it. Value: the copy's id. Problem `hold-full`. */
  z.object({ type: z.literal('duplicate'), id: messageId }),
  /** Delivered now with this content; type, from and to are the same. Problem `message-invalid`. Value: 1. */
  z.object({ type: z.literal('edit'), id: messageId, message: messageJsonSchema }),
  /** To this place among those of the link, from 0; beyond the end = the end. Value: the place. */
  z.object({ type: z.literal('move'), id: messageId, place: z.int().check(z.minimum(0)) }),
])
export type HeldAct = Readonly<z.infer<typeof heldActSchema>>

export const conditionControls = [
  /** The rules of the link from `from`; no rules = it is not conditioned any more. */
  z.object({ type: z.literal('link'), from: node, rules: linkRulesSchema }),
  z.object({ type: z.literal('held'), request, from: node, act: heldActSchema }),
  z.object({ type: z.literal('clock'), clock: clockSchema }),
  /** Milliseconds ahead, or (negative) to stand still. Value: 0. */
  z.object({ type: z.literal('jump'), request, millis: jumpSchema }),
  /** Value: 0. Problem `timer-unset`: no deadline is set (the node is quiescent, or reads its snapshot). */
  z.object({ type: z.literal('fire'), request }),
  /** Answered when the node goes by everything that it was told before. Value: how many other nodes it is connected to. */
  z.object({ type: z.literal('sync'), request }),
  /** Sent before SIGCONT: the whole cluster was stopped for so many nanoseconds, which the node's clock leaves out. */
  z.object({ type: z.literal('slept'), nanos: z.number().check(z.minimum(0)) }),
  /**
   * For a node that was paused in a stop of the cluster, and so waits for no order: stand at the next event of this kind (any, when
   * left out); not `wanted`: not any more. Sent before SIGCONT.
   */
  z.object({ type: z.literal('step'), wanted: z.boolean(), kind: z.optional(z.enum(BREAKPOINT_KINDS)) }),
  z.object({ type: z.literal('arm'), armed: armedFaultSchema }),
  z.object({ type: z.literal('disarm'), id: z.int().check(z.minimum(1)) }),
  /** All of them. */
  z.object({ type: z.literal('breakpoints'), breakpoints: z.array(nodeBreakpointSchema) }),
] as const

/** The frame that answers a `request` (`frames.ts`; JSON). */
export const controlReplySchema = z.object({
  type: z.literal('control-reply'),
  request,
  /** Code of problem.ts; empty when it was done. */
  problem: z.string(),
  /** The problem's details as JSON; empty when it was done. */
  detail: z.string(),
  /** What the control says. */
  value: z.number(),
})
export type ControlReply = Readonly<z.infer<typeof controlReplySchema>>
