/** What the window asks of events that it does not have, and what it makes of the answers. */
import { describe, expect, test } from 'vitest'
import { isLandmark } from '../../../main/timeline/overview/landmarks'
import { eventView } from '../../../main/timeline/views/event'
import type { OverviewView } from '../../../preload/contract'
import { TimelineModel } from '../../../preload/contract/diagram'
import type { Door } from '../../../renderer/stores/door'
import { farModel, wholeOf } from '../../../renderer/timeline/far-model'
import { createOverviewMemory } from '../../../renderer/timeline/overview'
import { LIFE, lifeOf } from '../../bench/timeline/life'
import { FakeDoor } from '../support/fake-door'

const S = 1e9

function viewOf(from: number, to: number, buckets: number, more: Partial<OverviewView> = {}): OverviewView {
  const each = (count: number) => new Array<number>(buckets).fill(count)
  const none = each(0)
  return {
    from,
    to,
    buckets,
    total: buckets * 10,
    events: each(10),
    lanes: [],
    calls: { asked: none, ok: none, failed: none, unknown: none },
    commits: none,
    landmarks: [],
    whole: true,
    damaged: 0,
    ...more,
  }
}

function memoryOver(answer: (range: { from: number; to: number; buckets: number }) => OverviewView) {
  const fake = new FakeDoor().on('overview.read', answer)
  const door: Door = {
    call: async (name, input) => {
      const given = await fake.call(name, input)
      if (!given.ok) throw new Error(given.problem.message)
      return given.value
    },
    subscribe: () => () => undefined,
    connection: fake.connection,
    retryAt: fake.retryAt,
    retryNow: () => undefined,
  }
  return { fake, memory: createOverviewMemory(door, () => 'recording') }
}

describe('the counts that a window has', () => {
  test('are read with a margin, once, and again where they end or would look coarse', async () => {
    const { fake, memory } = memoryOver(({ from, to, buckets }) => viewOf(from, to, buckets))
    const asked = () => fake.inputsOf('overview.read').length
    await memory.ensure({ from: 10 * S, to: 20 * S }, 100 * S)
    // What is seen, and everything for the minimap.
    expect(fake.inputsOf('overview.read')).toMatchObject([
      { from: 2.5 * S, to: 27.5 * S },
      { from: 0, to: 100 * S + 1 },
    ])
    await memory.ensure({ from: 5 * S, to: 15 * S }, 100 * S)
    expect(asked()).toBe(2)
    expect(memory.covers({ from: 5 * S, to: 15 * S })).toBe(true)
    await memory.ensure({ from: 25 * S, to: 35 * S }, 100 * S)
    expect(asked()).toBe(3)
    await memory.ensure({ from: 30 * S, to: 31 * S }, 100 * S)
    expect(asked()).toBe(4)
    expect(memory.covers({ from: 0, to: 90 * S })).toBe(false)
  })

  test('tell how many events a span has, before it is read by what the minimap knows', async () => {
    const { memory } = memoryOver(({ from, to, buckets }) => viewOf(from, to, buckets))
    expect(memory.eventsIn({ from: 0, to: S })).toBeUndefined()
    await memory.ensure({ from: 10 * S, to: 20 * S }, 64 * S)
    // 640 parts of a tenth of a second with ten events each.
    expect(memory.eventsIn({ from: 0, to: 32 * S })).toBeCloseTo(3_200, -2)
    // 2,400 parts of 25 seconds.
    expect(memory.eventsIn({ from: 10 * S, to: 20 * S })).toBeCloseTo(9_600, -2)
  })

  test('of what was open before are thrown away', async () => {
    let answer: (view: OverviewView) => void = () => undefined
    const { fake, memory } = memoryOver(() => viewOf(0, 1, 1))
    fake.on('overview.read', () => new Promise<OverviewView>((resolve) => (answer = resolve)))
    const asking = memory.ensure({ from: 0, to: S }, S)
    memory.reset()
    answer(viewOf(0, S, 10))
    await asking
    expect(memory.seen()).toBeNull()
  })

  test('that cannot be read say why, and what is known stays', async () => {
    const { fake, memory } = memoryOver(({ from, to, buckets }) => viewOf(from, to, buckets))
    await memory.ensure({ from: 0, to: S }, S)
    fake.on('overview.read', () => {
      throw new Error('the disk is gone')
    })
    await memory.ensure({ from: 50 * S, to: 60 * S }, 100 * S)
    expect(memory.problem.value).toBe('the disk is gone')
    expect(memory.seen()).not.toBeNull()
  })
})

describe('the model of counts and landmarks', () => {
  const events = [...lifeOf({ ...LIFE, events: 20_000, faultEvery: 40, value: 8 })].flat()
  const end = (events.at(-1)?.t ?? 0) + 1
  const landmarks = events.filter(isLandmark).map(eventView)

  test('has the lanes, marks, faults and terms that all events give', () => {
    const near = new TimelineModel()
    near.sync(events.map(eventView))
    const far = farModel(viewOf(0, end, 10, { landmarks }))
    expect(far.nodes).toEqual(near.nodes)
    for (const node of near.nodes) {
      expect(far.lane(node).segments).toEqual(near.lane(node).segments)
      expect(far.lane(node).marks).toEqual(near.lane(node).marks)
    }
    expect(far.tracks.faults).toEqual(near.tracks.faults)
    expect(far.tracks.faults.length).toBeGreaterThan(2)
    const whole = wholeOf(viewOf(0, end, 10, { landmarks }))
    expect(whole.terms).toEqual(near.terms)
    expect(whole.faults?.length).toBe(near.tracks.faults.length)
  })

  test('tells what was committed at the end of each part', () => {
    const { tracks } = farModel(viewOf(0, 4 * S, 4, { commits: [0, 5, 5, 9] }))
    expect(tracks.commits).toEqual([
      { t: 2 * S, seq: -1, index: 5 },
      { t: 4 * S, seq: -1, index: 9 },
    ])
  })
})
