/** A log as a fold keeps it does what an array of its entries does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../main/raft/types'
import { EntryLog, entryOf, isUntold, untoldEntry } from '../../main/timeline/fold/entry-log'
import { logOf } from './support/logs'

const told = (index: number, term: number): Entry => ({ index, term, type: 'command', data: Uint8Array.of(term) })

type Act =
  | { readonly act: 'push' | 'untold'; readonly term: number; readonly count: number }
  | { readonly act: 'truncate' | 'dropFront'; readonly count: number }

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constantFrom('push' as const, 'untold' as const),
      term: fc.integer({ min: 1, max: 3 }),
      count: fc.nat(5),
    }),
    fc.record({ act: fc.constantFrom('truncate' as const, 'dropFront' as const), count: fc.nat(6) }),
  ),
  { maxLength: 30 },
)

/** Does the same to a log and to an array. */
function done(acts: readonly Act[]): { readonly log: EntryLog; readonly entries: readonly Entry[] } {
  const log = new EntryLog()
  let entries: Entry[] = []
  let next = 1
  for (const one of acts) {
    const { count } = one
    switch (one.act) {
      case 'push':
        for (let left = count; left > 0; left--, next++) {
          const entry = told(next, one.term)
          log.push(entry)
          entries.push(entry)
        }
        break
      case 'untold':
        log.pushUntold(next, one.term, count)
        for (let left = count; left > 0; left--, next++) entries.push(untoldEntry(next, one.term))
        break
      case 'truncate':
        log.truncate(log.length - count)
        entries = entries.slice(0, Math.max(0, entries.length - count))
        next = (entries.at(-1)?.index ?? next - 1) + 1
        break
      case 'dropFront':
        log.dropFront(count)
        entries = entries.slice(count)
        break
    }
  }
  return { log, entries }
}

describe('a log of a fold', () => {
  it('is what an array would be, whatever was appended, truncated and compacted', () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: -9, max: 12 }), fc.integer({ min: -9, max: 12 }), (acts, from, to) => {
        const { log, entries } = done(acts)
        expect([...log]).toEqual(entries)
        expect(log.length).toBe(entries.length)
        expect(log.slice(from, to)).toEqual(entries.slice(from, to))
        expect(log.slice()).toEqual(entries)
        for (let place = -entries.length - 2; place < entries.length + 2; place++) {
          expect(log.at(place)).toEqual(entries.at(place))
        }
        expect(log.hasUntold).toBe(entries.some(isUntold))
      }),
      { numRuns: 500 },
    )
  })

  it('holds what was not told in as many pieces as terms and gaps make', () => {
    const log = new EntryLog()
    for (let first = 1; first < 100_000; first += 100) log.pushUntold(first, 1, 100)
    log.pushUntold(100_001, 2, 5)
    expect([...log.stretches()]).toEqual([
      { type: 'untold', firstIndex: 1, term: 1, count: 100_000 },
      { type: 'untold', firstIndex: 100_001, term: 2, count: 5 },
    ])
    expect([...log.stretches(99_999, 100_001)]).toEqual([
      { type: 'untold', firstIndex: 100_000, term: 1, count: 1 },
      { type: 'untold', firstIndex: 100_001, term: 2, count: 1 },
    ])
  })

  it('compares by its entries', () => {
    expect(logOf([told(1, 1), untoldEntry(2, 1)])).toEqual(logOf([told(1, 1), untoldEntry(2, 1)]))
    expect(logOf([told(1, 1)])).not.toEqual(logOf([told(1, 2)]))
    expect(logOf([told(1, 1)])).not.toEqual(logOf([]))
    const untold = new EntryLog()
    untold.pushUntold(1, 1, 2)
    expect(untold).toEqual(logOf([untoldEntry(1, 1), untoldEntry(2, 1)]))
    expect(untold).not.toEqual(logOf([untoldEntry(1, 1)]))
  })

  it('has nothing before its first index', () => {
    const node = { firstIndex: 5, log: logOf([told(5, 1), told(6, 1)]) }
    expect([3, 4, 5, 6, 7].map((index) => entryOf(node, index)?.index)).toEqual([undefined, undefined, 5, 6, undefined])
    expect(entryOf({ ...node, log: [told(5, 1)] }, 4)).toBeUndefined()
  })
})
