/** When a node takes a snapshot, and what becomes of it. */
import { expect, test } from 'vitest'
import type { SnapshotFiles } from '../../../main/node/disk/api'
import { KeyValueStore } from '../../../main/node/kv/store'
import { Snapshots } from '../../../main/node/runtime/snapshots'
import type { Configuration, Position } from '../../../main/raft/types'
import { entry } from './support'

const configuration = { voters: [1, 2], outgoing: [], learners: [], learnersNext: [], witnesses: [2] }

function stage(node: number, settings: { snapshotEntries: number; snapshotBytes: number }) {
  const saves: { index: number; bytes: number; finish: () => void }[] = []
  const told: string[] = []
  const state = { isDescribed: true }
  const machine = new KeyValueStore()
  const snapshots = new Snapshots({
    node,
    settings,
    machine,
    describe: (index) => (state.isDescribed ? { index, term: 3, configuration } : undefined),
    files: {
      save: (position: Position, configuration: Configuration, chunks: Iterable<Uint8Array>) =>
        new Promise((resolve) => {
          const bytes = [...chunks].reduce((sum, { length }) => sum + length, 0)
          saves.push({
            index: position.index,
            bytes,
            finish: () => resolve({ ...position, configuration, bytes, checksum: 0 }),
          })
        }),
    } as unknown as SnapshotFiles,
    saved: ({ index }, heard) => {
      told.push(`saved ${index}`)
      for (const hear of heard) hear({ index, term: 3, configuration, bytes: 0, checksum: 0 })
    },
    failed: (error) => told.push(`failed ${error}`),
  })
  const apply = (count: number, size = 0) => {
    for (let i = 0; i < count; i++) snapshots.applied(entry(1, 1, new Uint8Array(size)))
  }
  return { snapshots, saves, told, apply, state }
}

test('by the number of entries, one at a time', async () => {
  const { snapshots, saves, told, apply } = stage(1, { snapshotEntries: 100, snapshotBytes: 0 })
  apply(99)
  snapshots.consider(99)
  expect(saves).toEqual([])
  apply(1, 1 << 20)
  snapshots.consider(100)
  expect(saves.map(({ index }) => index)).toEqual([100])
  expect(saves[0]!.bytes).toBeGreaterThan(0)
  apply(200)
  snapshots.consider(300)
  expect(saves).toHaveLength(1)
  saves[0]!.finish()
  await expect.poll(() => told).toEqual(['saved 100'])
  snapshots.consider(300)
  expect(saves.map(({ index }) => index)).toEqual([100, 300])
})

test('by bytes, or never', () => {
  const { snapshots, saves, apply } = stage(1, { snapshotEntries: 0, snapshotBytes: 10_000 })
  apply(9, 1000)
  snapshots.consider(9)
  expect(saves).toHaveLength(0)
  apply(1, 1000)
  snapshots.consider(10)
  expect(saves).toHaveLength(1)
  const never = stage(1, { snapshotEntries: 0, snapshotBytes: 0 })
  never.apply(1000, 1000)
  never.snapshots.consider(1000)
  expect(never.saves).toHaveLength(0)
})

test('on demand, with a reason when not; a witness has nothing to put into it', async () => {
  const { snapshots, saves, told, apply, state } = stage(2, { snapshotEntries: 0, snapshotBytes: 0 })
  const hear = () => told.push('heard')
  expect(snapshots.request(hear)).toBe('nothing-new')
  apply(1)
  expect(snapshots.request(hear)).toBeUndefined()
  expect(snapshots.request(hear)).toBe('under-way')
  state.isDescribed = false
  snapshots.consider(1)
  expect(saves).toEqual([])
  state.isDescribed = true
  snapshots.consider(1)
  expect(snapshots.request(hear)).toBe('under-way')
  expect(saves[0]!.bytes).toBe(0)
  saves[0]!.finish()
  await expect.poll(() => told).toEqual(['saved 1', 'heard'])
  expect(snapshots.request(hear)).toBe('nothing-new')
})
