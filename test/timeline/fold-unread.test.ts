/** Folding on a state of which the beginnings of logs were not read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventKind, FieldsOf, TimelineEvent } from '../../main/node/contract/events'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { fold } from '../../main/timeline/fold/fold'
import { FIRST_START } from '../support/events'
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

const NOTHING = new Uint8Array(0)
const TOLD = Array.from({ length: 10 }, (_, i) => ({ index: i + 1, term: 1, type: 'noop' as const, data: NOTHING }))

/** Ten entries of term 1 of n1, and then what `kind` says. */
function tenAndThen<K extends EventKind>(kind: K, fields: FieldsOf<K>, entries = TOLD): TimelineEvent[] {
  const told = (seq: number) => ({ node: 1, n: seq + 1, t: seq * 10, seq })
  const appended = { firstIndex: 1, count: 10, entries, term: 1, bytes: 0 }
  return [
    { kind: 'started', ...told(0), ...FIRST_START },
    { kind: 'appended', ...told(1), ...appended },
    { kind, ...told(2), ...fields } as unknown as TimelineEvent,
  ]
}

const SOME = { count: 2, entries: [], term: 2, bytes: 0 }

describe('when the first four entries of a log were not read', () => {
  test.each([
    ['entries that come after all', 'appended', { firstIndex: 11, ...SOME }],
    ['entries that replace what was read', 'appended', { firstIndex: 5, ...SOME }],
    ['a removal of what was read', 'truncated', { fromIndex: 5 }],
    ['a log that begins later, by some that were not read', 'compacted', { firstIndex: 3, baseTerm: 1 }],
    ['a log that begins later, by some that were read too', 'compacted', { firstIndex: 7, baseTerm: 1 }],
  ] as const)('%s need nothing of them', (_, kind, fields) => {
    expect(foldsAlike(tenAndThen(kind, fields as FieldsOf<typeof kind>), 2, 4)).toBe('alike')
  })

  test.each([
    ['entries that replace some of them', 'appended', { firstIndex: 4, ...SOME }],
    ['a removal of some of them', 'truncated', { fromIndex: 4 }],
  ] as const)('%s say that they have to be read', (_, kind, fields) => {
    expect(foldsAlike(tenAndThen(kind, fields as FieldsOf<typeof kind>), 2, 4)).toBe('wanted')
  })

  test('whether the data of some entry is still missing after a removal can only be said when they are read', () => {
    expect(foldsAlike(tenAndThen('truncated', { fromIndex: 5 }, []), 2, 4)).toBe('wanted')
  })
})

test('random traces give the same, or say that they have to be read', () => {
  fc.assert(
    fc.property(traceArbitrary, fc.nat(), fc.integer({ min: 1, max: 6 }), (events, from, cut) => {
      foldsAlike(events, from % (events.length + 1), cut)
    }),
    { numRuns: 400 },
  )
})
