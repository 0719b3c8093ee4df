/**
 * The clock that the core goes by. It is the machine's monotonic clock until it is conditioned, and it never goes back:
 *
 * - `rate`: how fast it goes against the machine's.
 * - a jump ahead moves it at once; deadlines that it passes are reached. A jump back lets it stand for as long.
 * - `manual`: it stands. It moves by jumps, and by `fire`: to the core's next deadline (an election's for most, a
 *   heartbeat's for a leader), which is then reached. Nothing else makes a deadline happen.
 * - running, `fire` moves it to the next deadline as well: "the election timer runs out now".
 *
 * Rate and mode survive a restart; each life begins without jumps. While the whole cluster is stopped at a breakpoint no
 * node's clock moves (control `slept`). The `t` of events is always the machine's clock. A `timer` event tells its deadline
 * in the machine's clock as things stand, and is told again after each `clock` event; in manual time it is Infinity.
 */
import * as z from 'zod/mini'
import { CLOCK_MODES } from '../events'

z.config({ ...z.locales.en(), jitless: true })

export const MIN_CLOCK_RATE = 0.1
export const MAX_CLOCK_RATE = 10
/** An hour, either way. */
const MAX_JUMP_MS = 3_600_000

export const clockSchema = z.strictObject({
  mode: z.enum(CLOCK_MODES),
  /** Has no effect in manual time. */
  rate: z.number().check(z.minimum(MIN_CLOCK_RATE), z.maximum(MAX_CLOCK_RATE)),
})
export type ClockSetting = Readonly<z.infer<typeof clockSchema>>

export const jumpSchema = z.number().check(z.minimum(-MAX_JUMP_MS), z.maximum(MAX_JUMP_MS))

export const TRUE_CLOCK: ClockSetting = { mode: 'running', rate: 1 }
