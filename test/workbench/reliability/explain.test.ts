/** The search for an order, on histories that are made: whatever really happened is explained, and what cannot be is found. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallResult } from '../../../main/cluster/api'
import { randomFrom } from '../../../main/cluster/random'
import type { Command } from '../../../main/node/contract/client'
import { History } from '../../../main/workbench/reliability/history'

const SIZE = 8
const bytes = (text: string) =>
  Buffer.from(
    text
      .split(' ')
      .map((piece) => `${piece};`.padEnd(SIZE, '.'))
      .join(''),
  )
const nothing = new Uint8Array(0)

/** A call from `began` to `ended`, milliseconds. */
interface Made {
  readonly command: Command
  readonly began: number
  readonly ended: number
  readonly outcome?: CallResult['outcome']
  readonly found?: boolean
  readonly value?: Uint8Array
}

function check(calls: readonly Made[]) {
  const history = new History(SIZE)
  for (const { command, began, ended, outcome = 'ok', found = true, value = nothing } of calls) {
    const result = { call: 1, from: 1, index: 1, term: 1, problem: '', outcome, found, value, millis: ended - began }
    // The check allows a millisecond for the clock.
    history.answered(command, result, ended)
  }
  return history.check()
}

const put = (value: string): Command => ({ op: 'put', key: 'k', value: bytes(value) })
const append = (value: string): Command => ({ op: 'append', key: 'k', value: bytes(value) })
const cas = (expected: string | null, value: string): Command => ({
  op: 'cas',
  key: 'k',
  expected: expected === null ? null : bytes(expected),
  value: bytes(value),
})
const get: Command = { op: 'get', key: 'k' }
const read = (value: string | null) =>
  value === null ? { command: get, found: false } : { command: get, value: bytes(value) }
const remove: Command = { op: 'delete', key: 'k' }

/** One after the other, each 10 ms long. */
const inTurn = (...calls: readonly Omit<Made, 'began' | 'ended'>[]): Made[] =>
  calls.map((call, at) => ({ ...call, began: 100 * at, ended: 100 * at + 10 }))

const good = (calls: readonly Made[]) => {
  const { findings, counts } = check(calls)
  expect(findings).toEqual([])
  expect(counts.undecided).toBe(0)
}
const bad = (calls: readonly Made[]) => expect(check(calls).findings).not.toEqual([])

describe('what happened is explained', () => {
  test('puts, appends, swaps and deletes, one after the other', () => {
    good(
      inTurn(
        read(null),
        { command: put('a') },
        { command: append('b') },
        read('a b'),
        { command: cas('a b', 'c') },
        { command: cas('a b', 'd'), found: false },
        read('c'),
        { command: remove },
        { command: remove, found: false },
        { command: append('e') },
        read('e'),
      ),
    )
  })

  test('two at the same time, in either order', () => {
    const both = [
      { command: append('a'), began: 0, ended: 50 },
      { command: append('b'), began: 0, ended: 50 },
    ]
    good([...both, { ...read('a b'), began: 100, ended: 110 }])
    good([...both, { ...read('b a'), began: 100, ended: 110 }])
  })

  test('an unknown outcome: it happened, it did not, or it happened much later', () => {
    const unknown = { command: put('b'), outcome: 'unknown' as const }
    good(inTurn({ command: put('a') }, unknown, read('b')))
    good(inTurn({ command: put('a') }, unknown, read('a')))
    good(inTurn({ command: put('a') }, unknown, read('a'), { command: put('c') }, read('c'), read('b')))
    good(inTurn({ command: put('a') }, { command: remove, outcome: 'unknown' }, read('a'), read(null)))
    // Nobody ever saw what it wrote, and yet it explains why a comparison failed.
    good(inTurn({ command: put('a') }, unknown, { command: cas('a', 'c'), found: false }))
  })
})

describe('what cannot be is found', () => {
  test('an acknowledged put, append or swap is lost', () => {
    bad(inTurn({ command: put('a') }, { command: put('b') }, read('a')))
    bad(inTurn({ command: append('a') }, { command: append('b') }, read('a')))
    bad(inTurn({ command: put('a') }, { command: cas('a', 'b') }, read('a')))
    bad(inTurn({ command: put('a') }, read(null)))
    bad(inTurn({ command: put('a') }, { command: remove }, read('a')))
  })

  test('a read goes back in time', () => {
    bad(inTurn({ command: put('a') }, { command: put('b') }, read('b'), read('a')))
    bad(inTurn({ command: append('a') }, { command: append('b') }, read('a b'), read('a')))
  })

  test('a write takes effect twice', () => {
    bad(inTurn({ command: append('a') }, { command: append('b') }, read('a b a')))
    bad(
      inTurn(
        { command: put('a'), outcome: 'unknown' },
        { command: put('b') },
        read('a'),
        { command: put('c') },
        read('a'),
      ),
    )
    bad(
      inTurn(
        { command: put('a') },
        { command: remove, outcome: 'unknown' },
        read(null),
        { command: put('b') },
        read(null),
      ),
    )
  })

  test('a write that failed takes effect', () => {
    bad(inTurn({ command: put('a') }, { command: put('b'), outcome: 'failed' }, read('b')))
    bad(inTurn({ command: put('a') }, { command: cas('c', 'b'), found: false }, read('b')))
  })

  test('what nobody wrote, or wrote elsewhere, is read', () => {
    bad(inTurn(read('x')))
    bad(inTurn({ command: put('a') }, { command: { ...get, key: 'other' }, value: bytes('a') }))
    bad(inTurn({ command: put('a') }, { command: get, value: Buffer.from('abc') }))
    bad(inTurn({ command: append('a') }, { command: put('b') }, read('a b')))
  })

  test('appends stand in the wrong order', () => {
    bad(inTurn({ command: append('a') }, { command: append('b') }, read('b a')))
  })

  test('a swap has its effect on something else than it compared with', () => {
    bad(inTurn({ command: put('a') }, { command: put('b') }, { command: cas('a', 'c') }, read('c')))
    bad(inTurn({ command: put('a') }, { command: cas(null, 'c') }, read('c')))
    bad(inTurn({ command: put('a') }, { command: cas('a', 'c'), found: false }, read('a')))
  })
})

/**
 * A register that is right, with clients whose answers come late or never. `lose`: the n-th
 * acknowledged write has no effect.
 */
function simulate(
  seed: number,
  lose = Number.POSITIVE_INFINITY,
  onlyAppends = false,
): { readonly calls: Made[]; readonly lost: boolean } {
  const random = randomFrom(seed)
  let state: string[] = []
  let lost = false
  let writes = 0
  let time = 0
  const free = [0, 0, 0, 0]
  const calls: Made[] = []
  const value = () => (state.length === 0 ? null : state.join(' '))
  for (let i = 0; i < 60; i++) {
    time += 10
    const client = free.findIndex((until) => until <= time)
    if (client < 0) continue
    // It takes effect now; it began before and ends later.
    const [began, ended] = [Math.max(free[client] ?? 0, time - random.below(30)), time + random.below(40)]
    free[client] = ended + 5
    const dice = random.next()
    const outcome = dice > 0.35 && random.chance(0.15) ? ('unknown' as const) : ('ok' as const)
    const happens = outcome === 'ok' || random.chance(0.5)
    const loses = outcome === 'ok' && dice >= 0.35 && ++writes === lose
    lost ||= loses
    const effect = (after: string[]) => {
      if (happens && !loses) state = after
    }
    const piece = `${client}.${i}`
    const before = value()
    if (dice < 0.35) calls.push({ ...read(before), began, ended })
    else if (dice < 0.55 && !onlyAppends) {
      calls.push({ command: put(piece), began, ended, outcome })
      effect([piece])
    } else if (dice < 0.8 || onlyAppends) {
      calls.push({ command: append(piece), began, ended, outcome })
      effect([...state, piece])
    } else if (dice < 0.93) {
      const expected = random.chance(0.7) ? before : null
      const found = expected === before
      calls.push({ command: cas(expected, piece), began, ended, outcome, found: outcome === 'ok' && found })
      if (found) effect([piece])
    } else {
      calls.push({ command: remove, began, ended, outcome, found: outcome === 'ok' && before !== null })
      effect([])
    }
  }
  calls.push({ ...read(value()), began: time + 100, ended: time + 101 })
  return { calls: calls.sort((a, b) => a.ended - b.ended), lost }
}

test('no false alarm on what a right register answers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
      expect(check(simulate(seed).calls).findings).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('a lost append is always found, since nothing takes its place', () => {
  let lost = 0
  for (let seed = 0; seed < 200; seed++) {
    const made = simulate(seed, 1 + (seed % 20), true)
    if (!made.lost) continue
    lost++
    expect(check(made.calls).findings, `seed ${seed}`).not.toEqual([])
  }
  expect(lost).toBeGreaterThan(150)
})
