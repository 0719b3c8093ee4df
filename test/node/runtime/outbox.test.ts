import { expect, test } from 'vitest'
import type { NamedMessage } from '../../../main/node/contract/frames'
import { Outbox } from '../../../main/node/runtime/outbox'
import type { Message, Outgoing } from '../../../main/raft/types'
import { heartbeat } from './support'

const vote = (to: number): Message => ({ type: 'RequestVoteReply', from: 1, to, term: 1, voteGranted: true })
const ack = (to: number): Message => ({
  type: 'AppendEntriesReply',
  from: 1,
  to,
  term: 1,
  success: true,
  matchIndex: 0,
  conflictIndex: 0,
  conflictTerm: 0,
  round: 0,
})
const after = (afterWrite: number, message: Message): Outgoing => ({ message, afterWrite })

test('a message waits for its write; others go at once', () => {
  const out: NamedMessage[] = []
  const outbox = new Outbox(0, (frame) => out.push(frame))
  outbox.add([after(1, vote(2)), after(0, heartbeat(1, 3)), after(2, vote(3)), after(2, vote(4))])
  expect(out.map(({ message }) => message.to)).toEqual([3])
  outbox.persisted(1)
  expect(out.map(({ message }) => message.to)).toEqual([3, 2])
  outbox.persisted(2)
  expect(out.map(({ message }) => message.to)).toEqual([3, 2, 3, 4])
  outbox.add([after(2, vote(5))])
  expect(out).toHaveLength(5)
})

test('one acknowledgement of the disk may cover several writes', () => {
  const out: NamedMessage[] = []
  const outbox = new Outbox(0, (frame) => out.push(frame))
  outbox.add([after(1, vote(2)), after(2, vote(3)), after(3, vote(4))])
  outbox.persisted(2)
  expect(out.map(({ message }) => message.to)).toEqual([2, 3])
})

test('ids are unique over lives, and an answer keeps its question’s id while it waits', () => {
  const out: NamedMessage[] = []
  const outbox = new Outbox(3, (frame) => out.push(frame))
  const cause: NamedMessage = { type: 'message', id: 77, inReplyTo: 0, message: heartbeat(2, 1) }
  outbox.add([after(1, ack(2)), after(0, ack(3)), after(0, vote(2))], cause)
  outbox.persisted(1)
  expect(out.map(({ id, inReplyTo, message }) => [id - 3 * 2 ** 32, inReplyTo, message.type, message.to])).toEqual([
    [2, 0, 'AppendEntriesReply', 3],
    [3, 0, 'RequestVoteReply', 2],
    [1, 77, 'AppendEntriesReply', 2],
  ])
})
