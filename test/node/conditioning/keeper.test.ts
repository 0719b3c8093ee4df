/** Held messages, and the limits of what a node keeps. */
import { beforeEach, describe, expect, test } from 'vitest'
import { ByteReader } from '../../../main/node/contract/bytes'
import { MAX_KEPT_MESSAGES } from '../../../main/node/contract/conditions'
import type { HeldAct } from '../../../main/node/contract/control-conditions'
import { messageBytes, readMessage } from '../../../main/node/contract/frames/messages'
import { type MessageJson, messageJson } from '../../../main/node/contract/message-schema'
import { Problem } from '../../../main/node/contract/problem'
import { all, append, Room, shape, vote } from './support'

const HOLD = all({ type: 'hold' })
let room: Room

function problemOf(act: HeldAct, from = 1): { code: string; details: unknown } {
  const before = room.told.length
  try {
    room.links.act(from, act)
  } catch (error) {
    expect(room.told).toHaveLength(before)
    if (error instanceof Problem) return { code: error.code, details: error.details }
    throw error
  }
  throw new Error('it was done')
}

/** What the link holds, as the events tell it. */
function listed(from = 1): number[] {
  const list: number[] = []
  for (const body of room.told) {
    if (!('peer' in body) || body.peer !== from) continue
    if (body.kind === 'held') list.splice(body.place, 0, body.id)
    else if (body.kind === 'released') list.splice(list.indexOf(body.id), 1)
    else if (body.kind === 'moved') {
      list.splice(list.indexOf(body.id), 1)
      list.splice(body.place, 0, body.id)
    }
  }
  return list
}

beforeEach(() => {
  room = new Room()
  room.set(1, HOLD)
  for (let id = 1; id <= 4; id++) room.take(id, id === 2 ? append(1, 10) : vote(1))
})

describe('what is held', () => {
  test('is told with its place and all its bytes, and reaches nobody', () => {
    expect(room.ids).toEqual([])
    expect(room.links.held).toBe(4)
    const held = room.of('held')
    expect(held.map(({ id, place }) => [id, place])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
    ])
    expect(held[1]).toMatchObject({ peer: 1, message: 'AppendEntries', term: 1 })
    const read = readMessage(new ByteReader(held[1]!.bytes), '')
    expect(read).toMatchObject({ id: 2, message: { type: 'AppendEntries', entries: [{ data: new Uint8Array(10) }] } })
    expect(room.links.kept).toEqual({
      messages: 4,
      bytes: 3 * messageBytes(vote(1)) + messageBytes(append(1, 10)),
    })
  })

  test('release: told, then delivered, then gone', () => {
    expect(room.links.act(1, { type: 'release', id: 3 })).toBe(1)
    expect(room.ids).toEqual([3])
    expect(room.of('released')).toMatchObject([{ peer: 1, id: 3, how: 'delivered', message: 'RequestVoteReply' }])
    expect(room.of('released')[0]!.bytes).toHaveLength(0)
    expect(problemOf({ type: 'release', id: 3 })).toEqual({ code: 'held-unknown', details: { link: 'n1→n9', id: 3 } })
    expect(listed()).toEqual([1, 2, 4])
  })

  test('release all: in their order', () => {
    expect(room.links.act(1, { type: 'release-all' })).toBe(4)
    expect(room.ids).toEqual([1, 2, 3, 4])
    expect(room.links.held).toBe(0)
    expect(room.links.kept).toEqual({ messages: 0, bytes: 0 })
    expect(room.links.act(1, { type: 'release-all' })).toBe(0)
    expect(room.links.act(5, { type: 'release-all' })).toBe(0)
  })

  test('drop: by hand, and nobody hears of it', () => {
    expect(room.links.act(1, { type: 'drop', id: 2 })).toBe(1)
    expect(room.ids).toEqual([])
    expect(room.told.slice(-2)).toMatchObject([
      { kind: 'released', id: 2, how: 'dropped' },
      { kind: 'dropped', sender: 1, receiver: 9, id: 2, reason: 'by-hand' },
    ])
    expect(listed()).toEqual([1, 3, 4])
  })

  test('duplicate: a copy right behind it, which can be doubled itself', () => {
    const copy = room.links.act(1, { type: 'duplicate', id: 2 })
    expect(copy).toBe(-1)
    const second = room.links.act(1, { type: 'duplicate', id: copy })
    expect(listed()).toEqual([1, 2, copy, second, 3, 4])
    expect(room.of('copied')).toMatchObject([
      { id: 2, copy: -1, by: 'hand' },
      { id: -1, copy: -2, by: 'hand' },
    ])
    room.links.act(1, { type: 'release', id: second })
    expect(room.delivered[0]).toMatchObject({ id: second, one: { frame: { id: 2 } } })
    // Its body names the original: nothing else can be on a wire.
    expect(readMessage(new ByteReader(room.of('held').at(-1)!.bytes), '').id).toBe(2)
  })

  test('move: to a place among its own, beyond the end is the end', () => {
    expect(room.links.act(1, { type: 'move', id: 4, place: 0 })).toBe(0)
    expect(room.links.act(1, { type: 'move', id: 1, place: 99 })).toBe(3)
    expect(room.links.act(1, { type: 'move', id: 2, place: 1 })).toBe(1)
    expect(listed()).toEqual([4, 2, 3, 1])
    room.links.act(1, { type: 'release-all' })
    expect(room.ids).toEqual([4, 2, 3, 1])
  })

  test('edit: delivered with its new content, under its id; who gets it knows that nobody else knows it', () => {
    const json = messageJson(append(1, 10))
    const edited = { ...json, leaderCommit: 77 } as MessageJson
    expect(room.links.act(1, { type: 'edit', id: 2, message: edited })).toBe(1)
    expect(room.delivered[0]).toMatchObject({
      id: 2,
      one: { isEdited: true, frame: { id: 2, message: { leaderCommit: 77, type: 'AppendEntries' } } },
    })
    const [released] = room.of('released')
    expect(released).toMatchObject({ id: 2, how: 'edited' })
    expect(readMessage(new ByteReader(released!.bytes), '')).toMatchObject({ id: 2, message: { leaderCommit: 77 } })
    expect(listed()).toEqual([1, 3, 4])
    expect(room.links.kept.messages).toBe(3)
  })

  test('an edit that no peer could have said is refused, and the message is held as before', () => {
    const json = messageJson(append(1, 10)) as Extract<MessageJson, { type: 'AppendEntries' }>
    const broken = problemOf({ type: 'edit', id: 2, message: { ...json, prevLogIndex: 50 } })
    expect(broken).toMatchObject({ code: 'message-invalid', details: { reason: expect.stringContaining('51') } })
    expect(problemOf({ type: 'edit', id: 1, message: json })).toMatchObject({ code: 'message-invalid' })
    expect(problemOf({ type: 'edit', id: 9, message: json })).toMatchObject({ code: 'held-unknown' })
    expect(listed()).toEqual([1, 2, 3, 4])
  })

  test.each<HeldAct>([
    { type: 'release', id: 5 },
    { type: 'drop', id: -1 },
    { type: 'duplicate', id: 5 },
    { type: 'move', id: 5, place: 0 },
  ])('$type of what is not there is refused', (act) => {
    expect(problemOf(act)).toMatchObject({ code: 'held-unknown' })
    expect(problemOf({ ...act, ...('id' in act && { id: 1 }) } as HeldAct, 2)).toMatchObject({ code: 'held-unknown' })
  })

  test('when no rule holds any more it is released in order; while another does, it stays', () => {
    room.set(1, { seed: 1, rules: [{ messages: ['TimeoutNow'], action: { type: 'hold' } }] })
    expect(room.ids).toEqual([])
    room.take(5, vote(1))
    expect(room.ids).toEqual([5])
    room.set(1, all({ type: 'block' }))
    expect(room.ids).toEqual([5, 1, 2, 3, 4])
    expect(room.of('released').map(({ how }) => how)).toEqual(['delivered', 'delivered', 'delivered', 'delivered'])
  })
})

describe('the limits', () => {
  test('beyond so many messages the newest is dropped, held and delayed counted together', () => {
    room = new Room({ messages: 3, bytes: 1e6 })
    room.set(1, HOLD)
    room.set(2, all(shape({ delayMs: 10 })))
    room.take(1, vote(1))
    room.take(2, vote(2))
    room.take(3, vote(1))
    room.take(4, vote(2))
    room.take(5, vote(1))
    expect(room.of('dropped').map(({ id, reason }) => [id, reason])).toEqual([
      [4, 'hold-full'],
      [5, 'hold-full'],
    ])
    expect(listed()).toEqual([1, 3])
    expect(problemOf({ type: 'duplicate', id: 1 })).toEqual({
      code: 'hold-full',
      details: { node: '9', messages: 3, bytes: 3 * messageBytes(vote(1)) },
    })
    room.pass(20)
    room.take(6, vote(1))
    expect(room.ids).toEqual([2])
    expect(listed()).toEqual([1, 3, 6])
  })

  test('beyond so many bytes as well; what is set aside counts, what is delivered at once does not', () => {
    room = new Room({ messages: 1000, bytes: messageBytes(append(1, 500)) + 10 })
    room.set(1, all(shape({ reorderPercent: 100 })))
    room.take(1, append(1, 500))
    room.take(2, vote(1))
    expect(room.of('dropped')).toMatchObject([{ id: 2, reason: 'hold-full' }])
    room.set(2, all(shape()))
    room.take(3, append(2, 5000))
    expect(room.ids).toEqual([3])
  })

  test('a copy for which there is no room is named, and dropped', () => {
    room = new Room({ messages: 1, bytes: 1e6 })
    room.set(1, all(shape({ duplicatePercent: 100, delayMs: 5 })))
    room.take(1, vote(1))
    expect(room.of('copied')).toMatchObject([{ id: 1, copy: -1 }])
    expect(room.of('dropped')).toMatchObject([{ id: -1, reason: 'hold-full' }])
    room.pass(10)
    expect(room.ids).toEqual([1])
  })

  test('the real ones are held at speed', () => {
    // The thread's own time, in milliseconds: what other processes of the machine take does not count.
    const spent = () => {
      const { user, system } = process.threadCpuUsage()
      return (user + system) / 1000
    }
    room = new Room()
    room.set(1, HOLD)
    const begun = spent()
    for (let id = 1; id <= MAX_KEPT_MESSAGES + 1; id++) room.take(id, vote(1))
    expect(room.of('dropped')).toHaveLength(1)
    for (let id = 1; id <= MAX_KEPT_MESSAGES; id++) room.links.act(1, { type: 'release', id })
    expect(room.ids).toHaveLength(MAX_KEPT_MESSAGES)
    expect(spent() - begun).toBeLessThan(5000)
  })
})
