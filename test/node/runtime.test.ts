import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Clock } from '../../main/node/clock'
import type { ClientReply } from '../../main/node/contract/client'
import { encodeCommand } from '../../main/node/contract/command'
import type { Frame, MessageFrame } from '../../main/node/contract/frames'
import { FrameDecoder } from '../../main/node/contract/frames'
import { Problem } from '../../main/node/contract/problem'
import type { Connection } from '../../main/node/contract/transport'
import type { SnapshotFiles } from '../../main/node/disk/api'
import type { Outcome } from '../../main/node/kv/api'
import { KeyValueStore } from '../../main/node/kv/store'
import { Applying } from '../../main/node/runtime/applying'
import { Call } from '../../main/node/runtime/call'
import { DeadlineTimer } from '../../main/node/runtime/deadline'
import { Outbox } from '../../main/node/runtime/outbox'
import { PendingCalls } from '../../main/node/runtime/pending'
import { Reads } from '../../main/node/runtime/reads'
import { SnapshotSender } from '../../main/node/runtime/snapshot-transfer'
import { Snapshots } from '../../main/node/runtime/snapshots'
import { Journal } from '../../main/node/telemetry/journal'
import type { TelemetryLevel } from '../../main/node/telemetry/level'
import { Reporter } from '../../main/node/telemetry/reporter'
import { appendedRuns } from '../../main/node/telemetry/runs'
import { encodeConfiguration } from '../../main/raft'
import type {
  Configuration,
  Entry,
  InstallSnapshot,
  Message,
  Observation,
  Outgoing,
  Position,
  SnapshotMeta,
} from '../../main/raft/types'

const heartbeat = (from: number, to: number): Message => ({
  type: 'AppendEntries',
  from,
  to,
  term: 1,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
  round: 0,
  quiesce: false,
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
  round: 0,
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
    const cause: MessageFrame = { type: 'message', id: 77, inReplyTo: 0, sentAt: 0, message: heartbeat(2, 1) }
    outbox.add([after(1, ack(2)), after(0, ack(3)), after(0, vote(2))], cause)
    outbox.persisted(1)
    expect(out.map(({ id, inReplyTo, message }) => [id - 3 * 2 ** 32, inReplyTo, message.type, message.to])).toEqual([
      [2, 0, 'AppendEntriesReply', 3],
      [3, 0, 'RequestVoteReply', 2],
      [1, 77, 'AppendEntriesReply', 2],
    ])
  })
})

/** A client's connection that keeps what it is told. */
function listening() {
  const replies: ClientReply[] = []
  const state = { isClosed: false }
  const connection = {
    send: (frame: Frame) => {
      if (frame.type === 'reply') replies.push(frame.reply)
      return true
    },
    close: () => {
      state.isClosed = true
    },
  } as unknown as Connection
  const call = (request: number, key = 'k', client = 1) =>
    new Call(connection, {
      request,
      client,
      sequence: 1,
      command: { op: 'get', key },
      consistency: 'log',
    })
  return { replies, state, call }
}
const entry = (index: number, term: number, data: Uint8Array = new Uint8Array()): Entry => ({
  index,
  term,
  type: 'command',
  data,
})

describe('pending calls', () => {
  const outcome: Outcome = { kind: 'done', found: true, value: new Uint8Array([1]) }

  test('the entry of the same term answers, another one means lost', () => {
    const { replies, call } = listening()
    const calls = new PendingCalls()
    calls.add(5, 1, call(10))
    calls.add(6, 1, call(9))
    // It lost its entries, and leads again.
    calls.add(5, 3, call(11))
    calls.add(6, 3, call(12))
    calls.applied(entry(4, 1), outcome)
    expect(replies).toEqual([])
    calls.applied(entry(5, 3), outcome)
    expect(replies).toEqual([
      { request: 10, status: 'lost' },
      { request: 11, status: 'ok', found: true, value: new Uint8Array([1]), index: 5, term: 3 },
    ])
    expect(calls.count).toBe(2)
    calls.applied(entry(6, 3), outcome)
    expect(replies.slice(2).map(({ request, status }) => [request, status])).toEqual([
      [9, 'lost'],
      [12, 'ok'],
    ])
    expect(calls.count).toBe(0)
  })

  test('many come and go', () => {
    const { replies, call } = listening()
    const calls = new PendingCalls()
    for (let index = 1; index <= 20_000; index++) {
      calls.add(index, 1, call(index))
      if (index > 100) calls.applied(entry(index - 100, 1), outcome)
    }
    expect(calls.count).toBe(100)
    expect(replies.map(({ request }) => request)).toEqual(Array.from({ length: 19_900 }, (_, at) => at + 1))
  })

  test.each([
    [{ kind: 'stale' }, 'bad-input'],
    [{ kind: 'expired' }, 'session-expired'],
    [{ kind: 'too-large', given: 2 << 20 }, 'value-size'],
  ] as const)('%o is told as a problem', (kind, problem) => {
    const { replies, call } = listening()
    const calls = new PendingCalls()
    calls.add(1, 1, call(10))
    calls.applied(entry(1, 1), kind)
    expect(replies[0]).toMatchObject({ request: 10, status: 'refused', problem })
  })

  test('what a snapshot stepped over is not answered: the connection closes', () => {
    const { replies, state, call } = listening()
    const other = listening()
    const calls = new PendingCalls()
    calls.add(5, 1, call(1))
    calls.add(7, 1, other.call(2))
    calls.overtaken(6)
    expect([state.isClosed, other.state.isClosed, replies.length, calls.count]).toEqual([true, false, 0, 1])
  })
})

describe('reads without an entry', () => {
  test('one question for all, answered once enough is applied', () => {
    const { replies, call } = listening()
    const reads = new Reads(
      (key) => (key === 'k' ? new Uint8Array([7]) : undefined),
      () => undefined,
    )
    const input = reads.ask([call(1), call(2, 'nothing')], 'index')
    expect(input).toMatchObject({ type: 'read', by: 'index' })
    const id = input.type === 'read' ? input.id : 0
    reads.answered([{ id: id + 1, ok: true, index: 1 }], 9)
    reads.answered([{ id, ok: true, index: 5 }], 4)
    expect([reads.count, replies.length]).toEqual([2, 0])
    reads.applied(5)
    expect(replies).toEqual([
      { request: 1, status: 'ok', found: true, value: new Uint8Array([7]), index: 5, term: 0 },
      { request: 2, status: 'ok', found: false, value: new Uint8Array(), index: 5, term: 0 },
    ])
    expect(reads.count).toBe(0)
  })

  test('who has nothing to read sends them to the leader', () => {
    const { replies, call } = listening()
    const reads = new Reads(
      () => new Uint8Array([7]),
      () => 4,
    )
    const input = reads.ask([call(1)], 'index')
    reads.answered([{ id: input.type === 'read' ? input.id : 0, ok: true, index: 5 }], 5)
    reads.stale(call(2), 5)
    expect(replies).toEqual([
      { request: 1, status: 'not-leader', leader: 4 },
      { request: 2, status: 'not-leader', leader: 4 },
    ])
  })

  test('when the leader is gone they are sent away', () => {
    const { replies, call } = listening()
    const reads = new Reads(
      () => undefined,
      () => undefined,
    )
    const input = reads.ask([call(1)], 'lease')
    const id = input.type === 'read' ? input.id : 0
    reads.answered([{ id, ok: false, reason: 'leader-changed', leader: 3 }], 4)
    expect(replies).toEqual([{ request: 1, status: 'not-leader', leader: 3 }])
    expect(reads.count).toBe(0)
  })
})

describe('applying', () => {
  const configuration = { voters: [1], outgoing: [], learners: [], learnersNext: [], witnesses: [] }
  const snapshot = (index: number): SnapshotMeta => ({ index, term: 1, configuration, bytes: 10, checksum: 0 })
  const put = (index: number, key: string, value: string) =>
    entry(
      index,
      1,
      encodeCommand({ client: 0, sequence: 0, time: 1, command: { op: 'put', key, value: Buffer.from(value) } }),
    )

  function stage(load: (position: { index: number }) => AsyncIterable<Uint8Array>) {
    const machine = new KeyValueStore()
    const told: string[] = []
    const state = { wakes: 0, failures: [] as unknown[] }
    const applying = new Applying({
      machine,
      load,
      executed: ({ index }) => told.push(`entry ${index}`),
      restored: ({ index }) => told.push(`snapshot ${index}`),
      trouble: ({ details }) => told.push(`trouble ${JSON.stringify(details)}`),
      wake: () => {
        state.wakes += 1
      },
      fatal: (problem) => state.failures.push(problem),
    })
    return { machine, told, state, applying }
  }
  const none = async function* (): AsyncIterable<Uint8Array> {}

  test('what is committed while a snapshot is read waits behind it', async () => {
    let loads = 0
    const source = new KeyValueStore()
    source.apply(put(1, 'a', 'old'))
    const { machine, told, state, applying } = stage(async function* () {
      loads += 1
      yield* source.snapshot()
    })
    applying.restore(snapshot(10), 3)
    applying.persisted(2)
    applying.commit([put(11, 'b', 'new')])
    applying.run()
    expect([applying.isRestoring, loads]).toEqual([true, 0])
    applying.persisted(3)
    applying.run()
    expect(loads).toBe(1)
    applying.run()
    expect([told, applying.isRestoring, applying.lastApplied]).toEqual([[], true, 0])
    await expect.poll(() => state.wakes).toBe(1)
    applying.run()
    expect(told).toEqual(['snapshot 10', 'entry 11'])
    expect([applying.lastApplied, applying.isRestoring]).toEqual([11, false])
    expect(['a', 'b'].map((key) => Buffer.from(machine.get(key)!).toString())).toEqual(['old', 'new'])
  })

  test('a snapshot that is gone does not matter when a newer one is there; otherwise it is the end', async () => {
    const source = new KeyValueStore()
    source.apply(put(1, 'a', 'x'))
    const { told, state, applying } = stage(async function* ({ index }) {
      if (index === 10) throw new Problem('snapshot-corrupt', { file: 'f', offset: 0, reason: 'gone' })
      yield* source.snapshot()
    })
    applying.restore(snapshot(10), 0)
    applying.run()
    applying.commit([put(11, 'b', 'y')])
    applying.restore(snapshot(20), 0)
    await expect.poll(() => state.wakes).toBe(1)
    applying.run()
    await expect.poll(() => state.wakes).toBe(2)
    applying.run()
    expect([told, applying.lastApplied]).toEqual([['snapshot 20'], 20])

    applying.restore(snapshot(10), 0)
    applying.run()
    await expect.poll(() => state.failures).toMatchObject([{ code: 'snapshot-corrupt' }])
  })

  test('a long log takes several turns, and nonsense in it is told and passed over', () => {
    const { told, state, applying } = stage(none)
    applying.commit(Array.from({ length: 10_000 }, (_, at) => put(at + 1, 'k', 'v')))
    applying.commit([entry(10_001, 1, new Uint8Array([99])), { ...entry(10_002, 1), type: 'metadata' }])
    let turns = 1
    for (applying.run(); state.wakes === turns; turns++) applying.run()
    expect(turns).toBe(3)
    expect(applying.lastApplied).toBe(10_002)
    expect(told.filter((line) => line.startsWith('trouble'))).toEqual([expect.stringContaining('entry 10001')])
  })
})

describe('snapshots', () => {
  const configuration = { voters: [1, 2], outgoing: [], learners: [], learnersNext: [], witnesses: [2] }

  function stage(node: number, settings: { snapshotEntries: number; snapshotBytes: number }) {
    const saves: { index: number; bytes: number; finish: () => void }[] = []
    const told: string[] = []
    const state = { isDescribed: true }
    const machine = new KeyValueStore()
    const snapshots = new Snapshots({
      node,
      settings,
      machine,
      describe: (index) => (state.isDescribed ? { index, term: 3, configuration } : undefined),
      files: {
        save: (position: Position, configuration: Configuration, chunks: Iterable<Uint8Array>) =>
          new Promise((resolve) => {
            const bytes = [...chunks].reduce((sum, { length }) => sum + length, 0)
            saves.push({
              index: position.index,
              bytes,
              finish: () => resolve({ ...position, configuration, bytes, checksum: 0 }),
            })
          }),
      } as unknown as SnapshotFiles,
      saved: ({ index }, heard) => {
        told.push(`saved ${index}`)
        for (const hear of heard) hear({ index, term: 3, configuration, bytes: 0, checksum: 0 })
      },
      failed: (error) => told.push(`failed ${error}`),
    })
    const apply = (count: number, size = 0) => {
      for (let i = 0; i < count; i++) snapshots.applied(entry(1, 1, new Uint8Array(size)))
    }
    return { snapshots, saves, told, apply, state }
  }

  test('by the number of entries, one at a time', async () => {
    const { snapshots, saves, told, apply } = stage(1, { snapshotEntries: 100, snapshotBytes: 0 })
    apply(99)
    snapshots.consider(99)
    expect(saves).toEqual([])
    apply(1, 1 << 20)
    snapshots.consider(100)
    expect(saves.map(({ index }) => index)).toEqual([100])
    expect(saves[0]!.bytes).toBeGreaterThan(0)
    apply(200)
    snapshots.consider(300)
    expect(saves).toHaveLength(1)
    saves[0]!.finish()
    await expect.poll(() => told).toEqual(['saved 100'])
    snapshots.consider(300)
    expect(saves.map(({ index }) => index)).toEqual([100, 300])
  })

  test('by bytes, or never', () => {
    const { snapshots, saves, apply } = stage(1, { snapshotEntries: 0, snapshotBytes: 10_000 })
    apply(9, 1000)
    snapshots.consider(9)
    expect(saves).toHaveLength(0)
    apply(1, 1000)
    snapshots.consider(10)
    expect(saves).toHaveLength(1)
    const never = stage(1, { snapshotEntries: 0, snapshotBytes: 0 })
    never.apply(1000, 1000)
    never.snapshots.consider(1000)
    expect(never.saves).toHaveLength(0)
  })

  test('on demand, with a reason when not; a witness has nothing to put into it', async () => {
    const { snapshots, saves, told, apply, state } = stage(2, { snapshotEntries: 0, snapshotBytes: 0 })
    const hear = () => told.push('heard')
    expect(snapshots.request(hear)).toBe('nothing-new')
    apply(1)
    expect(snapshots.request(hear)).toBeUndefined()
    expect(snapshots.request(hear)).toBe('under-way')
    state.isDescribed = false
    snapshots.consider(1)
    expect(saves).toEqual([])
    state.isDescribed = true
    snapshots.consider(1)
    expect(snapshots.request(hear)).toBe('under-way')
    expect(saves[0]!.bytes).toBe(0)
    saves[0]!.finish()
    await expect.poll(() => told).toEqual(['saved 1', 'heard'])
    expect(snapshots.request(hear)).toBe('nothing-new')
  })
})

describe('snapshots between servers', () => {
  const configuration = { voters: [1], outgoing: [], learners: [], learnersNext: [], witnesses: [] }
  const snapshot: SnapshotMeta = { index: 5, term: 1, configuration, bytes: 10, checksum: 0 }
  function frame(to: number, offset: number, bytes = 10) {
    const message: InstallSnapshot = {
      type: 'InstallSnapshot',
      from: 1,
      to,
      term: 1,
      snapshot: { ...snapshot, bytes },
      offset,
      data: new Uint8Array(),
      done: false,
      round: 0,
    }
    return { type: 'message', id: offset, inReplyTo: 0, sentAt: 0, message } as const
  }

  test('one read at a time for each peer, and the latest of those that wait', async () => {
    const reads: { offset: number; finish: (data: Uint8Array | undefined) => void }[] = []
    const left: string[] = []
    const sender = new SnapshotSender(
      {
        read: (_: unknown, offset: number, length: number) =>
          new Promise((resolve) => {
            const done = offset + length >= 10
            reads.push({ offset, finish: (data) => resolve(data && { data, done }) })
          }),
      } as unknown as SnapshotFiles,
      4,
      ({ message }) => {
        if (message.type === 'InstallSnapshot') {
          left.push(`${message.to}: ${message.offset}+${message.data.length}${message.done ? ' done' : ''}`)
        }
      },
      () => left.push('failed'),
    )
    for (const offset of [0, 1, 2, 8]) sender.fill(frame(2, offset))
    sender.fill(frame(3, 4))
    expect(reads.map(({ offset }) => offset)).toEqual([0, 4])
    reads[0]!.finish(new Uint8Array(4))
    await expect.poll(() => reads.length).toBe(3)
    expect(reads[2]!.offset).toBe(8)
    reads[2]!.finish(new Uint8Array(2))
    reads[1]!.finish(undefined)
    await expect.poll(() => left).toEqual(['2: 0+4', '2: 8+2 done'])
    sender.fill(frame(3, 4))
    await expect.poll(() => reads.length).toBe(4)
    // A witness gets the fact alone.
    sender.fill(frame(4, 0, 0))
    expect(left.at(-1)).toBe('4: 0+0 done')
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
    const timer = new DeadlineTimer(
      (deadline) => deadline - now(),
      () => due.push(Math.round(now() - start)),
    )
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
    timer.set(Number.POSITIVE_INFINITY)
    vi.advanceTimersByTime(10_000)
    expect(vi.getTimerCount()).toBe(0)
    timer.set(now() + 10)
    timer.set(Number.POSITIVE_INFINITY)
    vi.advanceTimersByTime(10_000)
    expect(due).toHaveLength(2)
  })

  function reporter() {
    const clock = new Clock(process.hrtime.bigint())
    const frames: Extract<Frame, { type: 'events' }>[] = []
    const sink = {
      backlog: 0,
      sendEncoded: (frame: Uint8Array) => {
        for (const one of new FrameDecoder().push(frame)) if (one.type === 'events') frames.push(one)
        return true
      },
      flush: () => undefined,
    }
    const state = { isConnected: true }
    const made = new Reporter(4, clock, () => (state.isConnected ? sink : undefined))
    return { made, clock, frames, sink, state }
  }
  const remark = { kind: 'remark', name: 'vote-granted', peer: 1, term: 1, index: 0 } as const

  test('little leaves at once or within 2 ms, and a sign of life every 50 ms', () => {
    const { made, clock, frames } = reporter()
    vi.advanceTimersByTime(10)
    made.report(clock.now(), remark)
    made.turnEnded(clock.now())
    expect(frames).toHaveLength(1)
    expect(frames[0]!.events[0]).toMatchObject({ kind: 'remark', node: 4, n: 1, t: 10e6 })
    made.report(clock.now(), remark)
    made.turnEnded(clock.now())
    expect(frames).toHaveLength(1)
    vi.advanceTimersByTime(2)
    expect(frames).toHaveLength(2)
    expect(frames[1]).toMatchObject({ upTo: 12e6 })
    vi.advanceTimersByTime(120)
    expect(frames).toHaveLength(4)
    expect(frames[3]).toMatchObject({ upTo: 112e6, events: [] })
  })

  test('much leaves every 20 ms or 64 KiB, and little at once again', () => {
    const { made, clock, frames } = reporter()
    const turn = (events: number) => {
      for (let i = 0; i < events; i++) made.report(clock.now(), remark)
      made.turnEnded(clock.now())
    }
    vi.advanceTimersByTime(10)
    turn(100)
    expect(frames).toHaveLength(1)
    for (let millis = 0; millis < 18; millis += 2) {
      vi.advanceTimersByTime(2)
      turn(5)
    }
    expect(frames).toHaveLength(1)
    vi.advanceTimersByTime(2)
    expect(frames).toHaveLength(2)
    expect(frames[1]!.events).toHaveLength(45)
    turn(3000)
    expect(frames).toHaveLength(3)
    vi.advanceTimersByTime(20)
    turn(1)
    turn(1)
    vi.advanceTimersByTime(2)
    expect(frames.at(-1)!.events.at(-1)!.n).toBe(3147)
  })

  test('large events go in frames of their own', () => {
    const { made, clock, frames } = reporter()
    for (let index = 1; index <= 5; index++) {
      const entries = [entry(index, 1, new Uint8Array(600 << 10))]
      made.report(clock.now(), { kind: 'appended', firstIndex: index, count: 1, entries, term: 1, bytes: 600 << 10 })
    }
    made.report(clock.now(), remark)
    made.flush()
    expect(frames.map(({ events }) => events.length)).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('when nobody reads it stays bounded: state is kept, the rest is counted', () => {
    const { made, clock, frames, sink } = reporter()
    sink.backlog = 64 << 20
    for (let i = 0; i < 300_000; i++) made.report(clock.now(), remark)
    made.report(clock.now(), { kind: 'truncated', fromIndex: 3 })
    made.flush()
    expect(frames).toEqual([])
    sink.backlog = 0
    made.flush()
    const events = frames.flatMap((frame) => frame.events)
    const kept = events.filter(({ kind }) => kind === 'remark').length
    expect(kept).toBeGreaterThan(100_000)
    expect(events.filter(({ kind }) => kind === 'truncated')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ kind: 'gap', subject: 4, shed: 300_000 - kept })
    // Of so many, a comparison that could print them all would take most of the test's time.
    expect(events.findIndex(({ n }, at) => n !== at + 1)).toBe(-1)
    expect(frames.findIndex(({ upTo }, at) => upTo < (frames[at - 1]?.upTo ?? 0))).toBe(-1)
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
})

test('runs of entries keep their order and stay small; a larger one goes alone', () => {
  const entries = [10, 300, 600, 10, 90].map((kib, at) => entry(at + 1, 1, new Uint8Array(kib << 10)))
  const runs = (list: Entry[], withData: boolean) =>
    [...appendedRuns(list, withData)].map(({ firstIndex, count, entries }) => [firstIndex, count, entries.length])
  expect(runs(entries, true)).toEqual([
    [1, 2, 2],
    [3, 1, 1],
    [4, 2, 2],
  ])
  expect(runs(entries, false)).toEqual([[1, 5, 0]])
  expect(runs([], true)).toEqual([])
})
