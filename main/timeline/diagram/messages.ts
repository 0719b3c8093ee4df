/** What kind of thing a message is: for its shape on the ring and on the timeline, and for the words about it. Pure. */
import type { EventView } from '../views/types'

export type MessageName = EventView<'sent'>['message']

/** One shape per kind of request; its reply has the same, in outline. */
export const MESSAGE_SHAPES = ['append', 'beat', 'vote', 'prevote', 'snapshot', 'timeout', 'read'] as const
export type MessageShape = (typeof MESSAGE_SHAPES)[number]

export function shapeOf(message: MessageName, heartbeat: boolean): MessageShape {
  switch (message) {
    case 'AppendEntries':
    case 'AppendEntriesReply':
      return heartbeat ? 'beat' : 'append'
    case 'Foreign':
      return 'append'
    case 'RequestVote':
    case 'RequestVoteReply':
      return 'vote'
    case 'RequestPreVote':
    case 'RequestPreVoteReply':
      return 'prevote'
    case 'InstallSnapshot':
    case 'InstallSnapshotReply':
      return 'snapshot'
    case 'TimeoutNow':
      return 'timeout'
    case 'ReadIndex':
    case 'ReadIndexReply':
      return 'read'
  }
}

export const isReply = (message: MessageName): boolean => message.endsWith('Reply')

/** A reply that says no. A snapshot that is not installed yet, or a read index, is none. */
export function isRefusal(message: MessageName, ok: boolean): boolean {
  return (
    !ok && (message === 'RequestVoteReply' || message === 'RequestPreVoteReply' || message === 'AppendEntriesReply')
  )
}

/** SVG path data around (0, 0), some twelve pixels wide. */
export const SHAPE_PATHS: Readonly<Record<MessageShape, string>> = {
  append: 'M-6.5 -2.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2z',
  beat: 'M-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z',
  vote: 'M0 -6L6 0L0 6L-6 0Z',
  prevote: 'M0 -6L6 0L0 6L-6 0Z',
  snapshot: 'M-5.5 -5.5h11v11h-11z',
  timeout: 'M0 -6L6 4.5H-6Z',
  // A ring: with the rule evenodd its middle stays open.
  read: 'M-5.5 0a5.5 5.5 0 1 1 11 0a5.5 5.5 0 1 1-11 0zM-2.5 0a2.5 2.5 0 1 1 5 0a2.5 2.5 0 1 1-5 0z',
}
