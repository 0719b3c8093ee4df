import { describe, expect, it } from 'vitest'
import { LOG_TAIL, type NodePatch } from '../../../preload/contract'
import { appendEvents, lowerBound, mergeLog, mergeMoment } from '../../../renderer/stores/merge'
import {
  callView,
  entryRun,
  entryView,
  eventRun,
  heldView,
  liveUpdate,
  logView,
  nodePatch,
  nodeView,
  wholeUpdate,
} from '../support/samples'

function log(changedFrom: number, entries: NodePatch['log']['entries'], lastIndex: number): NodePatch['log'] {
  return { ...logView(1, lastIndex, { entries }), changedFrom }
}
const indexes = (entries: readonly { index: number }[]) => entries.map((entry) => entry.index)

describe('merging a log', () => {
  it('appends what is new after what it has', () => {
    expect(indexes(mergeLog(entryRun(1, 3), log(4, entryRun(4, 5), 5)))).toEqual([1, 2, 3, 4, 5])
  })
  it('replaces conflicting entries from changedFrom on', () => {
    const merged = mergeLog(entryRun(1, 5, 1), log(3, entryRun(3, 3, 2), 3))
    expect(merged.map(({ index, term }) => [index, term])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ])
  })
  it('forgets a truncated end although nothing follows it', () => {
    expect(indexes(mergeLog(entryRun(1, 5), log(4, [], 3)))).toEqual([1, 2, 3])
  })
  it('keeps the same array when nothing of the log changed', () => {
    const before = entryRun(1, 3)
    expect(mergeLog(before, log(4, [], 3))).toBe(before)
  })
  it('never shows a hole: an older part that does not join is let go', () => {
    expect(indexes(mergeLog(entryRun(1, 3), log(10, entryRun(10, 12), 12)))).toEqual([10, 11, 12])
  })
  it('keeps at most the tail', () => {
    const merged = mergeLog(
      entryRun(1, LOG_TAIL),
      log(LOG_TAIL + 1, entryRun(LOG_TAIL + 1, LOG_TAIL + 4), LOG_TAIL + 4),
    )
    expect(merged).toHaveLength(LOG_TAIL)
    expect(merged[0]?.index).toBe(5)
    expect(merged.at(-1)?.index).toBe(LOG_TAIL + 4)
  })
})

describe('merging a moment', () => {
  const before = mergeMoment(null, wholeUpdate([nodeView(2), nodeView(1)]))

  it('keeps rules and held messages that an update does not carry', () => {
    const link = { from: 1, to: 2, seed: 0, rules: [] }
    const moment = { ...before, links: [link], held: [heldView(1)] }
    const { links: _links, held: _held, ...rest } = liveUpdate()
    const after = mergeMoment(moment, rest)
    expect(after.links).toBe(moment.links)
    expect(after.held).toBe(moment.held)
    expect(mergeMoment(moment, { ...rest, links: [], held: [] })).toMatchObject({ links: [], held: [] })
    expect(mergeMoment(null, rest)).toMatchObject({ links: [], held: [] })
  })
  it('orders nodes by id', () => {
    expect(before.nodes.map((node) => node.id)).toEqual([1, 2])
  })
  it('changes only the nodes that are named; the others keep their identity', () => {
    const after = mergeMoment(before, liveUpdate({ nodes: [nodePatch(2, 4, [entryView(4)], 4)] }))
    expect(after.nodes[0]).toBe(before.nodes[0])
    expect(after.nodes[1]?.log.lastIndex).toBe(4)
    expect(indexes(after.nodes[1]?.log.entries ?? [])).toEqual([1, 2, 3, 4])
    expect(after.nodes[1]?.log).not.toHaveProperty('changedFrom')
  })
  it('starts anew with a whole update', () => {
    expect(mergeMoment(before, wholeUpdate([nodeView(3)])).nodes.map((node) => node.id)).toEqual([3])
  })
  it('lays calls over each other by number, whether it is told all or only the changed', () => {
    const pending = callView(2, { outcome: 'pending', answeredAt: 0 })
    const first = mergeMoment(before, liveUpdate({ calls: [callView(1), pending] }))
    const second = mergeMoment(first, liveUpdate({ calls: [callView(2)] }))
    expect(second.calls.map(({ call, outcome }) => [call, outcome])).toEqual([
      [1, 'ok'],
      [2, 'ok'],
    ])
  })
})

describe('the run of events', () => {
  it('grows and is cut at the old end only', () => {
    const run = eventRun(0, 10)
    appendEvents(run, eventRun(10, 5), 10)
    expect(run[0]?.seq).toBe(5)
    expect(run.at(-1)?.seq).toBe(14)
  })
  it('lets go of what came before a hole', () => {
    const run = eventRun(0, 10)
    appendEvents(run, eventRun(20, 2), 100)
    expect(run.map((event) => event.seq)).toEqual([20, 21])
  })
  it('finds the first event at or after a time', () => {
    const run = eventRun(0, 10)
    expect(lowerBound(run, 3e6)).toBe(3)
    expect(lowerBound(run, 3.5e6)).toBe(4)
    expect(lowerBound(run, 99e6)).toBe(10)
  })
})
