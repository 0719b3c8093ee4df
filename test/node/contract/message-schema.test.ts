/** A message as text that people edit: nothing is lost on the way, and nothing comes back that no peer could have said. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '../../../main/node/contract/bytes'
import { MESSAGE_TYPES } from '../../../main/node/contract/events'
import { messageBytes, readMessage, writeMessage } from '../../../main/node/contract/frames/messages'
import { messageJson, messageOf } from '../../../main/node/contract/message-schema'
import { Problem } from '../../../main/node/contract/problem'
import type { Entry, Message } from '../../../main/raft/types'
import { message } from './arbitraries'

/** As the codec gives it: entries without what they drag along. */
function plain(one: Message): unknown {
  const bytes = (data: Uint8Array) => [...data]
  if (one.type === 'InstallSnapshot') return { ...one, data: bytes(one.data) }
  if (one.type !== 'AppendEntries') return one
  const entries = one.entries.map(({ index, term, type, data }: Entry) => ({ index, term, type, data: bytes(data) }))
  return { ...one, entries }
}

function refusal(edited: unknown, original: Message): string {
  try {
    messageOf(edited, original)
  } catch (error) {
    if (error instanceof Problem && error.code === 'message-invalid' && 'reason' in error.details) {
      return error.details.reason
    }
    throw error
  }
  throw new Error('it was accepted')
}

const append: Message = {
  type: 'AppendEntries',
  from: 1,
  to: 2,
  term: 5,
  prevLogIndex: 3,
  prevLogTerm: 2,
  entries: [{ index: 4, term: 5, type: 'command', data: new Uint8Array([1, 2]) }],
  leaderCommit: 3,
  round: 9,
  quiesce: false,
}
const json = messageJson(append)

describe('a message as JSON', () => {
  test.each(MESSAGE_TYPES)('%s comes back as it was', (type) => {
    let met = 0
    fc.assert(
      fc.property(message, (one) => {
        if (one.type !== type) return
        met += 1
        const text = JSON.stringify(messageJson(one))
        expect(plain(messageOf(JSON.parse(text), one))).toEqual(plain(one))
      }),
      { numRuns: 600 },
    )
    expect(met).toBeGreaterThan(5)
  })

  test('its length is known before it is written', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(), (one, id, inReplyTo) => {
        const writer = new ByteWriter()
        writeMessage(writer, { type: 'message', id, inReplyTo, message: one })
        expect(messageBytes(one)).toBe(writer.length)
        const read = readMessage(new ByteReader(writer.finish()), '')
        expect(messageBytes(read.message)).toBe(messageBytes(one))
      }),
    )
  })

  test('a field can be changed to what no correct server says', () => {
    const edited = messageOf({ ...json, leaderCommit: 1000, term: 7 }, append)
    expect(edited).toMatchObject({ leaderCommit: 1000, term: 7, prevLogIndex: 3 })
  })

  test.each([
    ['type', { type: 'TimeoutNow', from: 1, to: 2, term: 5 }],
    ['from', { ...json, from: 3 }],
    ['to', { ...json, to: 3 }],
  ])('%s stays', (field, edited) => {
    expect(refusal(edited, append)).toContain(`“${field}” cannot be changed`)
  })

  test.each([
    ['a field that is missing', { ...json, round: undefined }],
    ['a field too many', { ...json, colour: 'green' }],
    ['a negative term', { ...json, term: -1 }],
    ['half a term', { ...json, term: 1.5 }],
    ['a term beyond all counting', { ...json, term: 2 ** 60 }],
    ['words for a number', { ...json, leaderCommit: 'many' }],
    ['bytes that are no base64', { ...json, entries: [{ index: 4, term: 5, type: 'command', data: '!!!' }] }],
    ['an entry of no kind', { ...json, entries: [{ index: 4, term: 5, type: 'poem', data: '' }] }],
    ['nothing', null],
    ['a list', [json]],
  ])('%s is refused by the schema', (_, edited) => {
    expect(refusal(edited, append)).not.toBe('')
  })

  test.each([
    ['a hole before the entries', { prevLogIndex: 1 }, 'stands where 2 belongs'],
    ['an entry of a later term than the message', { term: 4 }, 'cannot be of term 5'],
    ['a previous entry of a later term', { prevLogTerm: 6 }, 'cannot be of term 6'],
  ])('%s is refused by the codec', (_, change, reason) => {
    expect(refusal({ ...json, ...change }, append)).toContain(reason)
  })

  test('a snapshot whose bytes do not add up is refused by the codec', () => {
    const snapshot: Message = {
      type: 'InstallSnapshot',
      from: 1,
      to: 2,
      term: 5,
      snapshot: {
        index: 4,
        term: 3,
        bytes: 10,
        checksum: 0,
        configuration: { voters: [1, 2], outgoing: [], learners: [], learnersNext: [], witnesses: [] },
      },
      offset: 0,
      data: new Uint8Array(10),
      done: true,
      round: 1,
    }
    const text = messageJson(snapshot)
    expect(plain(messageOf(text, snapshot))).toEqual(plain(snapshot))
    expect(refusal({ ...text, offset: 1 }, snapshot)).toContain('of a snapshot of 10')
  })
})
