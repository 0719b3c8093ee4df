import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c, crc32cOfWord } from '../../../main/node/contract/crc32c'

const bytes = (length: number, at: (index: number) => number) => Uint8Array.from({ length }, (_, index) => at(index))

test.each([
  ['32 zeros', bytes(32, () => 0), 0x8a9136aa],
  ['32 times 0xff', bytes(32, () => 255), 0x62a8ab43],
  ['0 up to 31', bytes(32, (index) => index), 0x46dd794e],
  ['31 down to 0', bytes(32, (index) => 31 - index), 0x113fdb5c],
  ['"123456789", the check value', new TextEncoder().encode('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
])('RFC 3720 B.4: %s', (_name, input, expected) => {
  expect(crc32c(input)).toBe(expected)
})

/** The definition, bit by bit. */
function plain(input: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of input) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

test('any bytes give what the definition gives, in one piece and in two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (input, cut) => {
      const middle = Math.min(cut, input.length)
      expect(crc32c(input)).toBe(plain(input))
      expect(crc32c(input, middle, input.length, crc32c(input, 0, middle))).toBe(plain(input))
      const inside = new Uint8Array([9, 9, 9, ...input, 9]).subarray(3, 3 + input.length)
      const view = new DataView(inside.buffer, inside.byteOffset, inside.byteLength)
      expect(crc32c(inside)).toBe(plain(input))
      expect(crc32c(inside, middle, input.length, crc32c(inside, 0, middle, 0, view), view)).toBe(plain(input))
    }),
  )
})

test('a word counts as its four bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ maxLength: 9 }), (four, before) => {
      const word = new DataView(four.buffer, four.byteOffset).getInt32(0, true)
      expect(crc32cOfWord(word, crc32c(before))).toBe(plain(new Uint8Array([...before, ...four])))
    }),
  )
})
