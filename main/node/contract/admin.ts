/**
 * What an operator may ask of a node: membership, leadership, snapshots. Rare, so it travels as JSON, checked on arrival,
 * on a client's connection.
 */
import { z } from 'zod'

z.config({ jitless: true })

const id = z.number().int().min(1).max(65535)

export const adminActionSchema = z.discriminatedUnion('type', [
  /** Leader only. Answered when the (last) new configuration is committed. */
  z.object({
    type: z.literal('change'),
    changes: z
      .array(z.object({ node: id, role: z.enum(['voter', 'learner', 'witness', 'removed']) }))
      .min(1)
      .max(51),
    mode: z.enum(['auto', 'single', 'joint']),
  }),
  /** Leader only. `target` 0: the best peer. Answered when the leader has stepped down, or leads on. */
  z.object({ type: z.literal('transfer'), target: z.number().int().min(0).max(65535) }),
  /** Any node: of its own state machine. Answered when it is durable. */
  z.object({ type: z.literal('snapshot') }),
])
export type AdminAction = Readonly<z.infer<typeof adminActionSchema>>

export const adminRequestSchema = z.object({
  type: z.literal('admin'),
  request: z.number().int().min(0),
  action: adminActionSchema,
})
export type AdminRequest = Readonly<z.infer<typeof adminRequestSchema>>

export const adminReplySchema = z.object({
  type: z.literal('admin-reply'),
  request: z.number().int().min(0),
  /** Code of problem.ts; empty when it was done. */
  problem: z.string(),
  /** The problem's details as JSON. */
  detail: z.string(),
  /** Done: the configuration's or snapshot's index. */
  index: z.number().int().min(0),
  /** Where to ask instead (`not-leader`); 0 = not known. */
  leader: z.number().int().min(0).max(65535),
})
export type AdminReply = Readonly<z.infer<typeof adminReplySchema>>
