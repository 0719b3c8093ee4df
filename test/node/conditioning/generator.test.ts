import { expect, test } from 'vitest'
import { mulberry32 } from '../../../main/node/conditioning/generator'

test('the numbers are those of mulberry32, by which other programs can be compared', () => {
  const next = mulberry32(0)
  const raw = Array.from({ length: 3 }, () => Math.round(next() * 2 ** 32))
  expect(raw).toEqual([1144304738, 1416247, 958946056])
  const other = mulberry32(0xdeadbeef)
  const numbers = Array.from({ length: 3 }, () => Math.round(other() * 2 ** 32))
  expect(numbers).toEqual(reference(0xdeadbeef, 3))
})

/** As its author wrote it. */
function reference(seed: number, count: number): number[] {
  let a = seed
  return Array.from({ length: count }, () => {
    a |= 0
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  })
}

test('the same seed gives the same numbers, from 0 to less than 1, evenly', () => {
  const [one, two] = [mulberry32(42), mulberry32(42)]
  const buckets = new Array<number>(10).fill(0)
  let different = 0
  for (let i = 0; i < 100_000; i++) {
    const number = one()
    if (two() !== number) different++
    buckets[Math.floor(number * 10)]! += 1
  }
  expect(different).toBe(0)
  for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})
