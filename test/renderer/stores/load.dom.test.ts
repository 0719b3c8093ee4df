import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventView } from '../../../preload/contract'
import { useLoadStore } from '../../../renderer/stores/load'
import { type Bench, createBench } from '../support/mounted'
import { liveUpdate, nodeView, wholeUpdate } from '../support/samples'

let bench: Bench
let stop: () => void
beforeEach(() => {
  bench = createBench()
  stop = useLoadStore().connect()
})
afterEach(() => {
  stop()
  bench.end()
})

const fault = (action: 'begin' | 'end', seq: number, t: number): EventView => ({
  kind: 'fault',
  node: 0,
  n: seq,
  seq,
  t,
  action,
  id: 4,
  type: 'links',
  detail: '{}',
})

test('a fault whose beginning was not read yet is shown for as far back as is known, and no further', async () => {
  const load = useLoadStore()
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r/1' })
  bench.door.say('live', wholeUpdate([nodeView(1)], { t: 30e9 }))
  await bench.settle()
  bench.door.say('live', liveUpdate({ seq: 200, t: 61e9, events: [fault('end', 199, 60e9)] }))
  await bench.settle()
  expect(load.bandsIn(0, 100e9).map(({ from, to }) => [from, to])).toEqual([[30e9, 60e9]])
  expect(load.bandsIn(0, 20e9)).toEqual([])

  bench.door.on('timeline.events', () => [fault('begin', 90, 23e9)])
  await load.ensure(0, 100e9)
  expect(load.bandsIn(0, 100e9).map(({ from, to }) => [from, to])).toEqual([[23e9, 60e9]])
})
