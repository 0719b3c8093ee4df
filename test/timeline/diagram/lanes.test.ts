import { expect, test } from 'vitest'
import { Lane } from '../../../main/timeline/diagram/lanes'
import type { EventView, NodeView } from '../../../preload/contract'

test('a term that was heard before the look back came is not painted over by it', () => {
  const lane = new Lane(2)
  const voted: EventView<'hardState'> = {
    kind: 'hardState',
    seq: 9,
    n: 4,
    node: 2,
    t: 5e6,
    currentTerm: 1,
    votedFor: 1,
  }
  lane.hardState(voted)
  const before = { id: 2, role: 'follower', roleSince: 0, currentTerm: 0, process: { standing: 'running' } }
  lane.seed(before as NodeView, 3e6)
  expect(lane.at(4e6)).toMatchObject({ state: 'follower', term: 0 })
  expect(lane.at(9e6)).toMatchObject({ state: 'follower', term: 1 })
})

test('what a node is at another moment gives way to what it was here', () => {
  const lane = new Lane(2)
  const later = { id: 2, role: 'follower', roleSince: 1e6, currentTerm: 7, process: { standing: 'running' } }
  lane.guess(later as NodeView, 90e6)
  expect(lane.at(5e6)).toMatchObject({ term: 7 })
  expect(lane.knows(5e6)).toBe(false)
  lane.seed({ ...later, currentTerm: 4 } as NodeView, 4e6)
  expect(lane.segments).toHaveLength(1)
  expect(lane.at(5e6)).toMatchObject({ state: 'follower', term: 4 })
  expect(lane.knows(5e6)).toBe(true)
  lane.guess(later as NodeView, 90e6)
  expect(lane.at(5e6)).toMatchObject({ term: 4 })
})

test('a node of which the first thing known is that it is ready, runs', () => {
  const lane = new Lane(2)
  const ready: EventView<'process'> = {
    kind: 'process',
    seq: 9,
    n: 4,
    node: 0,
    t: 5e6,
    subject: 2,
    state: 'ready',
    pid: 7,
    incarnation: 1,
    exitCode: 0,
    signal: '',
  }
  lane.process(ready)
  const before = { id: 2, role: 'follower', roleSince: 0, currentTerm: 0, process: { standing: 'starting' } }
  lane.seed(before as NodeView, 3e6)
  expect(lane.at(4e6)?.state).toBe('starting')
  expect(lane.at(6e6)?.state).toBe('follower')
})
