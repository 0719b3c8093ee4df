/** Messages on their way out: named, joined to what they answer, and held until the disk has what they say. */
import type { Message, MessageType, Outgoing } from '../../raft/types'
import type { NamedMessage } from '../contract/frames'

const REPLY_TO: { readonly [T in MessageType]?: MessageType } = {
  RequestVote: 'RequestVoteReply',
  RequestPreVote: 'RequestPreVoteReply',
  AppendEntries: 'AppendEntriesReply',
  InstallSnapshot: 'InstallSnapshotReply',
  ReadIndex: 'ReadIndexReply',
}

interface Held {
  readonly frame: NamedMessage
  readonly afterWrite: number
}

export class Outbox {
  readonly #deliver: (frame: NamedMessage) => void
  readonly #firstId: number
  #count = 0
  #persisted = 0
  /** In the order of their writes. */
  #held: Held[] = []

  constructor(incarnation: number, deliver: (frame: NamedMessage) => void) {
    this.#firstId = incarnation * 2 ** 32
    this.#deliver = deliver
  }

  /** `cause`: the message whose step produced these. */
  add(messages: readonly Outgoing[], cause?: NamedMessage): void {
    for (const { message, afterWrite } of messages) {
      this.#count += 1
      const frame: NamedMessage = {
        type: 'message',
        id: this.#firstId + this.#count,
        inReplyTo: cause !== undefined && answers(message, cause.message) ? cause.id : 0,
        message,
      }
      if (afterWrite <= this.#persisted) this.#deliver(frame)
      else this.#held.push({ frame, afterWrite })
    }
  }

  /** The disk has `write` and all before it. */
  persisted(write: number): void {
    this.#persisted = write
    if (this.#held.length === 0) return
    const waiting = this.#held.findIndex(({ afterWrite }) => afterWrite > write)
    const released = waiting < 0 ? this.#held : this.#held.slice(0, waiting)
    this.#held = waiting < 0 ? [] : this.#held.slice(waiting)
    for (const { frame } of released) this.#deliver(frame)
  }
}

function answers(reply: Message, request: Message): boolean {
  return reply.to === request.from && reply.type === REPLY_TO[request.type]
}
