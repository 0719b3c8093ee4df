/** A message that reached this node, or a copy of one that this node made. */
import type { MessageFrame } from '../contract/frames'
import { messageBytes } from '../contract/frames/messages'

export interface Arrival {
  /** As its sender wrote it: its id is that of the original, which a reply has to name. */
  readonly frame: MessageFrame
  /** Its name here: the frame's, or (negative) that of a copy. */
  readonly id: number
  /** Of the body of its frame. */
  readonly bytes: number
  /** Its content was changed here: its sender has not told what is in it. */
  readonly isEdited: boolean
}

export function arrival(frame: MessageFrame): Arrival {
  return { frame, id: frame.id, bytes: messageBytes(frame.message), isEdited: false }
}
