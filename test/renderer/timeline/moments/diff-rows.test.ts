/** A comparison's rows: what is known to be alike is not left blank. */
import { expect, test } from 'vitest'
import type { EntryDiff, NodeDiff } from '../../../../preload/contract'
import { cellsOf } from '../../../../renderer/timeline/moments/diff-rows'

const entry = (index: number, change: EntryDiff['change']): EntryDiff =>
  ({ index, change, a: null, b: { index, term: 1 } }) as unknown as EntryDiff

function node(sameUpTo: number, entries: readonly EntryDiff[]): NodeDiff {
  return { log: { sameUpTo, commitA: 2, commitB: 5, entries } } as unknown as NodeDiff
}

test('what both moments have alike stands there as such, though its entries are not told; what is in neither is blank', () => {
  const cells = cellsOf(node(4, [entry(4, 'same'), entry(5, 'added')]), [2, 3, 4, 5, 6])
  expect(cells.map((cell) => cell && [cell.index, cell.change, cell.entry !== null])).toEqual([
    [2, 'same', false],
    [3, 'same', false],
    [4, 'same', true],
    [5, 'added', true],
    null,
  ])
  // Where commitIndex stood is drawn there as well.
  expect(cells.map((cell) => cell?.endsA)).toEqual([true, false, false, false, undefined])
  expect(cells.map((cell) => cell?.endsB)).toEqual([false, false, false, true, undefined])
})
