import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Configuration, configurationOf, membersOf } from '../../main/raft/configuration'
import { agreed, majority, tally } from '../../main/raft/quorum'

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

const list = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

/** Every joint configuration of up to 5 + 5 voters, up to renaming: sizes and how many vote on both sides. */
function* joints(): Generator<Configuration> {
  for (let incoming = 1; incoming <= 5; incoming += 1) {
    for (let outgoing = 1; outgoing <= 5; outgoing += 1) {
      for (let both = 0; both <= Math.min(incoming, outgoing); both += 1) {
        yield configurationOf(list(1, incoming), { outgoing: list(1 + incoming - both, outgoing) })
      }
    }
  }
}

const isMajority = (voters: readonly number[], has: (voter: number) => boolean): boolean =>
  2 * voters.filter(has).length > voters.length

describe('agreed', () => {
  test('is the highest value that more than half have reached: every case of up to 5 voters', () => {
    for (let count = 1; count <= 5; count += 1) {
      const voters = list(1, count)
      for (const matched of assignments(count, [0, 1, 2, 3])) {
        const expected = [3, 2, 1, 0].find((index) => isMajority(voters, (voter) => matched[voter - 1]! >= index))
        expect(
          agreed(configurationOf(voters), (voter) => matched[voter - 1]!),
          String(matched),
        ).toBe(expected)
      }
    }
  })

  test('§6: a joint configuration needs a majority of each side: every case of up to 5 + 5 voters', () => {
    let cases = 0
    for (const configuration of joints()) {
      const { voters, outgoing } = configuration
      const members = membersOf(configuration)
      for (let set = 0; set < 1 << members.length; set += 1) {
        const has = (voter: number) => ((set >> (voter - 1)) & 1) === 1
        const expected = isMajority(voters, has) && isMajority(outgoing, has)
        if (agreed(configuration, (voter) => Number(has(voter))) !== Number(expected)) {
          expect.fail(`${JSON.stringify(configuration)} and the set ${set.toString(2)}`)
        }
        cases += 1
      }
    }
    expect(cases).toBe(7234)
  })

  test('does not depend on who matched what, never falls when one rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e9), { minLength: 1, maxLength: 51 }),
        fc.nat(),
        fc.nat(1e6),
        (matched, at, more) => {
          const configuration = configurationOf(list(0, matched.length).map((i) => i + 1))
          const by = (values: readonly number[]) => agreed(configuration, (voter) => values[voter - 1]!)
          const index = by(matched)
          expect(by([...matched].reverse())).toBe(index)
          const risen = matched.map((each, i) => (i === at % matched.length ? each + more : each))
          expect(by(risen)).toBeGreaterThanOrEqual(index)
          expect(matched).toContain(index)
        },
      ),
    )
  })

  test('nobody to ask: nothing is agreed', () => {
    expect(agreed(configurationOf([]), () => 7)).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('tally', () => {
  test('every election of up to 5 voters', () => {
    for (let count = 1; count <= 5; count += 1) {
      const voters = list(1, count)
      for (const answers of assignments<boolean | undefined>(count, [true, false, undefined])) {
        const votes = new Map(voters.flatMap((voter, i) => (answers[i] === undefined ? [] : [[voter, answers[i]]])))
        const granted = answers.filter((answer) => answer === true).length
        const silent = answers.filter((answer) => answer === undefined).length
        const expected = granted * 2 > count ? 'won' : (granted + silent) * 2 > count ? 'open' : 'lost'
        expect(tally(configurationOf(voters), votes), JSON.stringify(answers)).toBe(expected)
      }
    }
  })

  test('§6: every election in a joint configuration of up to 5 + 5 voters', () => {
    for (const configuration of joints()) {
      const { voters, outgoing } = configuration
      const members = membersOf(configuration)
      // Silent voters only keep an election open; with all ten to vote the two answers are enough.
      const answers = members.length > 8 ? [true, false] : [true, false, undefined]
      for (const given of assignments<boolean | undefined>(members.length, answers)) {
        const votes = new Map(given.flatMap((vote, i) => (vote === undefined ? [] : [[i + 1, vote] as const])))
        const could = (vote: boolean | undefined) => vote !== false
        const has = (is: (vote: boolean | undefined) => boolean) =>
          isMajority(voters, (voter) => is(given[voter - 1])) && isMajority(outgoing, (voter) => is(given[voter - 1]))
        const expected = has((vote) => vote === true) ? 'won' : has(could) ? 'open' : 'lost'
        if (tally(configuration, votes) !== expected) {
          expect.fail(`${JSON.stringify(configuration)} with ${given}: not ${expected}`)
        }
      }
    }
  })

  test('counts only voters', () => {
    const strangers = new Map([7, 8, 9].map((id) => [id, true]))
    expect(tally(configurationOf([1, 2, 3], { learners: [7, 8, 9] }), strangers)).toBe('open')
  })
})
