import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from '../../../main/node/contract/crc32c'
import { isRun, logRunOf } from '../../../main/node/contract/log-run'
import { decodeEntries, encodeEntries, makeEntry } from '../../../main/node/contract/records/entries'
import type { Entry } from '../../../main/raft/types'

const made = [1, 2, 3].map((index) => makeEntry(index, 4, 'command', Buffer.from(`value ${index}`)))

test('a run is the same wherever its entries lie: side by side, each for itself, or as plain objects', () => {
  const run = logRunOf({ firstIndex: 1, term: 4, entries: made })
  expect(run).toMatchObject({ firstIndex: 1, count: 3, term: 4 })
  const [second, ...apart] = [2, 1, 3].map((index) => makeEntry(index, 4, 'command', Buffer.from(`value ${index}`)))
  const plain = made.map(({ index, term, type, data }): Entry => ({ index, term, type, data }))
  expect(isRun([apart[0]!, second!, apart[1]!], run)).toBe(true)
  expect(isRun(plain, run)).toBe(true)
  expect(isRun(decodeEntries(encodeEntries(made)), run)).toBe(true)
})

test('nothing else is that run', () => {
  const run = logRunOf({ firstIndex: 1, term: 4, entries: made })
  const [first, second, third] = made as readonly Entry[] as [Entry, Entry, Entry]
  const others: readonly (readonly Entry[])[] = [
    [],
    [first, second],
    [first, third, second],
    [first, second, { ...third, data: Buffer.from('value 4') }],
    [first, { ...second, type: 'noop' }, third],
    [first, { ...second, term: 3 }, third],
    made.map((entry) => ({ ...entry, index: entry.index + 1, data: entry.data })),
  ]
  for (const other of others) expect(isRun(other, run)).toBe(false)
})

test('the digest is the CRC of the checksums that stand in the records, whether they were kept or not', () => {
  const anyData = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(anyData, fc.boolean(), (several, isPlain) => {
      const entries = several.map((data, at): Entry & { readonly record: Uint8Array } => {
        const { index, term, type, record } = makeEntry(at + 1, 4, 'command', data)
        return { index, term, type, data, record }
      })
      const stored = Buffer.concat(entries.map(({ record }) => record.subarray(4, 8)))
      const told = isPlain ? entries : decodeEntries(encodeEntries(entries))
      expect(logRunOf({ firstIndex: 1, term: 4, entries: told }).digest).toBe(crc32c(stored))
    }),
  )
})
