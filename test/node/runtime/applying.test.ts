import { expect, test } from 'vitest'
import { encodeCommand } from '../../../main/node/contract/command'
import { Problem } from '../../../main/node/contract/problem'
import { KeyValueStore } from '../../../main/node/kv/store'
import { Applying } from '../../../main/node/runtime/applying'
import type { SnapshotMeta } from '../../../main/raft/types'
import { entry } from './support'

const configuration = { voters: [1], outgoing: [], learners: [], learnersNext: [], witnesses: [] }
const snapshot = (index: number): SnapshotMeta => ({ index, term: 1, configuration, bytes: 10, checksum: 0 })
const put = (index: number, key: string, value: string) =>
  entry(
    index,
    1,
    encodeCommand({ client: 0, sequence: 0, time: 1, command: { op: 'put', key, value: Buffer.from(value) } }),
  )

function stage(load: (position: { index: number }) => AsyncIterable<Uint8Array>) {
  const machine = new KeyValueStore()
  const told: string[] = []
  const state = { wakes: 0, failures: [] as unknown[] }
  const applying = new Applying({
    machine,
    load,
    executed: ({ index }) => told.push(`entry ${index}`),
    restored: ({ index }) => told.push(`snapshot ${index}`),
    trouble: ({ details }) => told.push(`trouble ${JSON.stringify(details)}`),
    wake: () => {
      state.wakes += 1
    },
    fatal: (problem) => state.failures.push(problem),
  })
  return { machine, told, state, applying }
}
const none = async function* (): AsyncIterable<Uint8Array> {}

test('what is committed while a snapshot is read waits behind it', async () => {
  let loads = 0
  const source = new KeyValueStore()
  source.apply(put(1, 'a', 'old'))
  const { machine, told, state, applying } = stage(async function* () {
    loads += 1
    yield* source.snapshot()
  })
  applying.restore(snapshot(10), 3)
  applying.persisted(2)
  applying.commit([put(11, 'b', 'new')])
  applying.run()
  expect([applying.isRestoring, loads]).toEqual([true, 0])
  applying.persisted(3)
  applying.run()
  expect(loads).toBe(1)
  applying.run()
  expect([told, applying.isRestoring, applying.lastApplied]).toEqual([[], true, 0])
  await expect.poll(() => state.wakes).toBe(1)
  applying.run()
  expect(told).toEqual(['snapshot 10', 'entry 11'])
  expect([applying.lastApplied, applying.isRestoring]).toEqual([11, false])
  expect(['a', 'b'].map((key) => Buffer.from(machine.get(key)!).toString())).toEqual(['old', 'new'])
})

test('a snapshot that is gone does not matter when a newer one is there; otherwise it is the end', async () => {
  const source = new KeyValueStore()
  source.apply(put(1, 'a', 'x'))
  const { told, state, applying } = stage(async function* ({ index }) {
    if (index === 10) throw new Problem('snapshot-corrupt', { file: 'f', offset: 0, reason: 'gone' })
    yield* source.snapshot()
  })
  applying.restore(snapshot(10), 0)
  applying.run()
  applying.commit([put(11, 'b', 'y')])
  applying.restore(snapshot(20), 0)
  await expect.poll(() => state.wakes).toBe(1)
  applying.run()
  await expect.poll(() => state.wakes).toBe(2)
  applying.run()
  expect([told, applying.lastApplied]).toEqual([['snapshot 20'], 20])

  applying.restore(snapshot(10), 0)
  applying.run()
  await expect.poll(() => state.failures).toMatchObject([{ code: 'snapshot-corrupt' }])
})

test('a long log takes several turns, and nonsense in it is told and passed over', () => {
  const { told, state, applying } = stage(none)
  applying.commit(Array.from({ length: 10_000 }, (_, at) => put(at + 1, 'k', 'v')))
  applying.commit([entry(10_001, 1, new Uint8Array([99])), { ...entry(10_002, 1), type: 'metadata' }])
  let turns = 1
  for (applying.run(); state.wakes === turns; turns++) applying.run()
  expect(turns).toBe(3)
  expect(applying.lastApplied).toBe(10_002)
  expect(told.filter((line) => line.startsWith('trouble'))).toEqual([expect.stringContaining('entry 10001')])
})
