import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { coneOf, pathOf, whyOf } from '../../../main/timeline/causality'
import { linksOf } from '../../../main/timeline/causality/links'
import { choices, historyOf } from './history'
import { MemoryTimeline } from './memory'

const RUNS = { numRuns: 150 }
const ALL = { limit: 50_000, most: 400_000 }
const numbers = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b)

describe('happens-before, against the vector clocks of made-up histories', () => {
  test('the past of every event is what its vector clock says', async () => {
    await fc.assert(
      fc.asyncProperty(choices(120), async (all) => {
        const { events, past } = historyOf(all)
        const { source } = new MemoryTimeline(events)
        for (const event of events) {
          const cone = await coneOf(source, event.seq, 'past', ALL)
          expect(cone, JSON.stringify(event)).toEqual({ seqs: numbers(past[event.seq] ?? new Set()), more: false })
        }
      }),
      RUNS,
    )
  })

  test('the future is the past seen from the other end', async () => {
    await fc.assert(
      fc.asyncProperty(choices(80), fc.nat(), async (all, pick) => {
        const { events, past } = historyOf(all)
        if (events.length === 0) return
        const { source } = new MemoryTimeline(events)
        const seq = pick % events.length
        const future = events.map((event) => event.seq).filter((other) => past[other]?.has(seq))
        expect(await coneOf(source, seq, 'future', ALL)).toEqual({ seqs: future, more: false })
      }),
      RUNS,
    )
  })

  test('no cause is later than its effect, on the clock and at its node', () => {
    fc.assert(
      fc.property(choices(120), (all) => {
        const { events } = historyOf(all)
        const { causes } = linksOf(events)
        for (const [place, event] of events.entries()) {
          for (const cause of causes.of(place)) {
            const before = events[cause] as TimelineEvent
            expect(before.t).toBeLessThanOrEqual(event.t)
            if (before.node === event.node && event.node > 0) expect(before.n).toBeLessThan(event.n)
          }
        }
      }),
      RUNS,
    )
  })

  test('a chain is made of causes, from the one to the other, and there is one exactly when there is a cause', async () => {
    await fc.assert(
      fc.asyncProperty(choices(80), fc.nat(), fc.nat(), async (all, from, to) => {
        const { events, past } = historyOf(all)
        if (events.length === 0) return
        const { source } = new MemoryTimeline(events)
        const [first, last] = [from % events.length, to % events.length]
        const path = await pathOf(source, first, last, { most: 400_000 })
        if (first !== last && past[last]?.has(first) !== true) {
          expect(path).toBeUndefined()
          return
        }
        expect(path?.[0]?.seq).toBe(first)
        expect(path?.at(-1)?.seq).toBe(last)
        for (const [at, event] of (path ?? []).entries()) {
          const next = path?.[at + 1]
          if (next !== undefined) expect(past[next.seq]?.has(event.seq)).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

/** Two nodes that send each other one message after the other: everything before is a cause. */
function pingPong(length: number): TimelineEvent[] {
  return Array.from({ length }, (_, seq) => {
    const turn = Math.floor(seq / 2)
    const node = seq % 2 === 0 ? 1 + (turn % 2) : 2 - (turn % 2)
    const message = { peer: 3 - node, id: turn + 1, message: 'AppendEntries' }
    const kind = seq % 2 === 0 ? 'sent' : 'received'
    return { seq, t: seq * 1_000, n: seq + 1, node, kind, ...message } as unknown as TimelineEvent
  })
}

describe('in a long timeline', () => {
  const events = pingPong(300_000)

  test('only what is near is read, and what is nearest is told', async () => {
    const timeline = new MemoryTimeline(events)
    const past = await coneOf(timeline.source, 200_000, 'past', { limit: 1_000, most: 400_000 })
    expect(past.more).toBe(true)
    expect(past.seqs).toEqual(Array.from({ length: 1_000 }, (_, at) => 199_000 + at))
    const future = await coneOf(timeline.source, 200_000, 'future', { limit: 1_000, most: 400_000 })
    expect(future.more).toBe(true)
    expect(future.seqs[0]).toBe(200_001)
    expect(timeline.read).toBeLessThan(15_000)
  })

  test('a span bounds it, and that is no matter of how much there is', async () => {
    const { source } = new MemoryTimeline(events)
    const past = await coneOf(source, 200_000, 'past', { limit: 50_000, most: 400_000, span: 100_000 })
    expect(past).toEqual({ seqs: Array.from({ length: 100 }, (_, at) => 199_900 + at), more: false })
  })

  test('it can be given up', async () => {
    const abort = new AbortController()
    abort.abort(new Error('given up'))
    const { source } = new MemoryTimeline(events)
    await expect(coneOf(source, 200_000, 'past', { ...ALL, signal: abort.signal })).rejects.toThrow('given up')
  })

  test('an event that is not there has no causes', async () => {
    expect(await coneOf(new MemoryTimeline([]).source, 7, 'past', ALL)).toEqual({ seqs: [], more: false })
  })
})

test('what a process said last is told after its end, and is before it all the same', async () => {
  const body = { pid: 1, incarnation: 0, exitCode: 0, signal: '' }
  const events = [
    { seq: 0, t: 1_000, n: 1, node: 1, kind: 'stats' },
    { seq: 1, t: 9_000, n: 1, node: 0, kind: 'process', subject: 1, state: 'killed', ...body },
    { seq: 2, t: 5_000, n: 2, node: 1, kind: 'stats' },
  ] as unknown as TimelineEvent[]
  expect(await coneOf(new MemoryTimeline(events).source, 1, 'past', ALL)).toEqual({ seqs: [0, 2], more: false })
})

test('what a process said last is not because of the process that follows it', async () => {
  const body = { pid: 1, incarnation: 1, exitCode: 0, signal: '' }
  const events = [
    { seq: 0, t: 1_000, n: 1, node: 0, kind: 'process', subject: 1, state: 'spawned', ...body },
    { seq: 1, t: 1_000, n: 9, node: 1, kind: 'stats' },
    { seq: 2, t: 5_000, n: 1, node: 1, kind: 'started' },
  ] as unknown as TimelineEvent[]
  const { source } = new MemoryTimeline(events)
  expect((await coneOf(source, 1, 'past', ALL)).seqs).toEqual([])
  expect((await coneOf(source, 2, 'past', ALL)).seqs).toEqual([0, 1])
})

test('an answer that was told before its node told of the entry is because of it all the same', async () => {
  const events = [
    { seq: 0, t: 1_000, n: 1, node: 0, kind: 'invoke', call: 1, op: 'put', consistency: 'log' },
    { seq: 1, t: 9_000, n: 2, node: 0, kind: 'answer', call: 1, outcome: 'ok', from: 2, index: 5, term: 1 },
    { seq: 2, t: 3_000, n: 1, node: 2, kind: 'appended', firstIndex: 5, count: 1, term: 1, entries: [] },
    { seq: 3, t: 4_000, n: 2, node: 2, kind: 'applied', lastApplied: 5 },
  ] as unknown as TimelineEvent[]
  const { source } = new MemoryTimeline(events)
  expect((await coneOf(source, 1, 'past', ALL)).seqs).toEqual([0, 2, 3])
  expect((await coneOf(source, 2, 'past', ALL)).seqs).toEqual([0])
  const told = (await whyOf(source, 1)).map(({ event, relation }) => `${event.kind} ${relation}`)
  expect(told).toEqual(['invoke client', 'applied ran', 'answer null'])
})
