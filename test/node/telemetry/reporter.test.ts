import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { entry } from '../runtime/support'
import { remark, reporter } from './support'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('little leaves at once or within 2 ms, and a sign of life every 50 ms', () => {
  const { made, clock, frames } = reporter()
  vi.advanceTimersByTime(10)
  made.report(clock.now(), remark)
  made.turnEnded(clock.now())
  expect(frames).toHaveLength(1)
  expect(frames[0]!.events[0]).toMatchObject({ kind: 'remark', node: 4, n: 1, t: 10e6 })
  made.report(clock.now(), remark)
  made.turnEnded(clock.now())
  expect(frames).toHaveLength(1)
  vi.advanceTimersByTime(2)
  expect(frames).toHaveLength(2)
  expect(frames[1]).toMatchObject({ upTo: 12e6 })
  vi.advanceTimersByTime(120)
  expect(frames).toHaveLength(4)
  expect(frames[3]).toMatchObject({ upTo: 112e6, events: [] })
})

test('much leaves every 20 ms or 64 KiB, and little at once again', () => {
  const { made, clock, frames } = reporter()
  const turn = (events: number) => {
    for (let i = 0; i < events; i++) made.report(clock.now(), remark)
    made.turnEnded(clock.now())
  }
  vi.advanceTimersByTime(20)
  turn(100)
  expect(frames).toHaveLength(1)
  for (let millis = 0; millis < 18; millis += 2) {
    vi.advanceTimersByTime(2)
    turn(5)
  }
  expect(frames).toHaveLength(1)
  vi.advanceTimersByTime(2)
  expect(frames).toHaveLength(2)
  expect(frames[1]!.events).toHaveLength(45)
  turn(3000)
  expect(frames).toHaveLength(3)
  vi.advanceTimersByTime(20)
  turn(1)
  turn(1)
  vi.advanceTimersByTime(2)
  expect(frames.at(-1)!.events.at(-1)!.n).toBe(3147)
})

test('what is much stays much while less is said than made it so', () => {
  const { made, clock, frames } = reporter()
  const turn = (events: number) => {
    for (let i = 0; i < events; i++) made.report(clock.now(), remark)
    made.turnEnded(clock.now())
  }
  vi.advanceTimersByTime(20)
  turn(100)
  // As with large batches: a burst of each, and between them nothing.
  for (let millis = 20; millis < 120; millis += 5) {
    turn(2)
    vi.advanceTimersByTime(5)
  }
  expect(frames.map(({ upTo }) => upTo / 1e6)).toEqual([20, 40, 60, 80, 100, 120])
})

test('all nodes write at the same moments while much is said', () => {
  const moments = [3, 11].map((begin) => {
    const { made, clock, frames } = reporter()
    vi.advanceTimersByTime(begin)
    for (let millis = begin; millis < 100; millis++) {
      for (let i = 0; i < 20; i++) made.report(clock.now(), remark)
      made.turnEnded(clock.now())
      vi.advanceTimersByTime(1)
    }
    return frames.map(({ upTo }) => upTo / 1e6)
  })
  expect(moments).toEqual([
    [3, 20, 40, 60, 80, 100],
    [11, 20, 40, 60, 80, 100],
  ])
})

test.each([300, 600])('large events go in frames of their own: %i KiB', (kibibytes) => {
  const { made, clock, frames } = reporter()
  for (let index = 1; index <= 5; index++) {
    const entries = [entry(index, 1, new Uint8Array(kibibytes << 10))]
    made.report(clock.now(), {
      kind: 'appended',
      firstIndex: index,
      count: 1,
      entries,
      term: 1,
      bytes: kibibytes << 10,
    })
  }
  made.report(clock.now(), remark)
  made.flush()
  expect(frames.map(({ events }) => events.length)).toEqual([1, 1, 1, 1, 1, 1])
})

test('when nobody reads it stays bounded: state is kept, the rest is counted', () => {
  const { made, clock, frames, sink } = reporter()
  sink.backlog = 64 << 20
  for (let i = 0; i < 300_000; i++) made.report(clock.now(), remark)
  made.report(clock.now(), { kind: 'truncated', fromIndex: 3 })
  made.flush()
  expect(frames).toEqual([])
  sink.backlog = 0
  made.flush()
  const events = frames.flatMap((frame) => frame.events)
  const kept = events.filter(({ kind }) => kind === 'remark').length
  expect(kept).toBeGreaterThan(100_000)
  expect(events.filter(({ kind }) => kind === 'truncated')).toHaveLength(1)
  expect(events.at(-1)).toMatchObject({ kind: 'gap', subject: 4, shed: 300_000 - kept })
  // Of so many, a comparison that could print them all would take most of the test's time.
  expect(events.findIndex(({ n }, at) => n !== at + 1)).toBe(-1)
  expect(frames.findIndex(({ upTo }, at) => upTo < (frames[at - 1]?.upTo ?? 0))).toBe(-1)
})

test('a frozen process is silent, one without a supervisor waits', () => {
  const { made, clock, frames, state } = reporter()
  made.pause(true)
  made.report(clock.now(), remark)
  vi.advanceTimersByTime(500)
  expect(frames).toEqual([])
  state.isConnected = false
  made.pause(false)
  vi.advanceTimersByTime(500)
  expect(frames).toEqual([])
  state.isConnected = true
  vi.advanceTimersByTime(2)
  expect(frames[0]!.events).toHaveLength(1)
})
