/** How a trace tells what a node was given. */
import type { Entry, Input, NodeId } from '../../main/raft'

const MESSAGE_NUMBERS = { RequestVote: 10, RequestVoteReply: 11, AppendEntries: 12, AppendEntriesReply: 13 } as const

/** An input in numbers, for the hash of a run. */
export function numbers(node: NodeId, input: Input): number[] {
  switch (input.type) {
    case 'deadline':
      return [6, node]
    case 'persisted':
      return [7, node, input.write]
    case 'propose':
      return [8, node, input.id]
    case 'message': {
      const { message } = input
      const detail =
        message.type === 'RequestVote'
          ? message.lastLogIndex
          : message.type === 'RequestVoteReply'
            ? Number(message.voteGranted)
            : message.type === 'AppendEntries'
              ? message.prevLogIndex * 31 + message.entries.length
              : message.matchIndex * 31 + message.conflictIndex
      return [MESSAGE_NUMBERS[message.type], message.from, message.to, message.term, detail]
    }
  }
}

/** An input in words, for a person. */
export function words(input: Input): string {
  switch (input.type) {
    case 'deadline':
      return 'timer'
    case 'persisted':
      return `has write ${input.write} on disk`
    case 'propose':
      return `is asked for proposal ${input.id}`
    case 'message': {
      const { type, from, to: _to, ...rest } = input.message
      const fields = Object.entries(rest).map(([key, value]) =>
        Array.isArray(value) ? `${key}=[${value.map((e: Entry) => `${e.index}@${e.term}`)}]` : `${key}=${value}`,
      )
      return `gets ${type} of ${from}: ${fields.join(' ')}`
    }
  }
}
