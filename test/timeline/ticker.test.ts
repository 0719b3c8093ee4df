import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Ticker } from '../../main/timeline/recorder/ticker'

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'performance'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

/** `at`: when it ticked. */
function ticker() {
  const begin = performance.now()
  const at: number[] = []
  const made = new Ticker((now) => at.push(now - begin))
  return { at, made, arrived: () => made.arrived(performance.now()) }
}

test('it ticks once for all that arrives in a turn, and not for what comes right after', () => {
  const { at, arrived } = ticker()
  vi.advanceTimersByTime(5)
  arrived()
  arrived()
  expect(at).toEqual([])
  vi.advanceTimersByTime(0)
  expect(at).toEqual([5])
  vi.advanceTimersByTime(3)
  arrived()
  vi.advanceTimersByTime(12)
  expect(at).toEqual([5])
  arrived()
  vi.advanceTimersByTime(0)
  expect(at).toEqual([5, 20])
})

test('without anything new it ticks 30 ms after the last time, until it is stopped', () => {
  const { at, made, arrived } = ticker()
  vi.advanceTimersByTime(20)
  arrived()
  vi.advanceTimersByTime(70)
  expect(at).toEqual([20, 50, 80])
  arrived()
  made.stop()
  arrived()
  vi.advanceTimersByTime(100)
  expect(at).toEqual([20, 50, 80])
})
