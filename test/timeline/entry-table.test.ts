/** Numbers for entries, whether they were told or not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../main/raft/types'
import { type LogStretch, sizeOf, untoldEntry } from '../../main/timeline/fold/entry-log'
import { ByteReader, ByteWriter } from '../../main/timeline/recording/bytes'
import { readEntries, writeEntries } from '../../main/timeline/recording/columns'
import { EntryTable } from '../../main/timeline/recording/entry-table'

describe('a table of entries', () => {
  const entry = (index: number, term = 1, data: readonly number[] = []): Entry => ({
    index,
    term,
    type: 'command',
    data: Uint8Array.from(data),
  })

  it('numbers equal entries alike, in order of appearance, whatever their indexes', () => {
    const table = new EntryTable()
    const entries = [
      ...Array.from({ length: 100 }, (_, place) => entry(place + 20)),
      entry(2 ** 50),
      entry(30, 2),
      entry(30, 1, [7]),
      entry(0.5),
      entry(-3),
    ]
    const numbers = entries.map((_, place) => place)
    expect(entries.map((one) => table.idOf(one))).toEqual(numbers)
    expect(table.takeFresh()).toEqual([{ type: 'told', entries }])
    expect(entries.map((one) => table.idOf({ ...one, data: one.data.slice() }))).toEqual(numbers)
    expect(table.takeFresh()).toEqual([])
  })

  it('forgets what no range reaches, and numbers it anew', () => {
    const table = new EntryTable()
    for (let index = 1; index <= 1000; index++) table.idOf(entry(index))
    table.idOf(entry(500, 2))
    table.keepRanges([
      { firstIndex: 500, lastIndex: 500 },
      { firstIndex: 1001, lastIndex: 1000 },
    ])
    expect([table.idOf(entry(500)), table.idOf(entry(500, 2))]).toEqual([499, 1000])
    expect([table.idOf(entry(1)), table.idOf(entry(900))]).toEqual([1001, 1002])
  })

  it('numbers what was not told run by run, and each once', () => {
    const table = new EntryTable()
    const untold = (firstIndex: number, count: number, term = 1) =>
      [...table.idsOf({ type: 'untold', firstIndex, term, count })].flatMap(({ start, count }) =>
        Array.from({ length: count }, (_, place) => start + place),
      )
    expect(untold(5, 3)).toEqual([0, 1, 2])
    // The same on another node, which has more; and less.
    expect(untold(3, 7)).toEqual([3, 4, 0, 1, 2, 5, 6])
    expect(untold(6, 1)).toEqual([1])
    expect(table.idOf(entry(9, 1, [7]))).toBe(7)
    expect(untold(6, 2, 2)).toEqual([8, 9])
    expect(table.takeFresh().map(sizeOf)).toEqual([3, 2, 2, 1, 2])
    table.keepRanges([{ firstIndex: 7, lastIndex: 7 }])
    expect([...untold(7, 1), ...untold(4, 1)]).toEqual([2, 10])
  })

  it('gives every entry one number, and the blocks have them in that order', () => {
    const stretch: fc.Arbitrary<LogStretch> = fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 2 }),
        fc.boolean(),
      )
      .map(([firstIndex, count, term, isTold]) =>
        isTold
          ? { type: 'told', entries: Array.from({ length: count }, (_, at) => entry(firstIndex + at, term, [term])) }
          : { type: 'untold', firstIndex, term, count },
      )
    fc.assert(
      fc.property(fc.array(fc.array(stretch, { maxLength: 6 }), { maxLength: 4 }), (frames) => {
        const table = new EntryTable()
        const stored: Entry[] = []
        const numbered: (readonly [number, Entry])[] = []
        for (const stretches of frames) {
          for (const each of stretches) numbered.push(...numbersOf(table, each))
          const out = new ByteWriter()
          writeEntries(out, table.takeFresh())
          stored.push(...readEntries(new ByteReader(out.finish())))
        }
        for (const [number, one] of numbered) expect(stored[number]).toEqual(one)
        expect(new Set(stored.map(({ index, term, data }) => `${index} ${term} ${data.length}`)).size).toBe(
          stored.length,
        )
      }),
    )
  })
})

function numbersOf(table: EntryTable, stretch: LogStretch): (readonly [number, Entry])[] {
  if (stretch.type === 'told') return stretch.entries.map((entry) => [table.idOf(entry), entry] as const)
  const { firstIndex, term } = stretch
  const numbers = [...table.idsOf(stretch)].flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, at) => start + at),
  )
  return numbers.map((number, at) => [number, untoldEntry(firstIndex + at, term)] as const)
}
