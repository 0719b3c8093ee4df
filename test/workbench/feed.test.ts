import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EventKind, FieldsOf, ReportedEvent, TimelineEvent } from '../../main/node/contract/events'
import type { Entry } from '../../main/raft/types'
import { fold, newCluster } from '../../main/timeline'
import type { Recorder } from '../../main/timeline/api'
import { LiveFeed, MAX_EVENTS } from '../../main/workbench/live/feed'
import { type LiveUpdate, LOG_TAIL } from '../../preload/contract'
import { FIRST_START } from '../support/events'

/** A recorder that orders at once and writes nowhere; the fold is the real one. */
function memoryRecorder() {
  const state = newCluster('id', 'demo')
  const listeners = new Set<(events: readonly TimelineEvent[]) => void>()
  let seq = 0
  return {
    recorder: {
      state,
      lagMillis: 0,
      source: { info: () => ({ bytes: 123 }) },
      onOrdered(listener: (events: readonly TimelineEvent[]) => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    } as unknown as Recorder,
    order(...reported: ReportedEvent[]) {
      const events = reported.map((event) => ({ ...event, seq: seq++ }) as TimelineEvent)
      for (const event of events) fold(state, event)
      for (const listener of listeners) listener(events)
    },
  }
}

let n = 0
const event = <K extends EventKind>(kind: K, node: number, fields: FieldsOf<K>): ReportedEvent =>
  ({ kind, node, n: ++n, t: n * 1000, ...fields }) as unknown as ReportedEvent
const noops = (from: number, count: number, term: number): Entry[] =>
  Array.from({ length: count }, (_, at) => ({ index: from + at, term, type: 'noop', data: new Uint8Array() }))
const appended = (node: number, from: number, count: number, term = 1) =>
  event('appended', node, { firstIndex: from, count, entries: noops(from, count, term), term, bytes: 0 })
const started = (node: number) =>
  event('started', node, {
    ...FIRST_START,
  })
const committed = (node: number, commitIndex: number) => event('committed', node, { commitIndex, by: 'counted' })

describe('the live feed', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    n = 0
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function begin() {
    const { recorder, order } = memoryRecorder()
    const feed = new LiveFeed(recorder)
    const updates: LiveUpdate[] = []
    return { feed, order, updates, listener: (update: LiveUpdate) => updates.push(update) }
  }

  test('begins with everything, then tells what changed, at most 20 times a second', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1), started(2), appended(1, 1, 3))
    feed.subscribe(listener)
    expect(updates).toHaveLength(1)
    expect(updates[0]).toMatchObject({ whole: true, seq: 3, recordingBytes: 123, leftOut: 0 })
    expect(updates[0]?.nodes.map(({ id, log }) => [id, log.lastIndex, log.changedFrom])).toEqual([
      [1, 3, 0],
      [2, 0, 0],
    ])
    expect(updates[0]?.events.map(({ seq }) => seq)).toEqual([0, 1, 2])

    for (let at = 0; at < 10; at++) order(appended(1, 4 + at, 1))
    order(committed(2, 0))
    expect(updates).toHaveLength(1)
    vi.advanceTimersByTime(1000)
    expect(updates).toHaveLength(2)
    const [, update] = updates
    expect(update).toMatchObject({ whole: false, seq: 14 })
    expect(update?.nodes.map(({ id, log }) => [id, log.changedFrom, log.entries.map(({ index }) => index)])).toEqual([
      [1, 4, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13]],
      [2, 1, []],
    ])
    expect(update?.events.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    vi.advanceTimersByTime(1000)
    expect(updates).toHaveLength(2)
    feed.close()
  })

  test('a truncated log says from where on it is new', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1), appended(1, 1, 10))
    feed.subscribe(listener)
    order(event('truncated', 1, { fromIndex: 6 }))
    vi.advanceTimersByTime(60)
    expect(updates.at(-1)?.nodes[0]?.log).toMatchObject({ changedFrom: 6, lastIndex: 5, entries: [] })
    order(event('truncated', 1, { fromIndex: 4 }), appended(1, 4, 2, 2))
    vi.advanceTimersByTime(60)
    expect(updates.at(-1)?.nodes[0]?.log).toMatchObject({ changedFrom: 4, lastIndex: 5 })
    expect(updates.at(-1)?.nodes[0]?.log.entries.map(({ term }) => term)).toEqual([2, 2])
    feed.close()
  })

  test('a log that gives way to a snapshot is new from its beginning; one that is compacted only begins later', () => {
    const { feed, order, updates, listener } = begin()
    const about = { term: 1, bytes: 9, offset: 9, peer: 2 }
    const log = (at: number) => updates.at(-1)?.nodes[at]?.log
    order(started(1), appended(1, 1, 10), started(2), appended(2, 1, 3))
    feed.subscribe(listener)
    order(event('snapshot', 1, { stage: 'saved', index: 8, ...about, keepsLog: false }))
    order(event('compacted', 1, { firstIndex: 6, baseTerm: 1 }))
    order(event('snapshot', 2, { stage: 'installed', index: 8, ...about, keepsLog: false }))
    vi.advanceTimersByTime(60)
    expect(log(0)).toMatchObject({ changedFrom: 11, firstIndex: 6, lastIndex: 10, baseTerm: 1, entries: [] })
    expect(updates.at(-1)?.nodes[0]?.snapshot).toEqual({ index: 8, term: 1, bytes: 9 })
    expect(log(1)).toMatchObject({ changedFrom: 0, firstIndex: 9, lastIndex: 8, entries: [] })
    feed.close()
  })

  test('tells of sleep, membership, operations and settings', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1))
    feed.subscribe(listener)
    const lists = { outgoing: '', learners: '4', learnersNext: '', witnesses: '3' }
    order(event('remark', 1, { name: 'quiesced', peer: 0, term: 1, index: 0 }))
    order(event('configuration', 1, { index: 0, standing: 'restored', voters: '1,2,3', ...lists }))
    order(event('operation', 0, { action: 'begin', id: 1, type: 'snapshot', detail: '{}', problem: '' }))
    order(event('cluster', 0, { id: 'id', name: 'demo', nodes: 3, settings: '{"preVote":false}' }))
    vi.advanceTimersByTime(60)
    const update = updates.at(-1)
    expect(update?.nodes[0]).toMatchObject({
      isQuiescent: true,
      configuration: { voters: [1, 2, 3], outgoing: [], learners: [4], learnersNext: [], witnesses: [3] },
      configurationCommitted: true,
    })
    expect(update?.operations).toMatchObject([{ id: 1, type: 'snapshot', outcome: 'pending' }])
    expect(update?.settings).toMatchObject({ preVote: false, checkQuorum: true })
    feed.close()
  })

  test('tells of rules, held messages, clocks, breakpoints and load; of their story only the events', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1), started(2))
    feed.subscribe(listener)
    const message = { peer: 2, message: 'TimeoutNow' } as const
    const held = { ...message, term: 1, bytes: Uint8Array.of(8) }
    order(event('copied', 2, { ...message, peer: 1, id: 9, copy: -1, by: 'rule' }))
    order(event('struck', 2, { fault: 1, type: 'disk-error', left: 1, detail: '{}' }))
    order(event('breakpoint', 2, { breakpoint: 1, event: 1, by: 'role', text: '' }))
    for (const [place, id] of [5, 6].entries()) order(event('held', 1, { ...held, id, place }))
    order(event('clock', 1, { mode: 'manual', rate: 1, skew: 7, cause: 'set' }))
    order(event('rules', 0, { from: 2, to: 1, rules: '{"seed":1,"rules":[{"messages":[],"action":{"type":"hold"}}]}' }))
    order(event('watch', 0, { breakpoint: 1, text: 'leader lost', enabled: true, removed: false }))
    order(event('stop', 0, { action: 'stopped', subject: 0, breakpoint: 0, by: '' }))
    order(event('nemesis', 0, { action: 'begin', id: 1, step: 0, detail: 'nonsense', problem: '' }))
    order(event('workload', 0, { action: 'begin', id: 1, detail: '{"seed":"?"}' }))
    vi.advanceTimersByTime(60)
    const update = updates.at(-1)
    expect(update?.nodes).toMatchObject([{ id: 1, heldCount: 2, clock: { mode: 'manual', skew: 7 } }])
    expect(update?.events).toHaveLength(11)
    expect(update).toMatchObject({
      links: [{ from: 2, to: 1, seed: 1, rules: [{ action: { type: 'hold' } }] }],
      held: [
        { from: 2, to: 1, id: 5, bytes: 1, gist: [] },
        { from: 2, to: 1, id: 6 },
      ],
      breakpoints: [{ id: 1, text: 'leader lost', hits: 0 }],
      stop: { node: 0, breakpoint: 0, seq: -1, stepping: 0 },
      nemesis: { id: 1, plan: null, nodes: [], steps: 0 },
      workloads: [{ id: 1, plan: null, ok: 0 }],
    })
    order(event('released', 1, { ...message, id: 5, how: 'delivered', bytes: new Uint8Array(0) }))
    order(event('stop', 0, { action: 'continued', subject: 0, breakpoint: 0, by: '' }))
    vi.advanceTimersByTime(60)
    expect(updates.at(-1)).toMatchObject({ nodes: [{ id: 1, heldCount: 1 }], held: [{ id: 6 }], stop: null })
    feed.close()
  })

  test('tells that rules are gone to a window that began to look while they were there', () => {
    const { feed, order, updates, listener } = begin()
    const rules = JSON.stringify({ seed: 1, rules: [{ messages: [], action: { type: 'hold' } }] })
    order(event('rules', 0, { from: 2, to: 1, rules }))
    feed.subscribe(listener)
    expect(updates.at(-1)?.links).toHaveLength(1)
    // Before anything was sent to anybody else.
    order(event('rules', 0, { from: 2, to: 1, rules: '' }))
    vi.advanceTimersByTime(60)
    expect(updates.at(-1)?.links).toEqual([])
    feed.close()
  })

  test('carries rules and held messages when they changed, not each time', () => {
    const { feed, order, updates, listener } = begin()
    const rules = JSON.stringify({ seed: 1, rules: [{ messages: [], action: { type: 'hold' } }] })
    const message = { peer: 2, copyOf: 0, message: 'ReadIndex', term: 1, bytes: Uint8Array.of(8) } as const
    const crossing = () => {
      vi.advanceTimersByTime(60)
      const { links, held } = updates.at(-1) as LiveUpdate
      return [links?.length, held?.length]
    }
    order(started(1))
    feed.subscribe(listener)
    expect(crossing()).toEqual([0, 0])
    order(event('rules', 0, { from: 2, to: 1, rules }))
    expect(crossing()).toEqual([1, undefined])
    order(event('held', 1, { ...message, id: 5, place: 0 }))
    expect(crossing()).toEqual([undefined, 1])
    order(committed(1, 0))
    expect(crossing()).toEqual([undefined, undefined])
    // A second window gets both; the first one had them.
    const others: LiveUpdate[] = []
    feed.subscribe((update) => others.push(update))
    expect(others.map(({ links, held }) => [links?.length, held?.length])).toEqual([[1, 1]])
    order(event('released', 1, { peer: 2, id: 5, message: 'ReadIndex', how: 'delivered', bytes: new Uint8Array() }))
    expect(crossing()).toEqual([undefined, 0])
    order(event('rules', 0, { from: 2, to: 1, rules: rules.replace('hold', 'block') }))
    expect(crossing()).toEqual([1, undefined])
    order(event('rules', 0, { from: 2, to: 1, rules: JSON.stringify({ seed: 0, rules: [] }) }))
    expect(crossing()).toEqual([0, undefined])
    expect(others.at(-1)).toBe(updates.at(-1))
    feed.close()
  })

  test('never carries more of a log than its tail', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1), appended(1, 1, 1000))
    feed.subscribe(listener)
    order(appended(1, 1001, 1000))
    vi.advanceTimersByTime(60)
    for (const update of updates) expect(update.nodes[0]?.log.entries).toHaveLength(LOG_TAIL)
    expect(updates.at(-1)?.nodes[0]?.log).toMatchObject({ changedFrom: 1001, lastIndex: 2000 })
    feed.close()
  })

  test('a burst leaves out its oldest events, and says how many', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1))
    feed.subscribe(listener)
    for (let at = 0; at < MAX_EVENTS + 50; at++) order(committed(1, 0))
    vi.advanceTimersByTime(60)
    expect(updates.at(-1)).toMatchObject({ leftOut: 50 })
    expect(updates.at(-1)?.events).toHaveLength(MAX_EVENTS)
    expect(updates.at(-1)?.events.at(-1)?.seq).toBe(MAX_EVENTS + 50)
    feed.close()
  })

  test('a second window gets everything, and the first one nothing twice', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1))
    feed.subscribe(listener)
    order(appended(1, 1, 1))
    const second: LiveUpdate[] = []
    feed.subscribe((update) => second.push(update))
    expect(second.map(({ whole, events }) => [whole, events.length])).toEqual([[true, 2]])
    order(appended(1, 2, 1))
    vi.advanceTimersByTime(60)
    expect(updates.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([0, 1, 2])
    expect(second.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([0, 1, 2])
    feed.close()
  })

  test('closing sends what was left, then nothing', () => {
    const { feed, order, updates, listener } = begin()
    order(started(1))
    feed.subscribe(listener)
    order(appended(1, 1, 1))
    feed.close()
    expect(updates).toHaveLength(2)
    order(appended(1, 2, 1))
    vi.advanceTimersByTime(1000)
    expect(updates).toHaveLength(2)
  })
})
