/** What the parts of a simulated cluster share: virtual time, chance, and what happens later. */
import type { Message } from '../../main/raft'
import type { Invariants } from './invariants'
import type { Random } from './random'
import type { Setup } from './setup'
import type { Trace } from './trace'

export interface World {
  readonly time: number
  readonly random: Random
  readonly setup: Setup
  readonly invariants: Invariants
  readonly trace: Trace
  /** The chaos is over: nothing breaks any more. */
  readonly isHealed: boolean
  later(delay: number, what: () => void): void
  /** Takes no virtual time: nothing else happens until this is done. */
  await(work: Promise<void>): void
  transmit(message: Message): void
}
