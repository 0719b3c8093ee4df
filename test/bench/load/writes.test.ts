import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KEYS, keyOf, VALUE_BYTES, valueFor, writeOf } from './writes'

test('a value tells its write, and a damaged one tells none', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: 8, max: VALUE_BYTES - 1 }), (write, at) => {
      const value = valueFor(write)
      expect(value).toHaveLength(VALUE_BYTES)
      expect(writeOf(value)).toBe(write)
      value[at] = (value[at] ?? 0) ^ 1
      expect(writeOf(value)).toBeUndefined()
      expect(writeOf(value.subarray(1))).toBeUndefined()
    }),
  )
})

test('a key comes back only after all the others', () => {
  const seen = new Set(Array.from({ length: KEYS }, (_, i) => keyOf(5_000_000 + i)))
  expect(seen.size).toBe(KEYS)
  expect(keyOf(1 + KEYS)).toBe(keyOf(1))
})
