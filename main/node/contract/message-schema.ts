/**
 * A Raft message as JSON, for people who look at one and change it: the fields of `raft/types.ts`, bytes as base64. One
 * that passes the schema may still be nonsense on the wire; {@link messageOf} applies the rules of the codec as well.
 */
import * as z from 'zod/mini'
import type { Message } from '../../raft/types'
import { ByteReader, ByteWriter } from './bytes'
import { readMessage, writeMessage } from './frames/messages'
import { asProblem, Problem } from './problem'

z.config({ ...z.locales.en(), jitless: true })

const node = z.int().check(z.minimum(1), z.maximum(65535))
/** Terms, indexes, rounds, offsets. */
const count = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const base64 = z.base64()
const nodes = z.array(node)
const envelope = { from: node, to: node, term: count }

export const entryJsonSchema = z.strictObject({
  index: count,
  term: count,
  type: z.enum(['noop', 'command', 'config', 'metadata']),
  data: base64,
})

const snapshotJson = z.strictObject({
  index: count,
  term: count,
  bytes: count,
  checksum: z.int().check(z.minimum(0), z.maximum(0xffff_ffff)),
  configuration: z.strictObject({
    voters: nodes,
    outgoing: nodes,
    learners: nodes,
    learnersNext: nodes,
    witnesses: nodes,
  }),
})

export const messageJsonSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('RequestVote'),
    ...envelope,
    lastLogIndex: count,
    lastLogTerm: count,
    transfer: z.boolean(),
  }),
  z.strictObject({ type: z.literal('RequestVoteReply'), ...envelope, voteGranted: z.boolean() }),
  z.strictObject({ type: z.literal('RequestPreVote'), ...envelope, lastLogIndex: count, lastLogTerm: count }),
  z.strictObject({ type: z.literal('RequestPreVoteReply'), ...envelope, voteGranted: z.boolean() }),
  z.strictObject({
    type: z.literal('AppendEntries'),
    ...envelope,
    prevLogIndex: count,
    prevLogTerm: count,
    entries: z.array(entryJsonSchema),
    leaderCommit: count,
    round: count,
    quiesce: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('AppendEntriesReply'),
    ...envelope,
    success: z.boolean(),
    matchIndex: count,
    conflictIndex: count,
    conflictTerm: count,
    round: count,
  }),
  z.strictObject({
    type: z.literal('InstallSnapshot'),
    ...envelope,
    snapshot: snapshotJson,
    offset: count,
    data: base64,
    done: z.boolean(),
    round: count,
  }),
  z.strictObject({
    type: z.literal('InstallSnapshotReply'),
    ...envelope,
    index: count,
    offset: count,
    installed: z.boolean(),
    round: count,
  }),
  z.strictObject({ type: z.literal('TimeoutNow'), ...envelope }),
  z.strictObject({ type: z.literal('ReadIndex'), ...envelope, context: count }),
  z.strictObject({ type: z.literal('ReadIndexReply'), ...envelope, context: count, index: count }),
])
export type MessageJson = Readonly<z.infer<typeof messageJsonSchema>>

/** Every message type of the core has its schema. */
export type EveryMessageHasItsJson = MessageJson['type'] extends Message['type']
  ? Message['type'] extends MessageJson['type']
    ? true
    : never
  : never

export function messageJson(message: Message): MessageJson {
  switch (message.type) {
    case 'AppendEntries': {
      const entries = message.entries.map(({ index, term, type, data }) => ({ index, term, type, data: toText(data) }))
      return { ...message, entries }
    }
    case 'InstallSnapshot': {
      const { voters, outgoing, learners, learnersNext, witnesses } = message.snapshot.configuration
      const configuration = {
        voters: [...voters],
        outgoing: [...outgoing],
        learners: [...learners],
        learnersNext: [...learnersNext],
        witnesses: [...witnesses],
      }
      return { ...message, snapshot: { ...message.snapshot, configuration }, data: toText(message.data) }
    }
    default:
      return message
  }
}

/**
 * The message that `edited` says, in place of `original`. Throws Problem 'message-invalid': it does not pass the schema, its
 * type, from or to is another, or no correct peer could have said it (the codec refuses it).
 */
export function messageOf(edited: unknown, original: Pick<Message, 'type' | 'from' | 'to'>): Message {
  const read = messageJsonSchema.safeParse(edited)
  if (!read.success) throw invalid(z.prettifyError(read.error))
  const json = read.data
  for (const field of ['type', 'from', 'to'] as const) {
    if (json[field] !== original[field]) throw invalid(`“${field}” cannot be changed`)
  }
  // Through the codec and back: what it refuses from a peer, it refuses here.
  const writer = new ByteWriter()
  try {
    writeMessage(writer, { type: 'message', id: 0, inReplyTo: 0, message: plain(json) })
    return readMessage(new ByteReader(writer.finish(), ''), '').message
  } catch (error) {
    const { details, message } = asProblem(error)
    throw invalid('reason' in details ? details.reason : message)
  }
}

function plain(json: MessageJson): Message {
  switch (json.type) {
    case 'AppendEntries':
      return { ...json, entries: json.entries.map((entry) => ({ ...entry, data: toBytes(entry.data) })) }
    case 'InstallSnapshot':
      return { ...json, data: toBytes(json.data) }
    default:
      return json
  }
}

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const invalid = (reason: string) => new Problem('message-invalid', { reason })
