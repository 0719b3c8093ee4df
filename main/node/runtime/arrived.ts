/** What a node's loop gathers between two turns. */
import type { Input, Write } from '../../raft/types'
import type { ConditionControl } from '../conditioning/desk'
import type { MessageFrame, NamedMessage } from '../contract/frames'
import type { Problem } from '../contract/problem'
import type { AdminArrival } from './admin'
import type { Call } from './call'

/** Everything that has arrived since the last turn, in order by kind. */
export interface Arrived {
  readonly finished: Finished[]
  readonly troubles: Problem[]
  readonly controls: ConditionControl[]
  readonly messages: MessageFrame[]
  /** What the node's own parts tell the core. */
  readonly inputs: OwnInput[]
  readonly calls: Call[]
  readonly admin: AdminArrival[]
  /** Messages that are whole now. */
  readonly filled: NamedMessage[]
}

/** A write that the disk has finished. */
export interface Finished {
  readonly write: Write
  readonly bytes: number
  readonly micros: number
}

export interface OwnInput {
  readonly input: Input
  /** The message that led to it. */
  readonly cause?: NamedMessage | undefined
  /** To be called when the core has taken it. */
  readonly taken?: () => void
}

export function nothing(): Arrived {
  return { finished: [], troubles: [], controls: [], messages: [], inputs: [], calls: [], admin: [], filled: [] }
}
