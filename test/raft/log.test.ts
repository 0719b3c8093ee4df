import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../main/raft'
import { InvariantViolation } from '../../main/raft'
import { ENTRY_OVERHEAD_BYTES, RaftLog } from '../../main/raft/log'
import { entry, logOf } from './support'

describe('an empty log', () => {
  const log = new RaftLog()

  test('ends before the first entry', () => {
    expect([log.firstIndex, log.lastIndex, log.lastTerm]).toEqual([1, 0, 0])
    expect(log.termAt(0)).toBe(0)
    expect(log.termAt(1)).toBeUndefined()
    expect(log.slice(1, 5)).toEqual([])
    expect(log.batch(1, 100)).toEqual([])
  })

  test('matches at position 0 only', () => {
    expect(log.matches(0, 0)).toBe(true)
    expect(log.matches(0, 1)).toBe(false)
    expect(log.matches(1, 1)).toBe(false)
  })
})

describe('append', () => {
  test.each([
    ['a hole', [entry(1, 1), entry(3, 1)]],
    ['a beginning after 1', [entry(2, 1)]],
    ['a repeated index', [entry(1, 1), entry(1, 1)]],
    ['a falling term', [entry(1, 2), entry(2, 1)]],
  ])('refuses %s', (_, entries) => {
    expect(() => new RaftLog(entries)).toThrow(InvariantViolation)
  })
})

describe('isUpToDate (§5.4.1)', () => {
  const log = new RaftLog(logOf([1, 1, 2]))
  test.each([
    [3, 2, true],
    [4, 2, true],
    [1, 3, true],
    [2, 2, false],
    [9, 1, false],
    [0, 0, false],
  ])('a log that ends with entry %i of term %i: %s', (index, term, expected) => {
    expect(log.isUpToDate(index, term)).toBe(expected)
  })
})

describe('batch', () => {
  const log = new RaftLog([entry(1, 1, 'x'.repeat(10)), entry(2, 1, 'x'.repeat(500)), entry(3, 1), entry(4, 1)])
  const small = ENTRY_OVERHEAD_BYTES
  test.each([
    ['a larger entry goes alone', 2, 100, [2]],
    ['even into no bytes at all', 1, 0, [1]],
    ['as many as fit', 3, 2 * small, [3, 4]],
    ['one less when the bytes end', 3, 2 * small - 1, [3]],
    ['everything when there is room', 1, 10_000, [1, 2, 3, 4]],
    ['nothing behind the end', 5, 10_000, []],
  ])('%s', (_, from, maxBytes, expected) => {
    expect(log.batch(from, maxBytes).map(({ index }) => index)).toEqual(expected)
  })
})

describe('against a plain array', () => {
  type Change = { readonly add: number; readonly rise: number } | { readonly cut: number }
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ add: fc.nat(4), rise: fc.nat(2) }),
    fc.record({ cut: fc.nat(12) }),
  )

  test('any appending and truncating gives the same entries, terms and term borders', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const log = new RaftLog()
        const model: Entry[] = []
        for (const each of changes) {
          if ('cut' in each) {
            log.truncate(each.cut + 1)
            model.length = Math.min(model.length, each.cut)
          } else {
            const term = Math.max(1, (model.at(-1)?.term ?? 0) + each.rise)
            const fresh = Array.from({ length: each.add }, (_, i) => entry(model.length + 1 + i, term))
            log.append(fresh)
            model.push(...fresh)
          }
          expect(log.lastIndex).toBe(model.length)
          expect(log.lastTerm).toBe(model.at(-1)?.term ?? 0)
          expect(log.slice(1, model.length)).toEqual(model)
          for (let term = 0; term <= (model.at(-1)?.term ?? 0) + 1; term += 1) {
            expect(log.firstIndexOfTerm(term)).toBe(model.findIndex((e) => e.term === term) + 1)
            expect(log.lastIndexOfTerm(term)).toBe(model.findLastIndex((e) => e.term === term) + 1)
          }
          for (let index = 1; index <= model.length + 1; index += 1) {
            expect(log.termAt(index)).toBe(model[index - 1]?.term)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('slice takes both ends in', () => {
    const log = new RaftLog(logOf([1, 1, 2, 3]))
    const indexes = (from: number, to: number): number[] => log.slice(from, to).map(({ index }) => index)
    expect(indexes(2, 3)).toEqual([2, 3])
    expect(indexes(4, 4)).toEqual([4])
    expect(indexes(0, 9)).toEqual([1, 2, 3, 4])
    expect(indexes(3, 2)).toEqual([])
  })
})
