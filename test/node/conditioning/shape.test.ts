/** What a rule that shapes does with the messages of a link. */
import { describe, expect, test } from 'vitest'
import { mulberry32 } from '../../../main/node/conditioning/generator'
import { fateOf } from '../../../main/node/conditioning/shape'
import { DRAWS, MAX_OVERTAKEN_BY, REORDER_WITHIN_MS } from '../../../main/node/contract/conditions'
import { messageBytes } from '../../../main/node/contract/frames/messages'
import { all, append, MS, Room, shape, vote } from './support'

describe('chance', () => {
  test('draws the same count of numbers, whatever the percentages are', () => {
    for (const changes of [{}, { dropPercent: 100 }, { dropPercent: 50, jitterMs: 9, reorderPercent: 10 }]) {
      const random = mulberry32(7)
      let drawn = 0
      const action = shape(changes)
      if (action.type !== 'shape') throw new Error('no shape')
      fateOf(action, () => {
        drawn += 1
        return random()
      })
      expect(drawn).toBe(DRAWS)
    }
  })

  test('percentages are met, 0 never and 100 always', () => {
    const room = new Room()
    room.set(1, all(shape({ dropPercent: 30, duplicatePercent: 20 })))
    for (let id = 1; id <= 20_000; id++) room.take(id, vote(1))
    expect(Math.abs(room.of('dropped').length - 6000)).toBeLessThan(300)
    expect(Math.abs(room.of('copied').length - 14_000 * 0.2)).toBeLessThan(300)
    const none = new Room()
    none.set(1, all(shape()))
    for (let id = 1; id <= 1000; id++) none.take(id, vote(1))
    expect(none.delivered).toHaveLength(1000)
    expect(none.told).toEqual([])
    const always = new Room()
    always.set(1, all(shape({ dropPercent: 100 })))
    for (let id = 1; id <= 1000; id++) always.take(id, vote(1))
    expect(always.of('dropped')).toHaveLength(1000)
    expect(always.of('dropped')[0]).toMatchObject({ sender: 1, receiver: 9, id: 1, reason: 'lost' })
  })

  test('a setting begins it anew, and each link has its own', () => {
    const fates = (room: Room, from: number) => {
      const before = room.told.length
      for (let id = 1; id <= 200; id++) room.take(id, vote(from))
      return room.told.slice(before).map((body) => (body.kind === 'dropped' ? body.id : 0))
    }
    const room = new Room()
    const rules = all(shape({ dropPercent: 50 }))
    room.set(1, rules)
    room.set(2, rules)
    const first = fates(room, 1)
    expect(fates(room, 2)).toEqual(first)
    expect(fates(room, 1)).not.toEqual(first)
    room.set(1, rules)
    expect(fates(room, 1)).toEqual(first)
  })
})

describe('delay', () => {
  test('is kept to, and so is the order under any jitter', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 50, jitterMs: 40 })))
    for (let id = 1; id <= 200; id++) {
      room.take(id, vote(1))
      room.pass(1)
    }
    room.pass(200)
    expect(room.ids).toEqual(Array.from({ length: 200 }, (_, at) => at + 1))
    for (const { id, at } of room.delivered) {
      const delay = at - (id - 1)
      expect(delay).toBeGreaterThan(9)
      expect(delay).toBeLessThanOrEqual(91)
    }
    expect(room.links.kept).toEqual({ messages: 0, bytes: 0 })
  })

  test('that a jitter makes negative is none', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 1, jitterMs: 100 })))
    for (let id = 1; id <= 100; id++) {
      room.take(id, vote(1))
      room.pass(200)
    }
    expect(room.delivered.filter(({ id, at }) => at === (id - 1) * 200).length).toBeGreaterThan(20)
  })

  test('keeps its time when the rules are gone, and overtakes nobody while they hold', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 100 })))
    room.take(1, vote(1))
    room.pass(50)
    room.set(1, { seed: 0, rules: [] })
    room.take(2, vote(1))
    expect(room.ids).toEqual([2])
    room.pass(51)
    expect(room.delivered.map(({ id, at }) => [id, Math.round(at)])).toEqual([
      [2, 50],
      [1, 100],
    ])
  })

  test('stands while the cluster is stopped', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 100 })))
    room.take(1, vote(1))
    room.now += 60_000
    room.links.slept(60_000e6, room.now * MS)
    room.pass(90)
    expect(room.ids).toEqual([])
    room.pass(20)
    expect(room.ids).toEqual([1])
  })

  test('counts from when the message was sent: what its socket took is a part of it', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 20 })))
    room.pass(10)
    room.take(1, vote(1), 5)
    room.pass(14)
    expect(room.ids).toEqual([])
    room.pass(2)
    expect(room.ids).toEqual([1])
    // Its receiver stood for longer than that.
    room.take(2, vote(1), 25)
    expect(room.ids).toEqual([1, 2])
  })

  test('a message that seems to come from the future is as good as just sent', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 20 })))
    room.take(1, vote(1), -1_000)
    room.pass(21)
    expect(room.ids).toEqual([1])
  })

  test('of a message that was sent before the cluster was stopped, the stop counts for nothing', () => {
    const room = new Room()
    room.set(1, all(shape({ delayMs: 20 })))
    room.pass(10)
    room.now += 60_000
    room.links.slept(60_000e6, room.now * MS)
    room.pass(2)
    room.take(1, vote(1), 60_006)
    room.pass(13)
    expect(room.ids).toEqual([])
    room.pass(2)
    expect(room.ids).toEqual([1])
  })
})

describe('bandwidth', () => {
  test('one after the other, as fast as their bytes can go', () => {
    const room = new Room()
    const bytes = messageBytes(append(1, 1000))
    room.set(1, all(shape({ bytesPerSecond: bytes * 100 })))
    for (let id = 1; id <= 5; id++) room.take(id, append(1, 1000))
    room.pass(100)
    expect(room.delivered.map(({ at }) => Math.round(at))).toEqual([10, 20, 30, 40, 50])
    room.take(6, append(1, 1000))
    room.pass(100)
    expect(Math.round(room.delivered.at(-1)!.at)).toBe(110)
  })

  test('the delay comes on top, once', () => {
    const room = new Room()
    const bytes = messageBytes(append(1, 1000))
    room.set(1, all(shape({ bytesPerSecond: bytes * 100, delayMs: 200 })))
    room.take(1, append(1, 1000))
    room.take(2, append(1, 1000))
    room.pass(300)
    expect(room.delivered.map(({ at }) => Math.round(at))).toEqual([210, 220])
  })
})

describe('a copy', () => {
  test('follows its original, under a name of its own, also through a delay', () => {
    const room = new Room(undefined, 3)
    room.set(1, all(shape({ duplicatePercent: 100, delayMs: 10 })))
    room.take(7, vote(1))
    room.take(8, vote(1))
    room.pass(20)
    const [first, second] = room.of('copied').map(({ copy }) => copy) as [number, number]
    expect(first).toBe(-(3 * 2 ** 32 + 1))
    expect(second).toBe(-(3 * 2 ** 32 + 2))
    expect(room.ids).toEqual([7, first, 8, second])
    expect(room.of('copied')[0]).toMatchObject({ peer: 1, id: 7, by: 'rule', message: 'RequestVoteReply' })
    // On the wire, and for who answers it, it is the original.
    expect(room.delivered.map(({ one }) => one.frame.id)).toEqual([7, 7, 8, 8])
  })
})

describe('reordering', () => {
  test('a message is overtaken by as many as chance wants, at most three, and by nobody twice', () => {
    const room = new Room()
    room.set(1, all(shape({ reorderPercent: 30 })))
    for (let id = 1; id <= 5000; id++) room.take(id, vote(1))
    room.pass(REORDER_WITHIN_MS + 1)
    expect([...room.ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, at) => at + 1))
    const places = new Map(room.ids.map((id, at) => [id, at]))
    const overtakers = room.ids.map((id) => {
      let count = 0
      for (let later = id + 1; later <= Math.min(5000, id + 60); later++)
        if (places.get(later)! < places.get(id)!) count += 1
      return count
    })
    expect(Math.max(...overtakers)).toBe(MAX_OVERTAKEN_BY)
    expect(overtakers.filter((count) => count > 0).length).toBeGreaterThan(1000)
  })

  test('with nobody to overtake it, it waits for so long and no longer', () => {
    const room = new Room()
    room.set(1, all(shape({ reorderPercent: 100 })))
    room.take(1, vote(1))
    room.pass(REORDER_WITHIN_MS - 2)
    expect(room.ids).toEqual([])
    room.pass(4)
    expect(room.ids).toEqual([1])
  })

  test('the rule ends: those set aside go on, in order', () => {
    const room = new Room()
    room.set(1, all(shape({ reorderPercent: 100 })))
    for (let id = 1; id <= 4; id++) room.take(id, vote(1))
    room.set(1, { seed: 0, rules: [] })
    expect(room.ids).toEqual([1, 2, 3, 4])
    room.pass(1000)
    expect(room.ids).toHaveLength(4)
    expect(room.links.kept).toEqual({ messages: 0, bytes: 0 })
  })
})

describe('rules', () => {
  test('the first whose filter a message passes has it', () => {
    const room = new Room()
    room.set(1, {
      seed: 1,
      rules: [
        { messages: ['AppendEntries'], action: shape() },
        { messages: ['AppendEntries', 'RequestVoteReply'], action: { type: 'block' } },
        { messages: [], action: { type: 'hold' } },
      ],
    })
    room.take(1, append(1))
    room.take(2, vote(1))
    room.take(3, { type: 'TimeoutNow', from: 1, to: 9, term: 1 })
    expect(room.ids).toEqual([1])
    expect(room.of('dropped')).toMatchObject([{ id: 2, reason: 'blocked' }])
    expect(room.of('held')).toMatchObject([{ id: 3, place: 0 }])
  })

  test('a message that no rule is about is delivered, and so is one of another link', () => {
    const room = new Room()
    room.set(1, { seed: 1, rules: [{ messages: ['AppendEntries'], action: { type: 'block' } }] })
    room.take(1, vote(1))
    room.take(2, append(2))
    expect(room.ids).toEqual([1, 2])
    expect(room.links.concerns(1)).toBe(true)
    expect(room.links.concerns(2)).toBe(false)
    room.set(1, { seed: 1, rules: [] })
    expect(room.links.concerns(1)).toBe(false)
  })
})
