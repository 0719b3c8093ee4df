/** What the supervisor may tell a running node, over the node's telemetry connection; JSON, checked on arrival. */
import * as z from 'zod/mini'
import { conditionControls } from './control-conditions'

z.config({ ...z.locales.en(), jitless: true })

export const controlSchema = z.discriminatedUnion('type', [
  /** Finish the write under way, close the sockets, exit with status 0. */
  z.object({ type: z.literal('stop') }),
  /** Where there is no SIGSTOP (Windows): stop reading, stepping and ticking until `thaw`. */
  z.object({ type: z.literal('freeze') }),
  z.object({ type: z.literal('thaw') }),
  /** Where a node listens from now on; null: it is gone for good. */
  z.object({
    type: z.literal('address'),
    node: z.int().check(z.minimum(1), z.maximum(65535)),
    address: z.nullable(z.string().check(z.minLength(1))),
  }),
  /** What is in these runs of the log that the node has announced; it may forget the others. */
  z.object({ type: z.literal('tell'), runs: z.array(z.int().check(z.minimum(0))) }),
  ...conditionControls,
])
export type Control = z.infer<typeof controlSchema>
