import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { countEvents, findEvent } from '../../../main/timeline/search'
import { MemoryTimeline } from '../causality/memory'

const made = (length: number, every: number) =>
  Array.from(
    { length },
    (_, seq) =>
      ({ seq, t: seq, n: seq, node: 1, kind: seq % every === 0 ? 'note' : 'stats' }) as unknown as TimelineEvent,
  )
const isNote = ({ kind }: TimelineEvent) => kind === 'note'

test('going on where an answer ended comes to every match once, in both directions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 70 }),
      async (length, every, budget) => {
        const events = made(length, every)
        const { source } = new MemoryTimeline(events)
        const wanted = events.filter(isNote).map(({ seq }) => seq)
        const walk = async (from: number, by: 1 | -1): Promise<number[]> => {
          const found: number[] = []
          for (let at: number | null = from; at !== null; ) {
            const answer = await findEvent(source, isNote, at, by, budget)
            if (answer.event !== null) found.push(answer.event.seq)
            at = answer.event === null ? answer.next : by > 0 ? answer.event.seq + 1 : answer.event.seq
          }
          return found
        }
        expect(await walk(0, 1)).toEqual(wanted)
        expect(await walk(length, -1)).toEqual(wanted.toReversed())
        let matches = 0
        for (let at: number | null = 0; at !== null; ) {
          const answer = await countEvents(source, isNote, at, Number.POSITIVE_INFINITY, budget)
          matches += answer.matches
          at = answer.next
        }
        expect(matches).toBe(wanted.length)
      },
    ),
    { numRuns: 60 },
  )
})

test('one answer looks at no more than it may', async () => {
  const timeline = new MemoryTimeline(made(50_000, 1_000_000))
  expect(await findEvent(timeline.source, isNote, 1, 1, 2_000)).toEqual({ event: null, next: 2_001 })
  expect(await findEvent(timeline.source, isNote, 49_999, -1, 2_000)).toEqual({ event: null, next: 47_999 })
  expect(timeline.read).toBeLessThanOrEqual(4_000)
})
