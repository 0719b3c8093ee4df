import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Clock } from '../../main/node/clock'
import type { ClientReply } from '../../main/node/contract/client'
import type { Frame, MessageFrame } from '../../main/node/contract/frames'
import type { Connection } from '../../main/node/contract/transport'
import { DeadlineTimer } from '../../main/node/runtime/deadline'
import { Outbox } from '../../main/node/runtime/outbox'
import { PendingCalls } from '../../main/node/runtime/pending'
import { inRuns, Reporter } from '../../main/node/telemetry/reporter'
import type { Entry, Message, Outgoing } from '../../main/raft/types'

const heartbeat = (from: number, to: number): Message => ({
  type: 'AppendEntries',
  from,
  to,
  term: 1,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
})
const vote = (to: number): Message => ({ type: 'RequestVoteReply', from: 1, to, term: 1, voteGranted: true })
const ack = (to: number): Message => ({
  type: 'AppendEntriesReply',
  from: 1,
  to,
  term: 1,
  success: true,
  matchIndex: 0,
  conflictIndex: 0,
  conflictTerm: 0,
})
const after = (afterWrite: number, message: Message): Outgoing => ({ message, afterWrite })

describe('outbox', () => {
  test('a message waits for its write; others go at once', () => {
    const out: MessageFrame[] = []
    const outbox = new Outbox(0, (frame) => out.push(frame))
    outbox.add([after(1, vote(2)), after(0, heartbeat(1, 3)), after(2, vote(3)), after(2, vote(4))])
    expect(out.map(({ message }) => message.to)).toEqual([3])
    outbox.persisted(1)
    expect(out.map(({ message }) => message.to)).toEqual([3, 2])
    outbox.persisted(2)
    expect(out.map(({ message }) => message.to)).toEqual([3, 2, 3, 4])
    outbox.add([after(2, vote(5))])
    expect(out).toHaveLength(5)
  })

  test('one acknowledgement of the disk may cover several writes', () => {
    const out: MessageFrame[] = []
    const outbox = new Outbox(0, (frame) => out.push(frame))
    outbox.add([after(1, vote(2)), after(2, vote(3)), after(3, vote(4))])
    outbox.persisted(2)
    expect(out.map(({ message }) => message.to)).toEqual([2, 3])
  })

  test('ids are unique over lives, and an answer keeps its question’s id while it waits', () => {
    const out: MessageFrame[] = []
    const outbox = new Outbox(3, (frame) => out.push(frame))
    const cause: MessageFrame = { type: 'message', id: 77, inReplyTo: 0, message: heartbeat(2, 1) }
    outbox.add([after(1, ack(2)), after(0, ack(3)), after(0, vote(2))], cause)
    outbox.persisted(1)
    expect(out.map(({ id, inReplyTo, message }) => [id - 3 * 2 ** 32, inReplyTo, message.type, message.to])).toEqual([
      [2, 0, 'AppendEntriesReply', 3],
      [3, 0, 'RequestVoteReply', 2],
      [1, 77, 'AppendEntriesReply', 2],
    ])
  })
})

describe('pending calls', () => {
  const entry = (index: number, term: number): Entry => ({ index, term, type: 'command', data: new Uint8Array() })
  function call(request: number, replies: ClientReply[]) {
    const connection = {
      send: (frame: Frame) => {
        if (frame.type === 'reply') replies.push(frame.reply)
        return true
      },
    } as unknown as Connection
    return { connection, request: { request, client: 1, sequence: 1, command: { op: 'get', key: 'k' } as const } }
  }
  const outcome = { found: true, value: new Uint8Array([1]), isStale: false }

  test('the entry of the same term answers, another one means lost', () => {
    const replies: ClientReply[] = []
    const calls = new PendingCalls()
    calls.add(5, 1, call(10, replies))
    calls.add(5, 3, call(11, replies))
    calls.add(6, 3, call(12, replies))
    calls.applied(entry(4, 1), outcome)
    expect(replies).toEqual([])
    calls.applied(entry(5, 3), outcome)
    expect(replies).toEqual([
      { request: 10, status: 'lost' },
      { request: 11, status: 'ok', found: true, value: new Uint8Array([1]), index: 5, term: 3 },
    ])
    expect(calls.count).toBe(1)
  })

  test('a session that has moved on is told', () => {
    const replies: ClientReply[] = []
    const calls = new PendingCalls()
    calls.add(1, 1, call(10, replies))
    calls.applied(entry(1, 1), { ...outcome, isStale: true })
    expect(replies[0]).toMatchObject({ request: 10, status: 'refused', problem: 'bad-input' })
  })
})

describe('with a clock of our own', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('the deadline timer fires once it is due, and moves with the deadline', () => {
    const due: number[] = []
    const now = () => performance.now()
    const start = now()
    const timer = new DeadlineTimer(now, () => due.push(Math.round(now() - start)))
    timer.set(start + 100)
    vi.advanceTimersByTime(60)
    timer.set(start + 160)
    vi.advanceTimersByTime(99)
    expect(due).toEqual([])
    vi.advanceTimersByTime(1)
    expect(due).toEqual([160])
    timer.set(start + 500)
    timer.set(start + 200)
    vi.advanceTimersByTime(40)
    expect(due).toEqual([160, 200])
    timer.set(start + 300)
    timer.stop()
    vi.advanceTimersByTime(1000)
    expect(due).toHaveLength(2)
  })

  function reporter() {
    const clock = new Clock(process.hrtime.bigint())
    const frames: Extract<Frame, { type: 'events' }>[] = []
    const sink = {
      backlog: 0,
      send: (frame: Frame) => {
        if (frame.type === 'events') frames.push(frame)
        return true
      },
    }
    const state = { isConnected: true }
    const made = new Reporter(4, clock, () => (state.isConnected ? sink : undefined))
    return { made, clock, frames, sink, state }
  }
  const remark = { kind: 'remark', name: 'vote-granted', peer: 1, term: 1, index: 0 } as const

  test('events leave within 2 ms, and a sign of life every 50 ms', () => {
    const { made, clock, frames } = reporter()
    vi.advanceTimersByTime(10)
    made.report(clock.now(), remark)
    made.turnEnded()
    expect(frames).toHaveLength(1)
    expect(frames[0]!.events[0]).toMatchObject({ kind: 'remark', node: 4, n: 1, t: 10e6 })
    made.report(clock.now(), remark)
    made.turnEnded()
    expect(frames).toHaveLength(1)
    vi.advanceTimersByTime(2)
    expect(frames).toHaveLength(2)
    expect(frames[1]).toMatchObject({ upTo: 12e6 })
    vi.advanceTimersByTime(120)
    expect(frames).toHaveLength(4)
    expect(frames[3]).toMatchObject({ upTo: 112e6, events: [] })
  })

  test('large events go in frames of their own', () => {
    const { made, clock, frames } = reporter()
    for (let index = 1; index <= 5; index++) {
      const entries: Entry[] = [{ index, term: 1, type: 'command', data: new Uint8Array(600 << 10) }]
      made.report(clock.now(), { kind: 'appended', firstIndex: index, count: 1, entries })
    }
    made.report(clock.now(), remark)
    made.flush()
    expect(frames.map(({ events }) => events.length)).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('when nobody reads it stays bounded: state is kept, the rest is counted', () => {
    const { made, clock, frames, sink } = reporter()
    sink.backlog = 64 << 20
    for (let i = 0; i < 60_000; i++) made.report(clock.now(), remark)
    made.report(clock.now(), { kind: 'truncated', fromIndex: 3 })
    made.flush()
    expect(frames).toEqual([])
    sink.backlog = 0
    made.flush()
    const events = frames.flatMap((frame) => frame.events)
    expect(events.filter(({ kind }) => kind === 'remark')).toHaveLength(50_000)
    expect(events.filter(({ kind }) => kind === 'truncated')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ kind: 'gap', subject: 4, shed: 10_000 })
    expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1))
  })

  test('a frozen process is silent, one without a supervisor waits', () => {
    const { made, clock, frames, state } = reporter()
    made.pause(true)
    made.report(clock.now(), remark)
    vi.advanceTimersByTime(500)
    expect(frames).toEqual([])
    state.isConnected = false
    made.pause(false)
    vi.advanceTimersByTime(500)
    expect(frames).toEqual([])
    state.isConnected = true
    vi.advanceTimersByTime(2)
    expect(frames[0]!.events).toHaveLength(1)
  })
})

test('runs of entries keep their order and stay small; a larger one goes alone', () => {
  const entries = [10, 10, 500, 10, 90].map((size) => ({ data: new Uint8Array(size) }))
  const runs = [...inRuns(entries, 100)]
  expect(runs.map((run) => run.map(({ data }) => data.length))).toEqual([[10, 10], [500], [10], [90]])
  expect([...inRuns([], 100)]).toEqual([])
})
