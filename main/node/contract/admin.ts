/**
 * What an operator may ask of a node: membership, leadership, snapshots. Rare, so it travels as JSON, checked on arrival,
 * on a client's connection.
 */
import * as z from 'zod/mini'
import { Problem } from './problem'

z.config({ ...z.locales.en(), jitless: true })

const id = z.int().check(z.minimum(1), z.maximum(65535))

const adminActionSchema = z.discriminatedUnion('type', [
  /** Leader only. Answered when the (last) new configuration is committed. */
  z.object({
    type: z.literal('change'),
    changes: z
      .array(z.object({ node: id, role: z.enum(['voter', 'learner', 'witness', 'removed']) }))
      .check(z.minLength(1), z.maxLength(51)),
    mode: z.enum(['auto', 'single', 'joint']),
  }),
  /** Leader only. `target` 0: the best peer. Answered when the leader has stepped down, or leads on. */
  z.object({ type: z.literal('transfer'), target: z.int().check(z.minimum(0), z.maximum(65535)) }),
  /** Any node: of its own state machine. Answered when it is durable. */
  z.object({ type: z.literal('snapshot') }),
])
export type AdminAction = Readonly<z.infer<typeof adminActionSchema>>

export const adminRequestSchema = z.object({
  type: z.literal('admin'),
  request: z.int().check(z.minimum(0)),
  action: adminActionSchema,
})
export type AdminRequest = Readonly<z.infer<typeof adminRequestSchema>>

export const adminReplySchema = z.object({
  type: z.literal('admin-reply'),
  request: z.int().check(z.minimum(0)),
  /** Code of problem.ts; empty when it was done. */
  problem: z.string(),
  /** The problem's details as JSON. */
  detail: z.string(),
  /** Done: the configuration's or snapshot's index. */
  index: z.int().check(z.minimum(0)),
  /** Where to ask instead (`not-leader`); 0 = not known. */
  leader: z.int().check(z.minimum(0), z.maximum(65535)),
})
export type AdminReply = Readonly<z.infer<typeof adminReplySchema>>

const refused = z.object({ reason: z.string(), node: z.int().check(z.minimum(0), z.maximum(65535)) })
const refusedSnapshot = z.object({ node: z.string(), reason: z.string() })

/** Why it was not done, from a reply that says so. What cannot be read is `internal`. */
export function adminProblem({ problem, detail, leader }: AdminReply): Problem {
  try {
    switch (problem) {
      case 'not-leader':
        return new Problem(problem, { leader: leader === 0 ? '' : String(leader) })
      case 'change-refused':
      case 'transfer-refused':
        return new Problem(problem, refused.parse(JSON.parse(detail)))
      case 'snapshot-refused':
        return new Problem(problem, refusedSnapshot.parse(JSON.parse(detail)))
    }
  } catch {
    // Then as it stands there.
  }
  return new Problem('internal', { reason: `${problem} ${detail}` })
}
