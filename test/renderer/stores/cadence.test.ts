import { describe, expect, test } from 'vitest'
import { Cadence } from '../../../renderer/stores/cadence'

/** Runs frames: a frame after a picture takes `slow` ms, one without `quick`. Answers the share of frames with a picture. */
function run(slow: number, quick: number, frames = 200): { share: number; longest: number } {
  const cadence = new Cadence()
  let at = 0
  let drawn = 0
  let last = 0
  let longest = 0
  for (let frame = 0; frame < frames; frame++) {
    const due = cadence.due(at)
    if (due) {
      drawn++
      longest = Math.max(longest, at - last)
      last = at
    }
    at += due ? slow : quick
  }
  return { share: drawn / frames, longest }
}

describe('pictures that move all the time', () => {
  test('are drawn in every other frame while frames come on time', () => {
    expect(run(16.7, 16.7).share).toBe(0.5)
  })

  test('leave frames free for everything else when painting is slow', () => {
    expect(run(60, 16.7).share).toBeLessThan(0.4)
  })

  test('never stand still for long', () => {
    expect(run(400, 16.7).longest).toBeLessThan(600)
  })

  test('come back to their pace when painting is quick again', () => {
    const cadence = new Cadence()
    let at = 0
    for (let i = 0; i < 50; i++) at += cadence.due(at) ? 80 : 16.7
    let drawn = 0
    for (let i = 0; i < 200; i++) {
      if (cadence.due(at) && i >= 100) drawn++
      at += 16.7
    }
    expect(drawn).toBe(50)
  })

  test('everyone who asks in one frame hears the same', () => {
    const cadence = new Cadence()
    expect([cadence.due(5), cadence.due(5)]).toEqual([true, true])
  })
})
