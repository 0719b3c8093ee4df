/** Folding on a state of which the beginnings of logs were not read. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { fold } from '../../main/timeline/fold/fold'
import { traceArbitrary } from './support/traces'

function folded(events: readonly TimelineEvent[]): MutableCluster {
  const state = newCluster('c1', 'demo')
  for (const event of events) fold(state, event)
  return state
}

/** The same as if everything had been read, or it says that it must be read. */
function foldsAlike(events: readonly TimelineEvent[], from: number, cut: number): 'alike' | 'wanted' {
  const whole = folded(events)
  const short = folded(events.slice(0, from))
  const left = [...short.nodes.values()].map((node) => {
    const unread = { count: Math.min(cut, node.log.length), isWanted: false }
    node.log.dropFront(unread.count)
    node.unread = unread
    return unread
  })
  for (const event of events.slice(from)) fold(short, event)
  if (left.some(({ isWanted }) => isWanted)) return 'wanted'
  for (const node of short.nodes.values()) {
    const other = whole.nodes.get(node.id)
    other?.log.dropFront(node.unread?.count ?? 0)
    node.unread = undefined
  }
  expect(short).toEqual(whole)
  return 'alike'
}

test('gives the same, or says that they have to be read', () => {
  fc.assert(
    fc.property(traceArbitrary, fc.nat(), fc.integer({ min: 1, max: 6 }), (events, from, cut) => {
      foldsAlike(events, from % (events.length + 1), cut)
    }),
    { numRuns: 400 },
  )
})
