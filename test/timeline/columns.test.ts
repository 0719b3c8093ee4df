import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, type TimelineEvent } from '../../main/node/contract/events'
import { ByteReader, ByteWriter } from '../../main/timeline/recording/bytes'
import { readNumbers, writeNumbers } from '../../main/timeline/recording/columns'
import { decodeEventBlock, encodeEventBlock } from '../../main/timeline/recording/event-block'
import { eventArbitrary, eventsArbitrary } from './support/arbitraries'
import { lifeOf } from './support/traces'

function through(values: readonly number[]): { bytes: number; values: number[] } {
  const out = new ByteWriter()
  writeNumbers(out, values)
  const from = new ByteReader(out.finish())
  return { bytes: out.length, values: [...readNumbers(from, values.length)] }
}

describe('a column of numbers', () => {
  it.each([
    ['equal numbers', [7, 7, 7], 9],
    ['a range of one byte', [1000, 1255, 1001], 9 + 3],
    ['a range of two bytes', [-5, 65_530], 9 + 4],
    ['a range of four bytes', [2 ** 50, 2 ** 50 + 2 ** 32 - 1], 9 + 8],
    ['a larger range', [0, 2 ** 32], 1 + 16],
    ['fractions', [0.5, 1], 1 + 16],
    ['what no integer can be', [Number.NaN, -0, Number.POSITIVE_INFINITY], 1 + 24],
    ['nothing', [], 9],
  ])('stores %s in as few bytes as the rule says', (_, values, bytes) => {
    expect(through(values)).toEqual({ bytes, values })
  })

  it('gives back any numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.maxSafeInteger())), (values) => {
        expect(through(values).values).toEqual(values)
      }),
    )
  })
})

it('stores a column that is longer than any block of a recording', () => {
  const values = Array.from({ length: 5000 }, (_, place) => place * 3)
  expect(through(values)).toEqual({ bytes: 9 + 2 * values.length, values })
})

describe('an event block', () => {
  it.each(EVENT_KINDS)('gives back %s events', (kind) => {
    fc.assert(
      fc.property(fc.array(eventArbitrary(kind), { minLength: 1, maxLength: 8 }), (bodies) => {
        const events = bodies.map((body, i) => ({ ...body, seq: 5 + i }) as TimelineEvent)
        expect(decodeEventBlock(encodeEventBlock(events), 5)).toEqual(events)
      }),
      { numRuns: 40 },
    )
  })

  it('gives back any mixture in its order', () => {
    fc.assert(
      fc.property(eventsArbitrary, (events) => {
        expect(decodeEventBlock(encodeEventBlock(events), events[0]!.seq)).toEqual(events)
      }),
    )
  })

  it('stores an entry that several nodes append once, and gives them the same object', () => {
    const events = lifeOf(1)
    const decoded = decodeEventBlock(encodeEventBlock(events), 0)
    const entries = decoded.flatMap((event) => (event.kind === 'appended' ? event.entries : []))
    expect(entries).toHaveLength(3)
    expect(new Set(entries).size).toBe(1)
  })

  it('refuses bytes that are not a block with RangeError only', () => {
    const bytes = encodeEventBlock(lifeOf(3))
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeEventBlock(bytes.subarray(0, length), 0)).toThrow(RangeError)
    }
  })
})
