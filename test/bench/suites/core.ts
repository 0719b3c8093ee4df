/** The parts without disks and sockets, to watch for regressions: steps of the pure core, bytes in and out. */
import { encodeFrame, type Frame, FrameDecoder } from '../../../main/node/contract/frames'
import { makeEntry } from '../../../main/node/contract/records'
import { configurationOf, type Effects, type Input, type NodeId, Raft, type RaftConfig } from '../../../main/raft'
import { keyOf, valueFor } from '../load/writes'
import { figure, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { spreadOf } from '../statistics'

const VOTERS = [1, 2, 3]
const BATCHES = [1, 64, 256]
/** A trio is replaced after so many entries: its log is kept in memory. */
const MAX_ENTRIES = 200_000
const SLICE_MS = 400
const HEARTBEAT_MS = 50
const MIB = 2 ** 20

export const coreSuite: Suite = {
  name: 'core',
  runs: 5,
  async run(stage) {
    const cores = BATCHES.map((batch) => {
      stage.say(`core: ${batch} proposals a step`)
      const runs = repeat(stage, () => timeCores(batch, sliceMs(stage)))
      return {
        what: 'three cores',
        batch,
        stepsPerSecond: spreadOf(runs.map((run) => run.steps)),
        entriesPerSecond: spreadOf(runs.map((run) => run.entries)),
      }
    })
    const codecs = Object.entries(FRAMES).map(([what, frame]) => {
      stage.say(`core: ${what}`)
      const runs = repeat(stage, () => timeFrame(frame, sliceMs(stage)))
      return {
        what,
        bytes: encodeFrame(frame).length,
        encodedPerSecond: spreadOf(runs.map((run) => run.encoded)),
        decodedPerSecond: spreadOf(runs.map((run) => run.decoded)),
      }
    })
    return {
      suite: 'core',
      conditions: { runs: stage.runs, sliceMs: sliceMs(stage) },
      rows: [...cores, ...codecs],
      targets: [],
      tables: [
        {
          title: 'Three cores in one process, entries made with their records, no disk and no sockets',
          columns: ['proposals a step', 'steps/s', 'entries committed/s'],
          rows: cores.map((row) => [String(row.batch), spread(row.stepsPerSecond), spread(row.entriesPerSecond)]),
          notes: [],
        },
        {
          title: 'Frames',
          columns: ['', 'bytes', 'encoded/s', 'decoded/s', 'MiB/s decoded'],
          rows: codecs.map((row) => [
            row.what,
            figure(row.bytes),
            spread(row.encodedPerSecond),
            spread(row.decodedPerSecond),
            figure((row.decodedPerSecond.median * row.bytes) / MIB),
          ]),
          notes: [],
        },
      ],
    }
  },
}

function sliceMs({ quick }: Stage): number {
  return quick ? SLICE_MS / 4 : SLICE_MS
}

/** One run more than asked: the first one compiles. */
function repeat<T>({ runs, signal }: Stage, measure: () => T): readonly T[] {
  measure()
  return Array.from({ length: runs }, () => {
    signal.throwIfAborted()
    return measure()
  })
}

/** A cluster of cores whose disks and links take no time. */
class Trio {
  readonly #cores = new Map<NodeId, Raft>()
  readonly #queue: { readonly to: NodeId; readonly input: Input }[] = []
  readonly #deadlines = new Map<NodeId, number>()
  #now = 0
  steps = 0
  entries = 0

  constructor() {
    for (const id of VOTERS) {
      const restored = { hardState: { currentTerm: 0, votedFor: 0 }, base: { index: 0, term: 0 }, entries: [] }
      const core = new Raft(configOf(id), restored, 0)
      this.#cores.set(id, core)
      this.#take(id, core.initial())
    }
    while (this.#leader() === undefined) {
      const [id, deadline] = [...this.#deadlines].reduce((least, next) => (next[1] < least[1] ? next : least))
      this.#now = Math.max(this.#now, deadline)
      this.#queue.push({ to: id, input: { type: 'deadline' } })
      this.#settle()
    }
  }

  /** So many proposals in one step, until all cores are done with them. */
  propose(count: number): void {
    const leader = this.#leader()
    if (leader === undefined) throw new Error('the cores have no leader')
    const data = valueFor(this.entries)
    const proposals = Array.from({ length: count }, (_, id) => ({ id, data }))
    this.#queue.push({ to: leader, input: { type: 'propose', proposals } })
    this.#settle()
    this.#now += 1
    for (const [id, deadline] of this.#deadlines) {
      if (deadline <= this.#now) this.#queue.push({ to: id, input: { type: 'deadline' } })
    }
    this.#settle()
    this.entries += count
  }

  #leader(): NodeId | undefined {
    return VOTERS.find((id) => this.#cores.get(id)?.status().role === 'leader')
  }

  #settle(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const core = this.#cores.get(next.to)
      if (core === undefined) continue
      this.steps++
      this.#take(next.to, core.step(this.#now, next.input))
    }
  }

  #take(id: NodeId, effects: Effects): void {
    const { write, messages, deadline } = effects
    this.#deadlines.set(id, deadline)
    if (write !== undefined) this.#queue.push({ to: id, input: { type: 'persisted', write: write.number } })
    // All that waits for the disk waits for a step that is before it in the queue.
    for (const { message } of messages) this.#queue.push({ to: message.to, input: { type: 'message', message } })
  }
}

function configOf(id: NodeId): RaftConfig {
  return {
    id,
    bootstrap: configurationOf(VOTERS),
    electionTimeout: 5 * HEARTBEAT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxBatchBytes: MIB,
    maxInFlight: 8,
    maxInFlightBytes: 4 * MIB,
    maxUncommittedBytes: 64 * MIB,
    trailingEntries: 1000,
    maxCatchUpLag: 1000,
    priorities: new Map(),
    preVote: true,
    checkQuorum: true,
    leaseReads: true,
    quiescence: false,
    parallelWrite: true,
    fastBacktracking: true,
    catchUpCheck: true,
    disconnectHint: true,
    // Nobody times out at the same time as somebody else.
    random: () => id / 10,
    makeEntry,
  }
}

function timeCores(batch: number, forMs: number): { readonly steps: number; readonly entries: number } {
  let [steps, entries, millis] = [0, 0, 0]
  while (millis < forMs) {
    const trio = new Trio()
    const before = trio.steps
    const began = performance.now()
    while (trio.entries < MAX_ENTRIES && performance.now() - began < forMs - millis) trio.propose(batch)
    millis += performance.now() - began
    steps += trio.steps - before
    entries += trio.entries
  }
  return { steps: (steps / millis) * 1000, entries: (entries / millis) * 1000 }
}

const BATCH = Array.from({ length: 256 }, (_, at) => makeEntry(at + 1, 3, 'command', valueFor(at)))

const FRAMES: Readonly<Record<string, Frame>> = {
  'put, 256 bytes': {
    type: 'request',
    request: {
      request: 1,
      client: 17,
      sequence: 4,
      command: { op: 'put', key: keyOf(1), value: valueFor(1) },
      consistency: 'index',
    },
  },
  'answer of a put': {
    type: 'reply',
    reply: { request: 1, status: 'ok', found: false, value: new Uint8Array(), index: 1_000_000, term: 3 },
  },
  'AppendEntries, 256 entries': {
    type: 'message',
    id: 7,
    inReplyTo: 0,
    sentAt: 0,
    message: {
      type: 'AppendEntries',
      from: 1,
      to: 2,
      term: 3,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: BATCH,
      leaderCommit: 0,
      round: 1,
      quiesce: false,
    },
  },
  AppendEntriesReply: {
    type: 'message',
    id: 8,
    inReplyTo: 7,
    sentAt: 0,
    message: {
      type: 'AppendEntriesReply',
      from: 2,
      to: 1,
      term: 3,
      success: true,
      matchIndex: 256,
      conflictIndex: 0,
      conflictTerm: 0,
      round: 1,
    },
  },
}

function timeFrame(frame: Frame, forMs: number): { readonly encoded: number; readonly decoded: number } {
  const bytes = encodeFrame(frame)
  const decoder = new FrameDecoder()
  return {
    encoded: timesPerSecond(forMs / 2, () => encodeFrame(frame)),
    decoded: timesPerSecond(forMs / 2, () => decoder.push(bytes)),
  }
}

const ROUND = 64

function timesPerSecond(forMs: number, work: () => unknown): number {
  const began = performance.now()
  let times = 0
  while (performance.now() - began < forMs) {
    for (let i = 0; i < ROUND; i++) work()
    times += ROUND
  }
  return (times / (performance.now() - began)) * 1000
}
