import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Progress } from '../../main/raft/progress'

function replicating(matchIndex: number): Progress {
  const progress = new Progress(2, matchIndex + 1, 0)
  progress.accepted(matchIndex)
  return progress
}

describe('probe', () => {
  test('one message, then wait; nextIndex stands still', () => {
    const progress = new Progress(2, 5, 0)
    expect(progress.maySend(4, 1_000_000)).toBe(true)
    progress.sent(7, 100)
    expect(progress.maySend(4, 1_000_000)).toBe(false)
    expect(progress.view()).toEqual({ peer: 2, matchIndex: 0, nextIndex: 5, state: 'probe', inFlight: 1 })
  })

  test('an acceptance makes it replicate behind what matches', () => {
    const progress = new Progress(2, 5, 0)
    progress.sent(7, 100)
    expect(progress.accepted(7)).toBe(true)
    expect(progress.view()).toEqual({ peer: 2, matchIndex: 7, nextIndex: 8, state: 'replicate', inFlight: 0 })
  })

  test('a refusal goes back and may probe again', () => {
    const progress = new Progress(2, 5, 0)
    progress.sent(7, 100)
    expect(progress.refused(3)).toBe(true)
    expect(progress.view()).toEqual({ peer: 2, matchIndex: 0, nextIndex: 3, state: 'probe', inFlight: 0 })
    expect(progress.maySend(1, 1_000_000)).toBe(true)
  })

  test('an old acceptance below what is probed proves nothing new', () => {
    const progress = replicating(3)
    progress.sent(9, 100)
    progress.refused(8)
    progress.accepted(3)
    expect(progress.view()).toMatchObject({ matchIndex: 3, nextIndex: 8, state: 'probe' })
  })
})

describe('replicate', () => {
  test('runs ahead up to the window, and is freed by one reply for several messages', () => {
    const progress = replicating(3)
    progress.sent(4, 100)
    progress.sent(6, 100)
    expect(progress.maySend(2, 1_000_000)).toBe(false)
    expect(progress.nextIndex).toBe(7)
    progress.accepted(6)
    expect(progress.view()).toEqual({ peer: 2, matchIndex: 6, nextIndex: 7, state: 'replicate', inFlight: 0 })
  })

  test('a reply between two messages frees only the first', () => {
    const progress = replicating(3)
    progress.sent(5, 100)
    progress.sent(7, 100)
    progress.accepted(6)
    expect(progress.view()).toMatchObject({ matchIndex: 6, nextIndex: 8, inFlight: 1 })
  })

  test('a refusal turns back to probe, not behind what matches', () => {
    const progress = replicating(3)
    progress.sent(9, 100)
    expect(progress.refused(1)).toBe(true)
    expect(progress.view()).toEqual({ peer: 2, matchIndex: 3, nextIndex: 4, state: 'probe', inFlight: 0 })
  })

  test('a refusal is old news where nothing can lie between', () => {
    const progress = replicating(3)
    expect(progress.refused(1)).toBe(false)
    expect(progress.state).toBe('replicate')
  })
})

describe('changes', () => {
  test('tells a view once', () => {
    const progress = replicating(3)
    expect(progress.changes()).toMatchObject({ matchIndex: 3 })
    expect(progress.changes()).toBeUndefined()
    progress.accepted(3)
    expect(progress.changes()).toBeUndefined()
    progress.sent(4, 100)
    expect(progress.changes()).toMatchObject({ nextIndex: 5, inFlight: 1 })
  })
})

test('whatever arrives in whatever order: matchIndex never falls, and stays below nextIndex', () => {
  const happening = fc.oneof(
    fc.record({ accepted: fc.nat(20) }),
    fc.record({ refused: fc.nat(20) }),
    fc.record({ sent: fc.integer({ min: 1, max: 4 }) }),
  )
  fc.assert(
    fc.property(fc.nat(20), fc.array(happening, { maxLength: 40 }), (start, happenings) => {
      const progress = new Progress(2, start + 1, 0)
      for (const each of happenings) {
        const before = progress.view()
        if ('accepted' in each) progress.accepted(each.accepted)
        else if ('refused' in each) progress.refused(each.refused)
        else if (progress.maySend(4, 1_000_000)) progress.sent(progress.nextIndex + each.sent - 1, 100)
        const after = progress.view()
        expect(after.matchIndex).toBeGreaterThanOrEqual(before.matchIndex)
        expect(after.nextIndex).toBeGreaterThan(after.matchIndex)
        expect(after.inFlight).toBeLessThanOrEqual(4)
      }
    }),
  )
})
