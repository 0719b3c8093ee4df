/** Held messages as a window gets them. */
import { describe, expect, test } from 'vitest'
import { ByteWriter } from '../../main/node/contract/bytes'
import { writeMessage } from '../../main/node/contract/frames/messages'
import { messageOf } from '../../main/node/contract/message-schema'
import type { Message } from '../../main/raft/types'
import { newNode } from '../../main/timeline/fold/cluster'
import type { HeldMessage } from '../../main/timeline/state'
import { heldDetail, heldViews } from '../../main/workbench/views/held'
import { HEX_BYTES } from '../../preload/contract'

function held(message: Message, id = 7, copyOf = 0): HeldMessage {
  const out = new ByteWriter()
  writeMessage(out, { type: 'message', id: copyOf === 0 ? id : copyOf, inReplyTo: 0, message })
  const { type, from: peer, term } = message
  return { peer, id, copyOf, message: type, term, since: 5, bytes: out.finish() }
}

function nodeWith(id: number, ...messages: HeldMessage[]) {
  return { ...newNode(id), held: messages }
}

const envelope = { from: 2, to: 1, term: 3 }
const entry = { index: 5, term: 3, type: 'command', data: Uint8Array.of(1, 2, 3) } as const
const snapshot = {
  index: 9,
  term: 2,
  bytes: 4,
  checksum: 77,
  configuration: { voters: [1, 2, 3], outgoing: [], learners: [], learnersNext: [], witnesses: [] },
}
const CASES: readonly (readonly [Message, readonly (readonly [string, unknown])[]])[] = [
  [
    { type: 'RequestVote', ...envelope, lastLogIndex: 4, lastLogTerm: 2, transfer: false },
    [
      ['lastLogIndex', 4],
      ['lastLogTerm', 2],
    ],
  ],
  [
    { type: 'RequestVote', ...envelope, lastLogIndex: 4, lastLogTerm: 2, transfer: true },
    [
      ['lastLogIndex', 4],
      ['lastLogTerm', 2],
      ['transfer', true],
    ],
  ],
  [
    { type: 'RequestPreVote', ...envelope, lastLogIndex: 4, lastLogTerm: 2 },
    [
      ['lastLogIndex', 4],
      ['lastLogTerm', 2],
    ],
  ],
  [{ type: 'RequestVoteReply', ...envelope, voteGranted: true }, [['voteGranted', true]]],
  [{ type: 'RequestPreVoteReply', ...envelope, voteGranted: false }, [['voteGranted', false]]],
  [
    {
      type: 'AppendEntries',
      ...envelope,
      prevLogIndex: 4,
      prevLogTerm: 2,
      entries: [entry],
      leaderCommit: 4,
      round: 1,
      quiesce: false,
    },
    [
      ['prevLogIndex', 4],
      ['prevLogTerm', 2],
      ['entries', 1],
      ['leaderCommit', 4],
    ],
  ],
  [
    {
      type: 'AppendEntriesReply',
      ...envelope,
      success: true,
      matchIndex: 5,
      conflictIndex: 0,
      conflictTerm: 0,
      round: 1,
    },
    [
      ['success', true],
      ['matchIndex', 5],
    ],
  ],
  [
    {
      type: 'AppendEntriesReply',
      ...envelope,
      success: false,
      matchIndex: 0,
      conflictIndex: 3,
      conflictTerm: 1,
      round: 1,
    },
    [
      ['success', false],
      ['conflictIndex', 3],
      ['conflictTerm', 1],
    ],
  ],
  [
    {
      type: 'InstallSnapshot',
      ...envelope,
      snapshot,
      offset: 0,
      data: Uint8Array.of(1, 2, 3, 4),
      done: true,
      round: 1,
    },
    [
      ['index', 9],
      ['offset', 0],
      ['data', 4],
      ['done', true],
    ],
  ],
  [
    { type: 'InstallSnapshotReply', ...envelope, index: 9, offset: 4, installed: true, round: 1 },
    [
      ['index', 9],
      ['offset', 4],
      ['installed', true],
    ],
  ],
  [{ type: 'TimeoutNow', ...envelope }, []],
  [{ type: 'ReadIndex', ...envelope, context: 6 }, [['context', 6]]],
  [
    { type: 'ReadIndexReply', ...envelope, context: 6, index: 5 },
    [
      ['context', 6],
      ['index', 5],
    ],
  ],
]

describe('a held message', () => {
  test.each(CASES)('says what is in it: %j', (message, gist) => {
    const one = held(message)
    expect(heldViews([nodeWith(1, one)], 10)).toEqual([
      {
        from: 2,
        to: 1,
        id: 7,
        copyOf: 0,
        message: message.type,
        term: 3,
        since: 5,
        bytes: one.bytes.length,
        gist,
      },
    ])
  })

  test.each(CASES)('can be looked into, and what is seen can be sent as it is: %j', (message) => {
    const one = held(message)
    const detail = heldDetail(1, one)
    expect(detail.hex).toBe(Buffer.from(one.bytes).toString('hex'))
    expect(detail.message).toMatchObject({ type: message.type, ...envelope })
    expect(messageOf(JSON.parse(JSON.stringify(detail.message)), message)).toEqual(message)
  })

  test('tells of what it is a copy', () => {
    const [view] = heldViews([nodeWith(1, held({ type: 'TimeoutNow', ...envelope }, -4, 7))], 1)
    expect(view).toMatchObject({ id: -4, copyOf: 7 })
  })

  test('that cannot be decoded is still listed, with its bytes', () => {
    const damaged: HeldMessage = { ...held({ type: 'TimeoutNow', ...envelope }), bytes: Uint8Array.of(99, 1) }
    expect(heldViews([nodeWith(1, damaged)], 1)).toMatchObject([{ message: 'TimeoutNow', bytes: 2, gist: [] }])
    expect(heldDetail(1, damaged)).toMatchObject({ message: null, hex: '6301' })
  })

  test('shows no more than so many of its bytes', () => {
    const data = new Uint8Array(HEX_BYTES + 10)
    const one = held({ type: 'InstallSnapshot', ...envelope, snapshot, offset: 0, data, done: true, round: 1 })
    expect(heldDetail(1, one).hex).toHaveLength(HEX_BYTES * 2)
  })
})

test('held messages come node after node, in order, at most so many; a line is made once', () => {
  const message = (id: number, from: number): HeldMessage => held({ type: 'TimeoutNow', ...envelope, from }, id)
  const nodes = [nodeWith(1, message(1, 2), message(2, 3)), nodeWith(2), nodeWith(3, message(3, 1), message(4, 1))]
  const views = heldViews(nodes, 3)
  expect(views.map(({ from, to, id }) => [from, to, id])).toEqual([
    [2, 1, 1],
    [3, 1, 2],
    [1, 3, 3],
  ])
  expect(heldViews(nodes, 3)[0]).toBe(views[0])
  expect(heldViews(nodes, 100)).toHaveLength(4)
})
