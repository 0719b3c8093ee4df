/** Key frames of version 3, and recordings of version 2 that are still read. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { newCluster } from '../../main/timeline/fold/cluster'
import { addRuns, decodeState, encodeState } from '../../main/timeline/fold/codec'
import { fold } from '../../main/timeline/fold/fold'
import { allEvents, HEADER, join, opened } from './support/files'
import { traceArbitrary } from './support/traces'

function folded(events: readonly TimelineEvent[]) {
  const state = newCluster(HEADER.clusterId, HEADER.clusterName)
  for (const event of events) fold(state, event)
  return state
}

describe('a key frame', () => {
  it('gives back every state: conditions, held messages, stops, load', () => {
    fc.assert(
      fc.property(traceArbitrary, (events) => {
        const state = folded(events)
        const logs = [...state.nodes.values()].filter(({ log }) => log.length > 0)
        const runs = logs.map(({ id, log }) => ({ node: id, start: 0, count: log.length }))
        const again = decodeState(encodeState(state, runs))
        addRuns(again, ({ node }) => [state.nodes.get(node)?.log.slice() ?? []])
        expect(again.state).toEqual(state)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused where its rules are none', () => {
    const state = newCluster('c', 'demo')
    state.rules.set(65_538, { seed: -1, rules: [] })
    expect(() => decodeState(encodeState(state, []))).toThrow(RangeError)
  })
})

describe('a recording of version 2', () => {
  const path = join(import.meta.dirname, 'fixtures', 'version-2.raftrec')

  it('is read without its key frames, with what it did not know as nothing', async () => {
    const source = await opened(path)
    expect(source.info()).toMatchObject({ version: 2, events: 85, complete: true, truncatedBytes: 0, shed: 0 })
    const events = await allEvents(source)
    const state = await source.stateAt(events.length)
    expect(state).toEqual(folded(events))
    expect(state).toMatchObject({ breakpoints: [], stop: undefined, nemesis: undefined, workloads: [] })
    expect(state.nodes.get(2)).toMatchObject({ held: [], clock: { mode: 'running', rate: 1, skew: 0 }, lastIndex: 6 })
    expect(state.nodes.get(1)).toMatchObject({ role: 'leader', firstIndex: 6, snapshot: { index: 6 } })
    expect(state.blocked.size).toBe(2)
    expect(state.faults).toMatchObject([{ type: 'partition' }])
  })
})
