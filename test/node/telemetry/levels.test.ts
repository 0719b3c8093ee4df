/** What a journal tells at each level, and of what was found on the disk. */
import { expect, test } from 'vitest'
import type { MessageFrame } from '../../../main/node/contract/frames'
import { Journal } from '../../../main/node/telemetry/journal'
import type { TelemetryLevel } from '../../../main/node/telemetry/level'
import { encodeConfiguration } from '../../../main/raft'
import type { Configuration, Entry, Observation } from '../../../main/raft/types'
import { entry, heartbeat } from '../runtime/support'
import { remark, reporter } from './support'

function journal(level: TelemetryLevel) {
  const { made, clock, frames } = reporter()
  const told = new Journal(made, level)
  told.at(clock.now())
  const events = () => {
    made.flush()
    return frames.splice(0).flatMap((frame) => frame.events)
  }
  return { told, events }
}
const configured: Entry = {
  index: 3,
  term: 2,
  type: 'config',
  data: encodeConfiguration({ voters: [1], outgoing: [], learners: [], learnersNext: [], witnesses: [] }),
}
const log = [entry(1, 1, new Uint8Array(5)), entry(2, 2, new Uint8Array(7)), configured]
const observations: Observation[] = [
  { kind: 'appended', entries: log.slice(0, 2) },
  { kind: 'appended', entries: log.slice(2) },
  {
    kind: 'configuration',
    index: 3,
    standing: 'appended',
    configuration: { voters: [1, 2], outgoing: [1], learners: [3], learnersNext: [], witnesses: [2] },
  },
  { kind: 'snapshot', stage: 'installed', index: 3, term: 2, bytes: 9, offset: 9, peer: 0 },
  { kind: 'compacted', firstIndex: 3 },
  { kind: 'progress', progress: { peer: 2, matchIndex: 0, nextIndex: 1, state: 'probe', inFlight: 0 } },
  { ...remark },
  { kind: 'timer', deadline: 1, duration: 1 },
  { kind: 'read', stage: 'asked', by: 'index', index: 0, peer: 0 },
  { kind: 'transfer', stage: 'started', target: 2 },
]
const write = {
  number: 1,
  entries: [],
  install: {
    snapshot: { index: 3, term: 2, configuration: {} as Configuration, bytes: 9, checksum: 0 },
    keepsLog: true,
  },
  compactTo: { index: 2, term: 2 },
}

test.each([
  ['off', 'stats'],
  ['state', 'appended appended configuration snapshot compacted transfer stats'],
  [
    'message',
    'appended appended configuration snapshot compacted remark timer read transfer sent received dropped stats progress',
  ],
  [
    'entry',
    'appended appended configuration snapshot compacted remark timer read transfer sent received dropped stats progress',
  ],
] as const)('level %s tells %s', (level, kinds) => {
  const { told, events } = journal(level)
  told.observed(observations, write)
  const frame: MessageFrame = { type: 'message', id: 1, inReplyTo: 0, sentAt: 0, message: heartbeat(1, 2) }
  told.sent(frame)
  told.received(frame)
  told.dropped(frame, 'blocked')
  told.tell({ kind: 'stats', rss: 1, cpuMicros: 1, fsyncMicros: 1 })
  told.turnEnded()
  const got = events()
  expect(got.map(({ kind }) => kind).join(' ')).toBe(kinds)
  if (level === 'off') return
  expect(got.slice(0, 2)).toMatchObject([
    { firstIndex: 1, count: 1, term: 1, bytes: 5 },
    { firstIndex: 2, count: 2, term: 2, bytes: 7 + configured.data.length },
  ])
  const held = got.flatMap((event) => (event.kind === 'appended' ? event.entries.map(({ index }) => index) : []))
  expect(held).toEqual(level === 'entry' ? [1, 2, 3] : [3])
  expect(got[2]).toMatchObject({ voters: '1,2', outgoing: '1', learners: '3', learnersNext: '', witnesses: '2' })
  expect(got[3]).toMatchObject({ stage: 'installed', index: 3, keepsLog: true })
  expect(got[4]).toMatchObject({ firstIndex: 3, baseTerm: 2 })
})

test('what is found on the disk is told at the start', () => {
  const { told, events } = journal('entry')
  const snapshot = { ...write.install.snapshot, index: 12, term: 1 }
  told.started(
    {
      hardState: { currentTerm: 4, votedFor: 2 },
      base: { index: 10, term: 1 },
      entries: [entry(11, 1), entry(12, 1), entry(13, 3)],
      snapshot,
    },
    { incarnation: 2, pid: 7, tornBytes: 0 },
  )
  expect(events()).toMatchObject([
    {
      kind: 'started',
      firstIndex: 11,
      lastIndex: 13,
      baseTerm: 1,
      snapshotIndex: 12,
      snapshotTerm: 1,
      currentTerm: 4,
    },
    { kind: 'appended', firstIndex: 11, count: 2, term: 1 },
    { kind: 'appended', firstIndex: 13, count: 1, term: 3 },
    { kind: 'persisted', lastIndex: 13, currentTerm: 4, votedFor: 2, bytes: 0 },
  ])
})
