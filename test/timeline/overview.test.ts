/** Pictures of a timeline from afar: whatever they are made from (summaries, blocks, memory), they count the same. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { decodeSummary, encodeSummary } from '../../main/timeline/overview/codec'
import { mayBeLandmark, standingAt, thinned } from '../../main/timeline/overview/landmarks'
import { summaryOf, summaryOfBlock } from '../../main/timeline/overview/summary'
import type { Overview, OverviewRange } from '../../main/timeline/overview/types'
import { encodeEventBlock } from '../../main/timeline/recording/event-block'
import { LIFE, lifeOf as longLife } from '../bench/timeline/life'
import { join, opened, overwrite, readFile, tempDir, writeRecording } from './support/files'
import { lifeOf, traceArbitrary } from './support/traces'

const RULE = { everyEvents: 4_096, everyBytes: 1 << 20 }
const told = (events: number): TimelineEvent[] => [...longLife({ ...LIFE, events, faultEvery: 40, value: 8 })].flat()

async function whole(source: { overview(range: OverviewRange): Promise<Overview> }, range: OverviewRange) {
  for (;;) {
    const overview = await source.overview(range)
    if (overview.whole) return overview
  }
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

/** What an overview of everything must say, counted from the events one by one. */
function counted(events: readonly TimelineEvent[]) {
  const lanes = new Map<number, { messages: number; dropped: number }>()
  for (const { kind, node } of events) {
    if (kind !== 'sent' && kind !== 'received' && kind !== 'dropped') continue
    const lane = lanes.get(node) ?? { messages: 0, dropped: 0 }
    lane.messages++
    if (kind === 'dropped') lane.dropped++
    lanes.set(node, lane)
  }
  const of = (kind: TimelineEvent['kind']) => events.filter((event) => event.kind === kind).length
  return { total: events.length, lanes, asked: of('invoke'), answered: of('answer') }
}

function expectCounts(overview: Overview, events: readonly TimelineEvent[]): void {
  const { total, lanes, asked, answered } = counted(events)
  expect(overview.total).toBe(total)
  expect(sum(overview.events)).toBeCloseTo(total, -1)
  expect(overview.lanes.map(({ node }) => node)).toEqual([...lanes.keys()].sort((a, b) => a - b))
  for (const { node, messages, dropped } of overview.lanes) {
    expect(Math.abs(sum(messages) - (lanes.get(node)?.messages ?? 0))).toBeLessThan(3)
    expect(Math.abs(sum(dropped) - (lanes.get(node)?.dropped ?? 0))).toBeLessThan(3)
  }
  expect(Math.abs(sum(overview.calls.asked) - asked)).toBeLessThan(3)
  const { ok, failed, unknown } = overview.calls
  expect(Math.abs(sum(ok) + sum(failed) + sum(unknown) - answered)).toBeLessThan(3)
}

describe('a summary', () => {
  it('says of a block what it says of its events', () => {
    fc.assert(
      fc.property(traceArbitrary, (events) => {
        const seq = events[0]?.seq ?? 0
        const consecutive = events.map((event, place) => ({ ...event, seq: seq + place }))
        expect(summaryOfBlock(encodeEventBlock(consecutive), seq, 8)).toEqual(summaryOf(consecutive, 8))
      }),
      { numRuns: 200 },
    )
  })

  it('is the same after writing and reading it', () => {
    fc.assert(
      fc.property(traceArbitrary, (events) => {
        const summary = summaryOf(events, 8)
        expect(decodeSummary(encodeSummary(summary))).toEqual(summary)
      }),
      { numRuns: 200 },
    )
  })
})

describe('landmarks', () => {
  /** Per node, what a lane says at its end. */
  const standing = (events: readonly TimelineEvent[]) =>
    standingAt(events).map(({ kind, node, seq }) => `${kind} ${node} ${seq}`)

  it('end in the same lanes and the same open faults however much they are thinned', () => {
    const landmarks = told(30_000).filter(({ kind }) => mayBeLandmark(kind))
    const end = landmarks.at(-1)?.t ?? 0
    for (const slots of [1000, 100, 10, 3, 1]) {
      const fewer = thinned(landmarks, end / slots)
      expect(standing(fewer)).toEqual(standing(landmarks))
      expect(fewer.map(({ seq }) => seq)).toEqual(fewer.map(({ seq }) => seq).sort((a, b) => a - b))
      if (slots === 1) expect(fewer.length).toBeLessThan(landmarks.length / 3)
    }
  })
})

describe('an overview', () => {
  it('counts every event once, with summaries in the file and without', async () => {
    const events = told(200_000)
    const end = (events.at(-1)?.t ?? 0) + 1
    const dir = await tempDir()
    await writeRecording(join(dir, 'a'), events, { blockEvents: 2048, rule: RULE })
    const source = await opened(join(dir, 'a'))
    const all = await whole(source, { from: 0, to: end, buckets: 500 })
    expectCounts(all, events)
    expect(all.landmarks).toEqual(events.filter(({ kind }) => mayBeLandmark(kind) && kind !== 'snapshot'))
    expect(all.commits.at(-1)).toBe(
      events.reduce((most, e) => (e.kind === 'committed' ? Math.max(most, e.commitIndex) : most), 0),
    )

    // The summaries are damaged: what they said is counted from the events.
    const bytes = await readFile(join(dir, 'a'))
    let damaged = 0
    for (let at = bytes.indexOf('RBLK'); at !== -1; at = bytes.indexOf('RBLK', at + 1)) {
      if (bytes[at + 4] !== 5) continue
      damaged++
      await overwrite(join(dir, 'a'), at + 60, Uint8Array.of((bytes[at + 60] ?? 0) ^ 1))
    }
    expect(damaged).toBeGreaterThan(5)
    const without = await opened(join(dir, 'a'))
    const again = await whole(without, { from: 0, to: end, buckets: 500 })
    expectCounts(again, events)
    expect(again.landmarks).toEqual(all.landmarks)
    expect(again.damaged).toBe(0)
  })

  it('of a part counts what is in it, and knows what still held when it began', async () => {
    const events = told(150_000)
    const end = events.at(-1)?.t ?? 0
    const path = join(await tempDir(), 'a')
    await writeRecording(path, events, { blockEvents: 512, rule: RULE })
    const source = await opened(path)
    for (const [from, to] of [
      [0.2, 0.9],
      [0.5, 0.52],
      [0.7, 0.7001],
    ] as const) {
      const range = { from: from * end, to: to * end, buckets: 100 }
      const part = await whole(source, range)
      const inside = events.filter(({ t }) => t >= range.from && t < range.to)
      // Cells that lie over an end of the span are shared out by time.
      expect(Math.abs(part.total - inside.length)).toBeLessThan(600)
      const before = standingAt(events.filter((event) => event.t < range.from))
      expect(part.landmarks.filter((event) => event.t < range.from)).toEqual(before)
      expect(part.landmarks.filter((event) => event.t >= range.from)).toEqual(
        inside.filter(({ kind }) => mayBeLandmark(kind)),
      )
    }
  })

  it('goes around a damaged block, and says so', async () => {
    const events = told(60_000)
    const path = join(await tempDir(), 'a')
    await writeRecording(path, events, { blockEvents: 512, rule: RULE, finish: false })
    const bytes = await readFile(path)
    // The last event block has no summary yet.
    let last = 0
    for (let at = bytes.indexOf('RBLK'); at !== -1; at = bytes.indexOf('RBLK', at + 1))
      if (bytes[at + 4] === 1) last = at
    const second = bytes.indexOf('RBLK', bytes.indexOf('RBLK') + 1)
    await overwrite(path, second + 70, Uint8Array.of((bytes[second + 70] ?? 0) ^ 1))
    expect(last).toBeGreaterThan(second)
    const source = await opened(path)
    const near = await whole(source, { from: 0, to: (events[2_000]?.t ?? 0) + 1, buckets: 50 })
    expect(near.damaged).toBe(1)
    expect(Math.abs(near.total - 2_000)).toBeLessThan(520)
    const far = await whole(source, { from: 0, to: (events.at(-1)?.t ?? 0) + 1, buckets: 50 })
    expect(far.total).toBe(events.length)
  })

  it('of nothing is empty', async () => {
    const path = join(await tempDir(), 'a')
    await writeRecording(path, [])
    const source = await opened(path)
    expect(await source.overview({ from: 0, to: 1, buckets: 3 })).toMatchObject({
      total: 0,
      events: [0, 0, 0],
      lanes: [],
      landmarks: [],
      whole: true,
    })
  })

  it('of a recording of an older version is made from its events', async () => {
    const source = await opened(join(import.meta.dirname, 'fixtures', 'version-1.raftrec'))
    const overview = await whole(source, { from: 0, to: source.info().end + 1, buckets: 10 })
    expect(overview.total).toBe(71)
    expect(overview.landmarks.some(({ kind }) => kind === 'role')).toBe(true)
  })
})

describe('a moment of which only the end of each log is looked at', () => {
  it('is the same there, whatever was truncated on the way', async () => {
    const path = join(await tempDir(), 'a')
    const events = [...lifeOf(3_000)]
    const cut = { kind: 'truncated', node: 2, n: 9_999, t: 1e9, seq: events.length, fromIndex: 1_500 } as const
    events.push(cut)
    await writeRecording(path, events, { blockEvents: 256, rule: { everyEvents: 1_000, everyBytes: 1 << 20 } })
    const source = await opened(path)
    const { nodes } = await source.stateAt(18_000, undefined, 50)
    expect([...nodes.values()].map(({ log }) => log.length < 2_000)).toEqual([true, true, true])
    for (const seq of [100, 9_000, 18_000, events.length]) {
      const full = await source.stateAt(seq)
      const short = await source.stateAt(seq, undefined, 50)
      for (const [id, node] of full.nodes) {
        const other = short.nodes.get(id)
        expect({ ...other, log: other?.log.slice(-50), unread: undefined }).toEqual({
          ...node,
          log: node.log.slice(-50),
        })
        expect((other?.log.length ?? 0) + (other?.unread?.count ?? 0)).toBe(node.log.length)
      }
    }
  })
})
