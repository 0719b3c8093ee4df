/** Paper §5.1: Raft basics — terms. */
import { describe, expect, test } from 'vitest'
import type { Message } from '../../main/raft'
import { append, appended, requestVote, Server, vote } from './support'

const roles: readonly (readonly [string, () => Server])[] = [
  ['follower', () => new Server({ term: 1 })],
  ['candidate', () => campaigning()],
  ['leader', () => new Server().lead()],
]

function campaigning(): Server {
  const server = new Server()
  server.expire()
  return server
}

const messages = (term: number): readonly Message[] => [
  requestVote({ term }),
  vote({ term, voteGranted: false }),
  append({ term }),
  appended({ term }),
]

describe.each(roles)('%s', (role, make) => {
  test.each(messages(5))('updates its term from $type and follows', (message) => {
    const server = make()
    expect(server.status).toMatchObject({ role, currentTerm: 1 })
    server.receive(message)
    expect(server.status).toMatchObject({ role: 'follower', currentTerm: 5 })
    expect(server.hardState.value.currentTerm).toBe(5)
  })

  test.each(messages(0))('rejects $type with a stale term', (message) => {
    const server = make()
    const before = server.status
    server.take()
    server.receive(message)
    expect(server.status).toEqual(before)
    const answers = server.take()
    if (message.type === 'RequestVote') {
      expect(answers).toMatchObject([{ type: 'RequestVoteReply', voteGranted: false, term: 1 }])
      expect(server.remarks).toContain('vote-refused-stale-term')
    } else if (message.type === 'AppendEntries') {
      expect(answers).toMatchObject([{ type: 'AppendEntriesReply', success: false, term: 1 }])
      expect(server.remarks).toContain('append-refused-stale-term')
    } else {
      expect(answers).toEqual([])
      expect(server.remarks).toContain('stale-reply-ignored')
    }
  })
})

test('the leader of a higher term is known at once, another message names none', () => {
  const told = new Server()
  told.receive(append({ term: 3 }))
  expect(told.status.leader).toBe(2)
  told.receive(requestVote({ term: 4, from: 3 }))
  expect(told.status.leader).toBe(0)
})

test('a message for another server, or from itself, changes nothing', () => {
  const server = new Server()
  const before = server.status
  server.receive(append({ term: 9, to: 3 }))
  server.receive(append({ term: 9, from: 1 }))
  expect(server.status).toEqual(before)
  expect(server.take()).toEqual([])
})

test('§6: a server accepts entries of a leader, and votes for a candidate, that is not in its configuration', () => {
  const server = new Server()
  server.receive(append({ term: 2, from: 8, terms: [2] }))
  expect(server.reply('AppendEntriesReply')).toMatchObject({ to: 8, success: true })
  server.receive(requestVote({ term: 3, from: 9, lastLogIndex: 1, lastLogTerm: 2 }))
  expect(server.reply('RequestVoteReply')).toMatchObject({ to: 9, voteGranted: true })
})
