import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { majority, quorumIndex, tally } from '../../main/raft/quorum'

describe('majority', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [7, 4],
    [51, 26],
  ])('of %i voters is %i', (voters, expected) => {
    expect(majority(voters)).toBe(expected)
  })

  test('any two majorities share a voter', () => {
    for (let voters = 1; voters <= 101; voters += 1) expect(2 * majority(voters)).toBeGreaterThan(voters)
  })
})

/** Every way to give one of `values` to each of `count` voters. */
function* assignments<T>(count: number, values: readonly T[]): Generator<T[]> {
  if (count === 0) {
    yield []
    return
  }
  for (const rest of assignments(count - 1, values)) for (const value of values) yield [...rest, value]
}

describe('quorumIndex', () => {
  test('is the highest index that more than half have reached: every case of up to 5 voters', () => {
    for (let voters = 1; voters <= 5; voters += 1) {
      for (const matched of assignments(voters, [0, 1, 2, 3])) {
        const reached = (index: number): boolean => matched.filter((each) => each >= index).length * 2 > voters
        const expected = [3, 2, 1, 0].find(reached)
        expect(quorumIndex(matched), String(matched)).toBe(expected)
      }
    }
  })

  test('does not depend on who matched what, never falls when one rises, and leaves its input alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e9), { minLength: 1, maxLength: 51 }),
        fc.nat(),
        fc.nat(1e6),
        (matched, at, more) => {
          const before = [...matched]
          const index = quorumIndex(matched)
          expect(matched).toEqual(before)
          expect(quorumIndex([...matched].reverse())).toBe(index)
          const risen = matched.map((each, i) => (i === at % matched.length ? each + more : each))
          expect(quorumIndex(risen)).toBeGreaterThanOrEqual(index)
          expect(matched).toContain(index)
        },
      ),
    )
  })
})

describe('tally', () => {
  test('every election of up to 5 voters', () => {
    for (let count = 1; count <= 5; count += 1) {
      const voters = Array.from({ length: count }, (_, i) => i + 1)
      for (const answers of assignments<boolean | undefined>(count, [true, false, undefined])) {
        const votes = new Map(voters.flatMap((voter, i) => (answers[i] === undefined ? [] : [[voter, answers[i]]])))
        const granted = answers.filter((answer) => answer === true).length
        const silent = answers.filter((answer) => answer === undefined).length
        const expected = granted * 2 > count ? 'won' : (granted + silent) * 2 > count ? 'open' : 'lost'
        expect(tally(voters, votes), JSON.stringify(answers)).toBe(expected)
      }
    }
  })

  test('counts only voters', () => {
    const strangers = new Map([7, 8, 9].map((id) => [id, true]))
    expect(tally([1, 2, 3], strangers)).toBe('open')
  })
})
