import { beforeEach, describe, expect, test } from 'vitest'
import type { Look } from '../../../main/node/contract/breakpoint'
import type { Order, StopNotice } from '../../../main/node/contract/breakpoint/orders'
import type { EventBody } from '../../../main/node/telemetry/event-body'
import type { Watch } from '../../../main/node/watch/api'
import type { Stop } from '../../../main/node/watch/stop'
import { Watching } from '../../../main/node/watch/watching'
import { FOLLOWER } from '../support/look'

const GO_ON: Order = { type: 'continue' }

let notices: StopNotice[]
let told: EventBody[]
let orders: Order[]
let listener: Watch | undefined
let core: Look
let stood: number[]
let watching: Watching

/** `isKnown`: somebody gives orders. */
function make(isKnown = true): Watching {
  const stand = (notice: StopNotice) => {
    notices.push(notice)
    return { order: orders.shift() ?? GO_ON, nanos: 7 }
  }
  return new Watching({
    stop: isKnown ? ({ stand } as Stop) : undefined,
    look: () => core,
    listen: (watch) => {
      listener = watch
    },
    tell: (body) => told.push(body),
    lastTold: () => told.length,
    flush: () => undefined,
    stood: (nanos) => stood.push(nanos),
  })
}

/** As the journal does it. */
function happen(event: EventBody, isTold = true): void {
  if (isTold) told.push(event)
  listener?.saw(event, isTold)
}
const truncated: EventBody = { kind: 'truncated', fromIndex: 3 }
const committed = (commitIndex: number): EventBody => ({ kind: 'committed', commitIndex, by: 'counted' })

beforeEach(() => {
  notices = []
  told = []
  orders = []
  stood = []
  listener = undefined
  core = FOLLOWER
  watching = make()
  watching.begin()
})

test('nobody is asked while there is nothing to look for', () => {
  expect(listener).toBeUndefined()
  watching.set([{ id: 1, text: 'truncated' }])
  expect(listener).toBe(watching)
  watching.set([])
  expect(listener).toBeUndefined()
})

describe('a hit', () => {
  test('is told after its event, then the node stands', () => {
    watching.set([{ id: 4, text: 'truncated' }])
    happen(truncated)
    expect(told).toEqual([
      truncated,
      { kind: 'breakpoint', breakpoint: 4, event: 1, by: 'truncated', text: 'truncated' },
    ])
    expect(notices).toEqual([{ type: 'stopped', breakpoint: 4, event: 1, kind: 'truncated' }])
    expect(stood).toEqual([7])
  })
  test('tells the event that the level left out', () => {
    watching.set([{ id: 4, text: 'truncated' }])
    happen(committed(1), false)
    expect(told).toEqual([])
    happen(truncated, false)
    expect(told.map(({ kind }) => kind)).toEqual(['truncated', 'breakpoint'])
  })
  test('is one, of the first, when several hit; all have looked', () => {
    watching.set([
      { id: 2, text: 'committed' },
      { id: 1, text: 'commitIndex >= 5' },
    ])
    happen(committed(5))
    happen({ kind: 'applied', lastApplied: 5 })
    expect(notices.map(({ breakpoint }) => breakpoint)).toEqual([2])
  })
  test('is none where nobody could tell the node to go on', () => {
    watching = make(false)
    watching.set([{ id: 1, text: 'truncated' }])
    happen(truncated)
    expect(told).toEqual([truncated])
  })
})

test('what only tells of the last stop is nothing to stop at', () => {
  watching.set([{ id: 1, text: 'clock or timer' }])
  watching.step(true)
  happen({ kind: 'clock', mode: 'running', rate: 1, skew: -7, cause: 'slept' })
  happen({ kind: 'timer', deadline: 5, duration: 3 })
  expect(notices).toEqual([])
  happen({ kind: 'timer', deadline: 6, duration: 3 })
  happen({ kind: 'clock', mode: 'manual', rate: 1, skew: -7, cause: 'set' })
  expect(notices.map(({ kind }) => kind)).toEqual(['timer', 'clock'])
})

describe('states', () => {
  test('are those as of the event, not what the core has come to since', () => {
    watching.set([{ id: 1, text: 'committed and lastIndex = 3' }])
    core = { ...FOLLOWER, lastIndex: 9 }
    happen({ kind: 'appended', firstIndex: 1, count: 3, entries: [], term: 1, bytes: 0 })
    happen(committed(1))
    expect(notices).toHaveLength(1)
  })
  test('a leader is none in a term that it did not win, though that is told before its role', () => {
    core = { ...FOLLOWER, role: 'leader', leader: 1 }
    watching.set([{ id: 1, text: 'role = leader and term >= 2' }])
    happen({ kind: 'hardState', currentTerm: 2, votedFor: 0 })
    happen({ kind: 'role', role: 'follower', term: 2, leader: 0, reason: 'higher-term' })
    expect(notices).toEqual([])
    happen({ kind: 'role', role: 'leader', term: 2, leader: 1, reason: 'won-election' })
    expect(notices).toMatchObject([{ kind: 'role' }])
  })
  test('what stays is not set anew by a change of others', () => {
    watching.set([{ id: 1, text: 'commitIndex >= 5' }])
    happen(committed(5))
    core = { ...FOLLOWER, commitIndex: 5 }
    watching.set([
      { id: 1, text: 'commitIndex >= 5' },
      { id: 2, text: 'commitIndex >= 4' },
    ])
    happen(committed(6))
    expect(notices).toHaveLength(1)
  })
  test('what a node is when it starts it has not become; events count from the first', () => {
    watching = make()
    watching.set([
      { id: 1, text: 'node started' },
      { id: 2, text: 'term >= 3' },
    ])
    const more = { firstIndex: 1, lastIndex: 4, tornBytes: 0, baseTerm: 0, snapshotIndex: 0, snapshotTerm: 0 }
    happen({ kind: 'started', incarnation: 1, pid: 1, currentTerm: 3, votedFor: 0, ...more })
    core = { ...FOLLOWER, term: 3 }
    watching.begin()
    happen(committed(1))
    expect(notices.map(({ breakpoint }) => breakpoint)).toEqual([1])
    core = { ...FOLLOWER, term: 2 }
    happen({ kind: 'hardState', currentTerm: 2, votedFor: 0 })
    happen({ kind: 'hardState', currentTerm: 3, votedFor: 0 })
    expect(notices.map(({ breakpoint }) => breakpoint)).toEqual([1, 2])
  })
})

describe('a step', () => {
  test('goes to the next event that can be stepped to', () => {
    watching.step(true)
    happen({ kind: 'stats', rss: 1, cpuMicros: 1, fsyncMicros: 1 })
    expect(notices).toEqual([])
    happen(truncated)
    expect(notices).toEqual([{ type: 'stopped', breakpoint: 0, event: 2, kind: 'truncated' }])
    expect(listener).toBeUndefined()
  })
  test('by an order goes on from there, to a kind where one is given', () => {
    orders = [{ type: 'step' }, { type: 'step', kind: 'committed' }]
    watching.step(true)
    for (const event of [truncated, truncated, truncated, committed(1), truncated]) happen(event)
    expect(notices.map(({ kind }) => kind)).toEqual(['truncated', 'truncated', 'committed'])
  })
  test('meets a breakpoint before, which ends it', () => {
    watching.set([{ id: 9, text: 'truncated' }])
    watching.step(true, 'committed')
    happen(truncated)
    happen(committed(1))
    expect(notices.map(({ breakpoint }) => breakpoint)).toEqual([9])
  })
  test('is taken back', () => {
    watching.step(true)
    watching.step(false)
    happen(truncated)
    expect(notices).toEqual([])
  })
})
