/** How a trace tells what a node was given. */
import type { Entry, Input, Message, NodeId } from '../../main/raft'

const INPUTS = [
  'message',
  'deadline',
  'propose',
  'read',
  'change',
  'transfer',
  'persisted',
  'snapshot-saved',
  'chunk-stored',
  'snapshot-received',
  'unreachable',
  'wake',
  'reachable',
] as const satisfies readonly Input['type'][]

/** An input in numbers, for the hash of a run. */
export function numbers(node: NodeId, input: Input): number[] {
  const kind = 100 + INPUTS.indexOf(input.type)
  switch (input.type) {
    case 'message':
      return [kind, node, input.message.from, input.message.term, detailOf(input.message)]
    case 'persisted':
      return [kind, node, input.write]
    case 'propose':
      return [kind, node, input.proposals.length, input.proposals[0]?.id ?? 0]
    case 'read':
    case 'change':
    case 'transfer':
      return [kind, node, input.id]
    case 'snapshot-saved':
    case 'snapshot-received':
    case 'chunk-stored':
      return [kind, node, input.snapshot.index, input.snapshot.checksum]
    case 'unreachable':
    case 'reachable':
      return [kind, node, input.peer]
    case 'deadline':
    case 'wake':
      return [kind, node]
  }
}

function detailOf(message: Message): number {
  switch (message.type) {
    case 'RequestVote':
    case 'RequestPreVote':
      return message.lastLogIndex
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      return Number(message.voteGranted)
    case 'AppendEntries':
      return message.prevLogIndex * 31 + message.entries.length
    case 'AppendEntriesReply':
      return message.matchIndex * 31 + message.conflictIndex
    case 'InstallSnapshot':
    case 'InstallSnapshotReply':
      return message.offset
    case 'ReadIndex':
      return message.context
    case 'ReadIndexReply':
      return message.index
    case 'TimeoutNow':
      return 0
  }
}

/** An input in words, for a person. */
export function words(input: Input): string {
  switch (input.type) {
    case 'deadline':
      return 'timer'
    case 'persisted':
      return `has write ${input.write} on disk`
    case 'message': {
      const { type, from, to: _to, ...rest } = input.message
      return `gets ${type} of ${from}: ${fields(rest)}`
    }
    case 'propose':
      return `is asked for ${input.proposals.map(({ id }) => id)}`
    default: {
      const { type, ...rest } = input
      return `${type} ${fields(rest)}`
    }
  }
}

function fields(record: object): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}=${spell(value)}`)
    .join(' ')
}

function spell(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `[${value.map((each: Entry | object) => ('index' in each && 'term' in each ? place(each) : JSON.stringify(each)))}]`
}

function place({ index, term, type }: Entry): string {
  return `${index}@${term}${type === 'command' ? '' : ` ${type}`}`
}
