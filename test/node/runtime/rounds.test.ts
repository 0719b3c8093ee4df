/** A stop of all that meets a node anywhere in its loop is heard of before the core sees the time after it. */
import { expect, test } from 'vitest'
import { Rounds } from '../../../main/node/runtime/rounds'

const MILLI = 1e6
const round = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A clock that is set by hand, and the moments by which turns went. */
function loop() {
  const clock = { t: 0, now: () => clock.t }
  const turns: number[] = []
  const rounds = new Rounds(clock, (now) => turns.push(now))
  return { clock, turns, rounds }
}

test('turns that follow each other closely come at once, and one however often it is asked for', async () => {
  const { clock, turns, rounds } = loop()
  for (const t of [1, 5, 9]) {
    clock.t = t * MILLI
    rounds.schedule()
    rounds.schedule()
    await round()
  }
  expect(turns).toEqual([1 * MILLI, 5 * MILLI, 9 * MILLI])
})

test('after a pause the sockets are read once more', async () => {
  const { clock, turns, rounds } = loop()
  clock.t = 50 * MILLI
  rounds.schedule()
  await round()
  expect(turns).toEqual([])
  await round()
  expect(turns).toEqual([50 * MILLI])
})

test('a stop between the two readings has them read again', async () => {
  const { clock, turns, rounds } = loop()
  clock.t = 50 * MILLI
  rounds.schedule()
  await round()
  // The sockets were read before the stop, and what is said of it comes with the next reading.
  clock.t = 2_250 * MILLI
  await round()
  expect(turns).toEqual([])
  await round()
  expect(turns).toEqual([2_250 * MILLI])
})

test('a turn goes by the look that was found close: a stop right after it belongs to the next one', async () => {
  const clock = { looks: 0, now: () => (clock.looks++ === 0 ? 5 * MILLI : 2_250 * MILLI) }
  const turns: number[] = []
  new Rounds(clock, (now) => turns.push(now)).schedule()
  await round()
  expect(turns).toEqual([5 * MILLI])
})
