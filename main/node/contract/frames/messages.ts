/** Raft messages as bytes. What a peer says is checked here, so that the core never meets nonsense. */
import type { Entry, Message } from '../../../raft/types'
import type { ByteReader, ByteWriter } from '../bytes'
import { MESSAGE_TYPES } from '../events'
import { decodeEntries, encodeEntries } from '../records'

export interface MessageFrame {
  readonly type: 'message'
  /** With the sender it names the message for good: incarnation × 2^32 + counter. */
  readonly id: number
  /** The id of the request that this answers; 0 = none. */
  readonly inReplyTo: number
  readonly message: Message
}

export function writeMessage(writer: ByteWriter, { id, inReplyTo, message }: MessageFrame): void {
  writer.u8(MESSAGE_TYPES.indexOf(message.type))
  writer.f64(id)
  writer.f64(inReplyTo)
  writer.u16(message.from)
  writer.u16(message.to)
  writer.f64(message.term)
  switch (message.type) {
    case 'RequestVote':
      writer.f64(message.lastLogIndex)
      writer.f64(message.lastLogTerm)
      break
    case 'RequestVoteReply':
      writer.flag(message.voteGranted)
      break
    case 'AppendEntries':
      writer.f64(message.prevLogIndex)
      writer.f64(message.prevLogTerm)
      writer.f64(message.leaderCommit)
      writer.rest(encodeEntries(message.entries))
      break
    case 'AppendEntriesReply':
      writer.flag(message.success)
      writer.f64(message.matchIndex)
      writer.f64(message.conflictIndex)
      writer.f64(message.conflictTerm)
      break
    default:
      message satisfies never
  }
}

export function readMessage(reader: ByteReader, peer: string): MessageFrame {
  const type = reader.choice(MESSAGE_TYPES, 'message type')
  const id = reader.count('a message id')
  const inReplyTo = reader.count('a message id')
  const from = reader.u16()
  const to = reader.u16()
  const term = reader.count('a term')
  if (from === 0 || to === 0) reader.fail('a message from or to node 0')
  return { type: 'message', id, inReplyTo, message: readBody() }

  function readBody(): Message {
    switch (type) {
      case 'RequestVote':
        return {
          type,
          from,
          to,
          term,
          lastLogIndex: reader.count('lastLogIndex'),
          lastLogTerm: reader.count('lastLogTerm'),
        }
      case 'RequestVoteReply':
        return { type, from, to, term, voteGranted: reader.flag() }
      case 'AppendEntries': {
        const prevLogIndex = reader.count('prevLogIndex')
        const prevLogTerm = reader.count('prevLogTerm')
        const leaderCommit = reader.count('leaderCommit')
        const entries = decodeEntries(reader.rest(), peer)
        checkEntries(reader, entries, prevLogIndex, prevLogTerm, term)
        return { type, from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit }
      }
      case 'AppendEntriesReply':
        return {
          type,
          from,
          to,
          term,
          success: reader.flag(),
          matchIndex: reader.count('matchIndex'),
          conflictIndex: reader.count('conflictIndex'),
          conflictTerm: reader.count('conflictTerm'),
        }
    }
  }
}

/** Entries follow prevLogIndex without a hole, and terms never fall nor exceed the leader's (§5.3). */
function checkEntries(
  reader: ByteReader,
  entries: readonly Entry[],
  prevLogIndex: number,
  prevLogTerm: number,
  term: number,
): void {
  let index = prevLogIndex
  let last = prevLogTerm
  for (const entry of entries) {
    index += 1
    if (entry.index !== index) reader.fail(`entry ${entry.index} stands where ${index} belongs`)
    if (entry.term < last || entry.term > term) reader.fail(`entry ${index} cannot be of term ${entry.term}`)
    last = entry.term
  }
}
