import { expect, test } from 'vitest'
import { appendedRuns } from '../../../main/node/telemetry/runs'
import type { Entry } from '../../../main/raft/types'
import { entry } from '../runtime/support'

test('runs of entries keep their order and stay small; a larger one goes alone', () => {
  const entries = [10, 300, 600, 10, 90].map((kib, at) => entry(at + 1, 1, new Uint8Array(kib << 10)))
  const runs = (list: Entry[], withData: boolean) =>
    [...appendedRuns(list, withData)].map(({ firstIndex, count, entries }) => [firstIndex, count, entries.length])
  expect(runs(entries, true)).toEqual([
    [1, 2, 2],
    [3, 1, 1],
    [4, 2, 2],
  ])
  expect(runs(entries, false)).toEqual([[1, 5, 0]])
  expect(runs([], true)).toEqual([])
})
