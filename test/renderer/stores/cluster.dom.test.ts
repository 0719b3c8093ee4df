import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventView } from '../../../preload/contract'
import { type Bench, createBench } from '../support/mounted'
import {
  entryView,
  eventRun,
  liveUpdate,
  momentView,
  nodePatch,
  nodeView,
  recordingInfo,
  wholeUpdate,
} from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const live = { kind: 'live', name: 'five', recording: '/r/1' } as const

async function open(): Promise<void> {
  bench.door.say('source', live)
  bench.door.say('live', wholeUpdate([nodeView(1), nodeView(2)], { events: eventRun(0, 100) }))
  await bench.settle()
}

describe('live', () => {
  it('shows what the updates say, laid over each other', async () => {
    await open()
    bench.door.say('live', liveUpdate({ seq: 101, t: 5.1e9, nodes: [nodePatch(1, 4, [entryView(4)], 4)] }))
    await bench.settle()
    expect(bench.cluster.mode).toBe('live')
    expect(bench.cluster.moment?.seq).toBe(101)
    expect(bench.cluster.nodeOf(1)?.log.entries.map((entry) => entry.index)).toEqual([1, 2, 3, 4])
    expect(bench.cluster.end).toBe(5.1e9)
  })
  it('gathers a burst into one change per frame', async () => {
    await open()
    const before = bench.cluster.moment
    for (let i = 1; i <= 20; i++) bench.door.say('live', liveUpdate({ seq: 100 + i }))
    expect(bench.cluster.moment).toBe(before)
    await bench.settle()
    expect(bench.cluster.moment?.seq).toBe(120)
  })
  it('takes a whole update that comes before the news of the opening', async () => {
    bench.door.say('live', wholeUpdate([nodeView(1)]))
    bench.door.say('source', live)
    await bench.settle()
    expect(bench.cluster.moment?.nodes).toHaveLength(1)
  })
  it('forgets the old cluster when another one opens', async () => {
    await open()
    bench.door.say('source', { kind: 'live', name: 'other', recording: '/r/2' })
    expect(bench.cluster.moment).toBeNull()
    expect(bench.cluster.events).toHaveLength(0)
  })
})

describe('a pinned moment', () => {
  it('is what every region shows while the cluster goes on', async () => {
    await open()
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([nodeView(1)], { seq, t: seq * 1e6 }))
    await bench.cluster.pinAt({ seq: 40 })
    bench.door.say('live', liveUpdate({ seq: 300 }))
    await bench.settle()
    expect(bench.cluster.mode).toBe('pinned')
    expect(bench.cluster.moment?.seq).toBe(40)
    expect(bench.cluster.clock()).toBe(40e6)
    expect(bench.cluster.live?.seq).toBe(300)
    await bench.cluster.backToLive()
    expect(bench.cluster.moment?.seq).toBe(300)
  })
  it('reads only the newest wish while one is being read', async () => {
    await open()
    let release: () => void = () => undefined
    bench.door.on('timeline.state', async ({ seq = 0 }) => {
      if (seq === 1)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return momentView([], { seq })
    })
    const first = bench.cluster.pinAt({ seq: 1 })
    for (const seq of [2, 3, 4, 5]) void bench.cluster.pinAt({ seq })
    release()
    await first
    expect(bench.door.inputsOf('timeline.state').map(({ seq }) => seq)).toEqual([1, 5])
    expect(bench.cluster.pin?.seq).toBe(5)
  })
  it('is given up when the wish is taken back before the answer', async () => {
    await open()
    let release: () => void = () => undefined
    bench.door.on('timeline.state', async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return momentView([])
    })
    const pinning = bench.cluster.pinAt({ seq: 1 })
    await bench.cluster.backToLive()
    release()
    await pinning
    expect(bench.cluster.mode).toBe('live')
  })
  it('steps back from live to just before the latest event', async () => {
    await open()
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([], { seq }))
    await bench.cluster.stepEvent(-1)
    expect(bench.cluster.pin?.seq).toBe(99)
    await bench.cluster.stepEvent(1)
    expect(bench.cluster.pin?.seq).toBe(100)
  })
  it('stays where it was when the moment cannot be read', async () => {
    await open()
    bench.door.on('timeline.state', () => {
      throw new Error('the block is damaged')
    })
    await expect(bench.cluster.pinAt({ seq: 3 })).rejects.toThrow('the block is damaged')
    expect(bench.cluster.mode).toBe('live')
    expect(bench.cluster.pinning).toBeNull()
  })
})

describe('a recording', () => {
  it('opens at its end', async () => {
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([nodeView(1)], { seq }))
    bench.door.say('source', { kind: 'recording', info: recordingInfo({ events: 50 }) })
    await bench.settle()
    expect(bench.cluster.mode).toBe('recorded')
    expect(bench.cluster.pin?.seq).toBe(50)
    expect(bench.door.inputsOf('timeline.state')[0]).toEqual({ source: 'recording', seq: 50 })
    expect(bench.cluster.controllable).toBe(false)
  })
})

describe('a recording of a cluster that was closed', () => {
  it('opens before its processes were ended', async () => {
    const closing: EventView<'closing'> = { kind: 'closing', seq: 44, node: 0, n: 9, t: 44e6 }
    bench.door.on('timeline.events', () => [closing])
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([nodeView(1)], { seq }))
    bench.door.say('source', { kind: 'recording', info: recordingInfo({ events: 50 }) })
    await bench.settle()
    expect(bench.cluster.pin?.seq).toBe(44)
  })
})

describe('a recording that cannot be read', () => {
  it('says why, and can be tried again', async () => {
    bench.door.on('timeline.state', () => {
      throw new Error('block 3 is damaged')
    })
    bench.door.say('source', { kind: 'recording', info: recordingInfo({ events: 50 }) })
    await bench.settle()
    expect(bench.cluster.problem).toBe('block 3 is damaged')
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([nodeView(1)], { seq }))
    await bench.cluster.showEnd(50)
    expect(bench.cluster.problem).toBe('')
    expect(bench.cluster.moment?.seq).toBe(50)
  })
})

describe('events in memory', () => {
  it('are not read again when they are there', async () => {
    await open()
    await bench.cluster.ensureEvents(0, 50e6)
    expect(bench.door.inputsOf('timeline.events')).toHaveLength(0)
    expect(bench.cluster.events).toHaveLength(100)
  })
  it('are read when something older is looked at, and left again', async () => {
    bench.door.say('source', live)
    bench.door.say('live', wholeUpdate([nodeView(1)], { events: eventRun(1000, 100) }))
    await bench.settle()
    bench.door.on('timeline.events', () => eventRun(0, 10))
    await bench.cluster.ensureEvents(0, 5e6)
    expect(bench.cluster.events.map((event) => event.seq)).toEqual(eventRun(0, 10).map((event) => event.seq))
    await bench.cluster.ensureEvents(1010e6, 1020e6)
    expect(bench.cluster.events[0]?.seq).toBe(1000)
  })
  it('tell why they could not be read', async () => {
    bench.door.on('timeline.state', () => momentView([]))
    bench.door.say('source', { kind: 'recording', info: recordingInfo() })
    bench.door.on('timeline.events', () => {
      throw new Error('gone')
    })
    await bench.cluster.ensureEvents(0, 1e9)
    expect(bench.cluster.eventsProblem).toBe('gone')
  })
})
