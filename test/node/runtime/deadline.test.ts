import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DeadlineTimer } from '../../../main/node/runtime/deadline'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('the deadline timer fires once it is due, and moves with the deadline', () => {
  const due: number[] = []
  const now = () => performance.now()
  const start = now()
  const timer = new DeadlineTimer(
    (deadline) => deadline - now(),
    () => due.push(Math.round(now() - start)),
  )
  timer.set(start + 100)
  vi.advanceTimersByTime(60)
  timer.set(start + 160)
  vi.advanceTimersByTime(99)
  expect(due).toEqual([])
  vi.advanceTimersByTime(1)
  expect(due).toEqual([160])
  timer.set(start + 500)
  timer.set(start + 200)
  vi.advanceTimersByTime(40)
  expect(due).toEqual([160, 200])
  timer.set(start + 300)
  timer.stop()
  vi.advanceTimersByTime(1000)
  expect(due).toHaveLength(2)
  timer.set(Number.POSITIVE_INFINITY)
  vi.advanceTimersByTime(10_000)
  expect(vi.getTimerCount()).toBe(0)
  timer.set(now() + 10)
  timer.set(Number.POSITIVE_INFINITY)
  vi.advanceTimersByTime(10_000)
  expect(due).toHaveLength(2)
})
