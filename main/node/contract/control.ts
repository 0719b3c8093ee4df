/** What the supervisor may tell a running node, over the node's telemetry connection; JSON, checked on arrival. */
import { z } from 'zod'

z.config({ jitless: true })

export const controlSchema = z.discriminatedUnion('type', [
  /** Conditioning sits on the receiving side: the node drops what arrives from `from`. */
  z.object({ type: z.literal('block'), from: z.number().int(), blocked: z.boolean() }),
  /** Finish the write under way, close the sockets, exit with status 0. */
  z.object({ type: z.literal('stop') }),
  /** Where there is no SIGSTOP (Windows): stop reading, stepping and ticking until `thaw`. */
  z.object({ type: z.literal('freeze') }),
  z.object({ type: z.literal('thaw') }),
  /** Where a node listens from now on; null: it is gone for good. */
  z.object({
    type: z.literal('address'),
    node: z.number().int().min(1).max(65535),
    address: z.string().min(1).nullable(),
  }),
])
export type Control = z.infer<typeof controlSchema>
