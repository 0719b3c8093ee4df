/** Who tells what is in an entry: its leader, before anybody else can have it. */
import { expect, test } from 'vitest'
import { Clock } from '../../../main/node/clock'
import type { ReportedEvent } from '../../../main/node/contract/events'
import { FrameDecoder } from '../../../main/node/contract/frames'
import { Journal } from '../../../main/node/telemetry/journal'
import type { TelemetryLevel } from '../../../main/node/telemetry/level'
import { Reporter } from '../../../main/node/telemetry/reporter'
import type { Entry } from '../../../main/raft/types'

function journal(level: TelemetryLevel) {
  const told: ReportedEvent[] = []
  let flushes = 0
  const sink = {
    backlog: 0,
    drained: () => Promise.resolve(),
    sendEncoded: (frame: Uint8Array) => {
      for (const one of new FrameDecoder().push(frame)) if (one.type === 'events') told.push(...one.events)
      return true
    },
    flush: () => {
      flushes += 1
    },
  }
  const clock = new Clock(process.hrtime.bigint())
  const reporter = new Reporter(1, clock, () => sink)
  const made = new Journal(reporter, level)
  made.at(clock.now())
  return {
    made,
    get flushes() {
      return flushes
    },
    said: () => {
      reporter.flush()
      reporter.pause(true)
      return told
    },
  }
}

const command: Entry = { index: 1, term: 1, type: 'command', data: new Uint8Array([1, 2, 3]) }
const metadata: Entry = { index: 1, term: 1, type: 'metadata', data: new Uint8Array() }

test('a leader tells its entries before they leave for the peers, once', () => {
  const { made, said } = journal('entry')
  made.observed([{ kind: 'appended', entries: [command] }], undefined)
  made.ahead()
  made.ahead()
  expect(said()).toMatchObject([{ kind: 'appended', count: 1, entries: [{ index: 1, data: command.data }] }])
})

test('they are with the system when the peers get them', () => {
  const watched = journal('entry')
  watched.made.ahead()
  expect(watched.flushes).toBe(0)
  watched.made.observed([{ kind: 'appended', entries: [command] }], undefined)
  watched.made.ahead()
  expect(watched.flushes).toBe(1)
  watched.made.ahead()
  expect(watched.flushes).toBe(1)
  watched.said()
})

test('below that level nothing has to hurry', () => {
  const watched = journal('message')
  watched.made.observed([{ kind: 'appended', entries: [command] }], undefined)
  watched.made.ahead()
  expect(watched.flushes).toBe(0)
  watched.said()
})

test('a follower says which entries came, not what is in them; a witness says that it holds nothing', () => {
  const follower = journal('entry')
  follower.made.observed([{ kind: 'appended', entries: [command] }], undefined, true)
  expect(follower.said()).toMatchObject([{ kind: 'appended', firstIndex: 1, count: 1, term: 1, entries: [] }])
  const witness = journal('entry')
  witness.made.observed([{ kind: 'appended', entries: [metadata] }], undefined, true)
  expect(witness.said()).toMatchObject([{ kind: 'appended', count: 1, entries: [{ type: 'metadata' }] }])
})
