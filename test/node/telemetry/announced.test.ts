/** A long log that was found on the disk: announced with the start, told as far as it is asked for. */
import { expect, test } from 'vitest'
import { Clock } from '../../../main/node/clock'
import type { Frame } from '../../../main/node/contract/frames'
import { FrameDecoder } from '../../../main/node/contract/frames'
import { isRun } from '../../../main/node/contract/log-run'
import { makeEntry } from '../../../main/node/contract/records/entries'
import { longRuns } from '../../../main/node/telemetry/announced'
import { Journal } from '../../../main/node/telemetry/journal'
import type { TelemetryLevel } from '../../../main/node/telemetry/level'
import { Reporter } from '../../../main/node/telemetry/reporter'
import type { Entry } from '../../../main/raft/types'

const KIB = 1 << 10

function journal(level: TelemetryLevel = 'entry') {
  const frames: Frame[] = []
  const state = { backlog: 0, drain: (): void => undefined }
  const sink = {
    get backlog() {
      return state.backlog
    },
    sendEncoded: (frame: Uint8Array) => {
      frames.push(...new FrameDecoder().push(frame))
      return true
    },
    drained: () => new Promise<void>((resolve) => (state.drain = resolve)),
    flush: () => undefined,
  }
  const clock = new Clock(process.hrtime.bigint())
  const reporter = new Reporter(1, clock, () => sink)
  const made = new Journal(reporter, level)
  const start = (entries: readonly Entry[]) => {
    made.at(clock.now())
    const hardState = { currentTerm: 1, votedFor: 0 }
    const restored = { hardState, base: { index: 0, term: 0 }, entries, snapshot: undefined }
    made.started(restored as never, { incarnation: 1, pid: 1, tornBytes: 0 })
    reporter.flush()
    reporter.pause(true)
  }
  const kinds = () =>
    frames.flatMap((frame) => (frame.type === 'events' ? frame.events.map(({ kind }) => kind) : frame.type))
  return { made, frames, kinds, state, start }
}

/** Three runs of two entries. */
const long = Array.from({ length: 6 }, (_, at) => makeEntry(at + 1, 1, 'command', new Uint8Array(250 * KIB).fill(at)))

test('a short log is told with the start', () => {
  const { start, kinds } = journal()
  start([makeEntry(1, 1, 'command', new Uint8Array(KIB))])
  expect(kinds()).toEqual(['started', 'appended', 'persisted'])
})

test('a long one is announced; its events say what there is, and hold configurations only', () => {
  const { start, frames, kinds } = journal()
  const config = makeEntry(7, 1, 'config', new Uint8Array(10))
  start([...long, config])
  expect(kinds()).toEqual(['started', 'log', 'appended', 'appended', 'appended', 'persisted'])
  const log = frames.find((frame) => frame.type === 'log')
  expect(log?.runs.map(({ firstIndex, count }) => [firstIndex, count])).toEqual([
    [1, 2],
    [3, 2],
    [5, 3],
  ])
  const appended = frames
    .flatMap((frame) => (frame.type === 'events' ? frame.events : []))
    .filter((e) => e.kind === 'appended')
  expect(
    appended.map(({ firstIndex, count, entries }) => [firstIndex, count, entries.map(({ index }) => index)]),
  ).toEqual([
    [1, 2, []],
    [3, 2, []],
    [5, 3, [7]],
  ])
})

test('logs that were compacted to different places have the same runs behind those', () => {
  const entries = Array.from({ length: 10_000 }, (_, at) => makeEntry(at + 1, 1, 'command', new Uint8Array(20)))
  const runsOf = (list: readonly Entry[]) => longRuns(list).map(({ firstIndex, count }) => `${firstIndex}+${count}`)
  expect(runsOf(entries)).toEqual(['1+4095', '4096+4096', '8192+1809'])
  expect(runsOf(entries.slice(700))).toEqual(['701+3395', '4096+4096', '8192+1809'])
})

test('below level entry nobody wants what is in it', () => {
  const { start, kinds } = journal('message')
  start(long)
  expect(kinds()).toEqual(['started', 'appended', 'persisted'])
})

test('what is asked for is told once; the rest is forgotten', async () => {
  const { made, start, frames } = journal()
  start(long)
  made.asked([2, 0])
  await Promise.resolve()
  made.asked([1, 0])
  made.flush()
  const log = frames.find((frame) => frame.type === 'log')
  const told = frames.filter((frame) => frame.type === 'entries')
  expect(told.map(({ run }) => run)).toEqual([2, 0])
  for (const { run, entries } of told) expect(isRun(entries, log!.runs[run]!)).toBe(true)
})

test('who reads slowly is told slowly', async () => {
  const { made, start, frames, state } = journal()
  start(long)
  state.backlog = 5 << 20
  made.asked([0, 1, 2])
  const told = () => frames.filter((frame) => frame.type === 'entries').length
  await Promise.resolve()
  expect(told()).toBe(0)
  state.backlog = 0
  state.drain()
  await new Promise((resolve) => setImmediate(resolve))
  expect(told()).toBe(3)
})

test('who stands still or ends tells the rest unasked, behind the announcement', () => {
  const { made, start, kinds } = journal()
  start(long)
  made.flush()
  made.flush()
  expect(kinds().filter((kind) => kind === 'entries')).toHaveLength(3)
  expect(kinds().indexOf('log')).toBeLessThan(kinds().indexOf('entries'))
})
