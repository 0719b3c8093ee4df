/** Whatever is set, arrives and is done by hand: nothing leaks, nothing is lost, and the same happens again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LinkRules } from '../../../main/node/contract/conditions'
import type { HeldAct } from '../../../main/node/contract/control-conditions'
import { Problem } from '../../../main/node/contract/problem'
import type { EventBody } from '../../../main/node/telemetry/event-body'
import { linkRules } from '../contract/arbitraries'
import { append, Room, vote } from './support'

type Deed =
  | { readonly type: 'set'; readonly from: number; readonly rules: LinkRules }
  | { readonly type: 'messages'; readonly from: number; readonly kinds: readonly boolean[] }
  | { readonly type: 'pass'; readonly millis: number }
  | { readonly type: 'slept'; readonly millis: number }
  | {
      readonly type: 'act'
      readonly from: number
      readonly which: number
      readonly act: string
      readonly place: number
    }

const from = fc.integer({ min: 1, max: 2 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ type: fc.constant('set' as const), from, rules: linkRules }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('messages' as const),
      from,
      kinds: fc.array(fc.boolean(), { maxLength: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), millis: fc.nat({ max: 120 }) }) },
  fc.record({ type: fc.constant('slept' as const), millis: fc.nat({ max: 1000 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('act' as const),
      from,
      which: fc.nat({ max: 20 }),
      act: fc.constantFrom('release', 'release-all', 'drop', 'duplicate', 'move'),
      place: fc.nat({ max: 6 }),
    }),
  },
)

/** Sender and id name a message or copy here. */
const name = (peer: number, id: number) => `${peer}/${id}`

/** What the events say is held now. */
function heldNow(told: readonly EventBody[]): Set<string> {
  const held = new Set<string>()
  for (const body of told) {
    if (body.kind === 'held') held.add(name(body.peer, body.id))
    else if (body.kind === 'released') held.delete(name(body.peer, body.id))
  }
  return held
}

function perform(deeds: readonly Deed[], limits = { messages: 30, bytes: 4000 }) {
  const room = new Room(limits)
  const sent: string[] = []
  let id = 0
  for (const one of deeds) {
    switch (one.type) {
      case 'set':
        room.set(one.from, one.rules)
        break
      case 'messages':
        for (const isLarge of one.kinds) {
          id += 1
          sent.push(name(one.from, id))
          room.take(id, isLarge ? append(one.from, 100) : vote(one.from))
        }
        break
      case 'pass':
        room.pass(one.millis)
        break
      case 'slept':
        room.now += one.millis
        room.links.slept(one.millis * 1e6, room.now * 1e6)
        break
      case 'act': {
        const held = [...heldNow(room.told)].filter((held) => held.startsWith(`${one.from}/`))
        const chosen = Number(held[one.which % Math.max(1, held.length)]?.split('/')[1] ?? 999_999)
        try {
          room.links.act(one.from, { type: one.act, id: chosen, place: one.place } as HeldAct)
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          expect(['held-unknown', 'hold-full']).toContain(error.code)
        }
        break
      }
    }
    expect(room.links.held).toBe(heldNow(room.told).size)
    const { messages, bytes } = room.links.kept
    expect(messages).toBeLessThanOrEqual(limits.messages)
    expect(bytes).toBeLessThanOrEqual(limits.bytes)
  }
  return { room, sent }
}

/** How often each message or copy came out. */
function ends(room: Room): Map<string, number> {
  const count = new Map<string, number>()
  const add = (key: string) => count.set(key, (count.get(key) ?? 0) + 1)
  for (const { id, one } of room.delivered) add(name(one.frame.message.from, id))
  for (const body of room.of('dropped')) add(name(body.sender, body.id))
  return count
}

test('every message and every copy ends once, or is kept; when all rules are gone, nothing is kept', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const { room, sent } = perform(deeds)
      const all = () => [...sent, ...room.of('copied').map(({ peer, copy }) => name(peer, copy))]
      const before = ends(room)
      for (const count of before.values()) expect(count).toBe(1)
      expect(all().length - before.size).toBe(room.links.kept.messages)
      for (const key of before.keys()) expect(all()).toContain(key)
      room.set(1, { seed: 0, rules: [] })
      room.set(2, { seed: 0, rules: [] })
      room.pass(200_000)
      const after = ends(room)
      expect([...after.keys()].sort()).toEqual(all().sort())
      for (const count of after.values()) expect(count).toBe(1)
      expect(room.links.kept).toEqual({ messages: 0, bytes: 0 })
      expect(room.links.next).toBe(Number.POSITIVE_INFINITY)
    }),
    { numRuns: 500 },
  )
})

test('the same messages meet the same fate', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 25 }), (deeds) => {
      const [one, two] = [perform(deeds).room, perform(deeds).room]
      expect(two.told).toEqual(one.told)
      expect(two.delivered.map(({ id, at }) => [id, at])).toEqual(one.delivered.map(({ id, at }) => [id, at]))
    }),
    { numRuns: 150 },
  )
})

test('under one rule without reordering, delivered ones keep their order', () => {
  const shaped = linkRules.map(({ seed, rules }) => {
    const action = rules.map((rule) => rule.action).find((one) => one.type === 'shape')
    return { seed, rules: action === undefined ? [] : [{ messages: [], action: { ...action, reorderPercent: 0 } }] }
  })
  const gaps = fc.array(fc.nat({ max: 30 }), { maxLength: 60 })
  fc.assert(
    fc.property(shaped, gaps, (rules, waits) => {
      const room = new Room({ messages: 20, bytes: 1e6 })
      room.set(1, rules)
      waits.forEach((millis, at) => {
        room.take(at + 1, at % 3 === 0 ? append(1, 50) : vote(1))
        room.pass(millis)
      })
      room.pass(200_000)
      const originals = room.delivered.map(({ one }) => one.frame.id)
      expect(originals).toEqual([...originals].sort((a, b) => a - b))
    }),
    { numRuns: 300 },
  )
})
