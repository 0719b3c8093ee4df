/** When the workbench reads what nodes say. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Reading } from '../../main/cluster/supervisor/reading'
import type { Connection } from '../../main/node/contract/transport'

type Said = Connection & { readonly said: boolean[]; bytesRead: number }

/** As much of a connection as is paused here: what was said of it, in order. */
function connection(): Said {
  const said: boolean[] = []
  return {
    said,
    bytesRead: 1000,
    send: () => true,
    sendEncoded: () => true,
    flush: () => undefined,
    backlog: 0,
    isOpen: true,
    drained: () => Promise.resolve(),
    onFrame: () => undefined,
    onClose: () => undefined,
    onProblem: () => undefined,
    pause: (isPaused) => said.push(isPaused),
    close: () => undefined,
  }
}

/** The rest of a turn of the process, and so many milliseconds. */
const pass = (millis = 0) => vi.advanceTimersByTime(millis)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('lets who was read rest when the turn is over, and reads all of them again at the same moment', () => {
  const reading = new Reading(() => false)
  const [first, second] = [connection(), connection()]
  reading.rest(first)
  reading.rest(first)
  expect(first.said).toEqual([])
  pass()
  expect(first.said).toEqual([true])
  pass(20)
  reading.rest(second)
  pass()
  expect(second.said).toEqual([true])
  pass(10)
  expect(first.said).toEqual([true, false])
  expect(second.said).toEqual([true, false])
  pass(1000)
  expect(first.said).toEqual([true, false])
})

it('reads who says little as it comes', () => {
  const reading = new Reading(() => false)
  const one = connection()
  one.bytesRead = 512
  reading.rest(one)
  pass(100)
  one.bytesRead += 512
  reading.rest(one)
  pass(100)
  expect(one.said).toEqual([])
  one.bytesRead += 513
  reading.rest(one)
  pass()
  expect(one.said).toEqual([true])
})

it('goes on reading who says much, until it says less', () => {
  const reading = new Reading(() => false)
  const one = connection()
  one.bytesRead = 64 << 10
  reading.rest(one)
  pass()
  one.bytesRead += 64 << 10
  reading.rest(one)
  pass(100)
  expect(one.said).toEqual([])
  one.bytesRead += 1000
  reading.rest(one)
  pass()
  expect(one.said).toEqual([true])
})

it('reads at once when somebody waits, and rests again afterwards', () => {
  const reading = new Reading(() => false)
  const one = connection()
  reading.rest(one)
  pass()
  reading.now()
  expect(one.said).toEqual([true, false])
  pass(20)
  one.bytesRead += 1000
  reading.rest(one)
  pass(20)
  expect(one.said).toEqual([true, false, true])
  pass(10)
  expect(one.said).toEqual([true, false, true, false])
  // Who was only about to rest does not.
  one.bytesRead += 1000
  reading.rest(one)
  reading.now()
  pass(100)
  expect(one.said).toEqual([true, false, true, false])
})

it('lets nobody rest while everything is to be read as it comes', () => {
  let isUrgent = true
  const reading = new Reading(() => isUrgent)
  const one = connection()
  reading.rest(one)
  pass()
  expect(one.said).toEqual([])
  isUrgent = false
  reading.rest(one)
  pass()
  expect(one.said).toEqual([true])
})
