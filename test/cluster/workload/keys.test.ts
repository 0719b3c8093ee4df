import { expect, test } from 'vitest'
import { randomFrom } from '../../../main/cluster/random'
import { keyName, keySpread } from '../../../main/cluster/workload/keys'

const DRAWN = 100_000

function counts(count: number, spread: 'uniform' | 'zipf' | 'single'): number[] {
  const random = randomFrom(3, 'keys')
  const draw = keySpread({ count, spread })
  const drawn = new Array<number>(count + 1).fill(0)
  for (let i = 0; i < DRAWN; i++) {
    const key = draw(random)
    drawn[key] = (drawn[key] ?? 0) + 1
  }
  expect(drawn.length).toBe(count + 1)
  expect(drawn[0]).toBe(0)
  return drawn
}

test('uniform: every key as often as any other', () => {
  for (const drawn of counts(20, 'uniform').slice(1)) expect(Math.abs(drawn - DRAWN / 20)).toBeLessThan(6 * 70)
})

test('zipf: the n-th key 1/n as often as the first', () => {
  const [, first = 0, ...others] = counts(50, 'zipf')
  for (const [at, drawn] of others.entries()) {
    const expected = first / (at + 2)
    expect(Math.abs(drawn - expected)).toBeLessThan(8 * Math.sqrt(expected))
  }
})

test('single: always the first', () => {
  expect(counts(100, 'single')[1]).toBe(DRAWN)
})

test('a million keys are no trouble', () => {
  const draw = keySpread({ count: 1_000_000, spread: 'zipf' })
  const random = randomFrom(1)
  const drawn = Array.from({ length: 1000 }, () => draw(random))
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1_000_000)
  expect(Math.max(...drawn)).toBeGreaterThan(100_000)
})

test('keys tell their workload', () => {
  expect(keyName(3, 14)).toBe('load/3/14')
})
