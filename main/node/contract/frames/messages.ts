/** Raft messages as bytes. What a peer says is checked here, so that the core never meets nonsense. */
import { decodeConfiguration, encodeConfiguration } from '../../../raft/configuration'
import type { Configuration, Entry, Message, SnapshotMeta } from '../../../raft/types'
import type { ByteReader, ByteWriter } from '../bytes'
import { MESSAGE_TYPES } from '../events'
import { decodeEntries, entriesBytes, putEntries } from '../records/entries'

/** A message with what it is called by. */
export interface NamedMessage {
  readonly type: 'message'
  /** With the sender it names the message for good: incarnation × 2^32 + counter. */
  readonly id: number
  /** The id of the request that this answers; 0 = none. */
  readonly inReplyTo: number
  readonly message: Message
}

export interface MessageFrame extends NamedMessage {
  /** The `t` of its event `sent`: what a link delays, it delays from then on. */
  readonly sentAt: number
}

export function writeMessage(writer: ByteWriter, { id, inReplyTo, message }: NamedMessage): void {
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
      writer.flag(message.transfer)
      break
    case 'RequestPreVote':
      writer.f64(message.lastLogIndex)
      writer.f64(message.lastLogTerm)
      break
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      writer.flag(message.voteGranted)
      break
    case 'AppendEntries': {
      const { entries } = message
      writer.f64(message.prevLogIndex)
      writer.f64(message.prevLogTerm)
      writer.f64(message.leaderCommit)
      writer.f64(message.round)
      writer.flag(message.quiesce)
      // The records as they are in the log: straight into the frame.
      const at = writer.reserve(entriesBytes(entries))
      putEntries(writer.target, writer.view, at, entries)
      break
    }
    case 'AppendEntriesReply':
      writer.flag(message.success)
      writer.f64(message.matchIndex)
      writer.f64(message.conflictIndex)
      writer.f64(message.conflictTerm)
      writer.f64(message.round)
      break
    case 'InstallSnapshot':
      writeSnapshot(writer, message.snapshot)
      writer.f64(message.offset)
      writer.flag(message.done)
      writer.f64(message.round)
      writer.rest(message.data)
      break
    case 'InstallSnapshotReply':
      writer.f64(message.index)
      writer.f64(message.offset)
      writer.flag(message.installed)
      writer.f64(message.round)
      break
    case 'TimeoutNow':
      break
    case 'ReadIndex':
      writer.f64(message.context)
      break
    case 'ReadIndexReply':
      writer.f64(message.context)
      writer.f64(message.index)
      break
    default:
      message satisfies never
  }
}

/** Bytes that {@link writeMessage} writes. */
export function messageBytes(message: Message): number {
  return ENVELOPE_BYTES + contentBytes(message)
}

/** Type, id, inReplyTo, from, to and term. */
const ENVELOPE_BYTES = 1 + 8 + 8 + 2 + 2 + 8

function contentBytes(message: Message): number {
  switch (message.type) {
    case 'RequestVote':
      return 8 + 8 + 1
    case 'RequestPreVote':
      return 8 + 8
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      return 1
    case 'AppendEntries':
      return 4 * 8 + 1 + entriesBytes(message.entries)
    case 'AppendEntriesReply':
      return 1 + 4 * 8
    case 'InstallSnapshot': {
      const snapshot = 3 * 8 + 4 + 4 + encodeConfiguration(message.snapshot.configuration).length
      return snapshot + 8 + 1 + 8 + message.data.length
    }
    case 'InstallSnapshotReply':
      return 8 + 8 + 1 + 8
    case 'TimeoutNow':
      return 0
    case 'ReadIndex':
      return 8
    case 'ReadIndexReply':
      return 8 + 8
  }
}

function writeSnapshot(writer: ByteWriter, { index, term, configuration, bytes, checksum }: SnapshotMeta): void {
  writer.f64(index)
  writer.f64(term)
  writer.f64(bytes)
  writer.u32(checksum)
  writer.bytes(encodeConfiguration(configuration))
}

/** Throws Problem 'frame-malformed' for anything that no correct peer says. */
export function readMessage(reader: ByteReader, peer: string): NamedMessage {
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
      case 'RequestVote': {
        const lastLogIndex = reader.count('lastLogIndex')
        const lastLogTerm = reader.count('lastLogTerm')
        return { type, from, to, term, lastLogIndex, lastLogTerm, transfer: reader.flag() }
      }
      case 'RequestPreVote': {
        const lastLogIndex = reader.count('lastLogIndex')
        return { type, from, to, term, lastLogIndex, lastLogTerm: reader.count('lastLogTerm') }
      }
      case 'RequestVoteReply':
      case 'RequestPreVoteReply':
        return { type, from, to, term, voteGranted: reader.flag() }
      case 'AppendEntries': {
        const prevLogIndex = reader.count('prevLogIndex')
        const prevLogTerm = reader.count('prevLogTerm')
        const leaderCommit = reader.count('leaderCommit')
        const round = reader.count('round')
        const quiesce = reader.flag()
        const entries = reader.left === 0 ? NO_ENTRIES : decodeEntries(reader.rest(), peer)
        checkEntries(reader, entries, prevLogIndex, prevLogTerm, term)
        return { type, from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit, round, quiesce }
      }
      case 'AppendEntriesReply': {
        const success = reader.flag()
        const matchIndex = reader.count('matchIndex')
        const conflictIndex = reader.count('conflictIndex')
        const conflictTerm = reader.count('conflictTerm')
        const round = reader.count('round')
        return { type, from, to, term, success, matchIndex, conflictIndex, conflictTerm, round }
      }
      case 'InstallSnapshot': {
        const snapshot = readSnapshot(reader, term)
        const offset = reader.count('an offset')
        const done = reader.flag()
        const round = reader.count('round')
        const data = reader.rest()
        const end = offset + data.length
        if (end > snapshot.bytes) reader.fail(`bytes up to ${end} of a snapshot of ${snapshot.bytes}`)
        if (done && end < snapshot.bytes) reader.fail(`the last chunk ends at ${end} of ${snapshot.bytes} bytes`)
        return { type, from, to, term, snapshot, offset, data: new Uint8Array(data), done, round }
      }
      case 'InstallSnapshotReply': {
        const index = reader.count('an index')
        const offset = reader.count('an offset')
        const installed = reader.flag()
        return { type, from, to, term, index, offset, installed, round: reader.count('round') }
      }
      case 'TimeoutNow':
        return { type, from, to, term }
      case 'ReadIndex':
        return { type, from, to, term, context: reader.count('a context') }
      case 'ReadIndexReply': {
        const context = reader.count('a context')
        return { type, from, to, term, context, index: reader.count('an index') }
      }
    }
  }
}

const NO_ENTRIES: readonly Entry[] = []

/** Entries follow prevLogIndex without a hole, and terms never fall nor exceed the leader's (§5.3). */
function checkEntries(
  reader: ByteReader,
  entries: readonly Entry[],
  prevLogIndex: number,
  prevLogTerm: number,
  term: number,
): void {
  if (prevLogTerm > term) reader.fail(`entry ${prevLogIndex} cannot be of term ${prevLogTerm}`)
  let index = prevLogIndex
  let last = prevLogTerm
  for (const entry of entries) {
    index += 1
    if (entry.index !== index) reader.fail(`entry ${entry.index} stands where ${index} belongs`)
    if (entry.term < last || entry.term > term) reader.fail(`entry ${index} cannot be of term ${entry.term}`)
    last = entry.term
  }
}

/** A snapshot covers one entry at least, none of a later term than its sender's, and names a possible configuration. */
function readSnapshot(reader: ByteReader, leaderTerm: number): SnapshotMeta {
  const index = reader.count('an index')
  const term = reader.count('a term')
  const bytes = reader.count('a length')
  const checksum = reader.u32()
  const configuration = decodeConfiguration(reader.view())
  if (index === 0 || term === 0 || term > leaderTerm) reader.fail(`no snapshot is of ${index} in term ${term}`)
  if (configuration === undefined) reader.fail('its configuration cannot be read')
  const fault = faultIn(configuration)
  if (fault !== undefined) reader.fail(fault)
  return { index, term, bytes, checksum, configuration }
}

/** Why no cluster can have this configuration; undefined when one can. Its lists are sorted and unique already. */
function faultIn(configuration: Configuration): string | undefined {
  const { voters, outgoing, learners, learnersNext, witnesses } = configuration
  if (voters.length === 0) return 'a configuration without voters'
  if (learners.some((id) => voters.includes(id) || outgoing.includes(id))) return 'a learner that votes'
  if (learnersNext.some((id) => !outgoing.includes(id) || voters.includes(id)))
    return 'a learner to be that has no vote'
  if (witnesses.some((id) => !voters.includes(id) && !outgoing.includes(id))) return 'a witness that has no vote'
  return undefined
}
