/**
 * How a node stops and goes on. Node and supervisor share one more pipe, descriptor {@link ORDERS_FD} of the node, in both
 * directions, one JSON object a line.
 *
 * At a hit the node (1) tells the event and then `breakpoint`, and writes all it has to its telemetry socket; (2) writes
 * {@link StopNotice} to the pipe, synchronously, so that it is heard also while telemetry waits; (3) sends itself SIGSTOP,
 * with which all its threads stop (where there are no signals it goes on to 4 at once); (4) reads one {@link Order} from the
 * pipe, synchronously: it waits there until there is one. The supervisor pauses all others when it hears the notice, and to
 * go on writes the order before SIGCONT. The node says {@link goingNoticeSchema} when it has read the order: until then SIGCONT is sent
 * again, because the first may have come before the node's own SIGSTOP. A closed pipe ends the node (EXIT_ORPHANED).
 *
 * The node leaves the time between (3) and the order out of its clock by itself; the others are told by control `slept`.
 */
import * as z from 'zod/mini'
import { BREAKPOINT_KINDS } from './types'

z.config({ ...z.locales.en(), jitless: true })

/** 0, 1 and 2 are taken by the lifeline, stdout and stderr. */
export const ORDERS_FD = 3

const stopNoticeSchema = z.object({
  type: z.literal('stopped'),
  /** 0 = a step. */
  breakpoint: z.int().check(z.minimum(0)),
  /** The number (`n`) of the event that hit, and its kind. */
  event: z.int().check(z.minimum(1)),
  kind: z.string(),
})
export type StopNotice = Readonly<z.infer<typeof stopNoticeSchema>>

/** It has read an order and goes on. */
const goingNoticeSchema = z.object({ type: z.literal('going') })
export const noticeSchema = z.discriminatedUnion('type', [stopNoticeSchema, goingNoticeSchema])
export type Notice = Readonly<z.infer<typeof noticeSchema>>

export const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('continue') }),
  /** Stop again at the next event of this kind that it tells (any, when left out), or at a breakpoint before. */
  z.object({ type: z.literal('step'), kind: z.optional(z.enum(BREAKPOINT_KINDS)) }),
])
export type Order = Readonly<z.infer<typeof orderSchema>>
