/** The recorder's main part: one order, one live fold, one file. */
import { type FileHandle, open } from 'node:fs/promises'
import type { ForkOrigin } from '../../node/contract/disk-image'
import type { ReportedEvent, TimelineEvent } from '../../node/contract/events'
import type { LogRun } from '../../node/contract/log-run'
import { asProblem, Problem } from '../../node/contract/problem'
import type { Entry } from '../../raft/types'
import type { Recorder, RecordingInfo, TimelineSource } from '../api'
import { type MutableCluster, newCluster } from '../fold/cluster'
import { fold } from '../fold/fold'
import { findEntry } from '../fold/log'
import { MERGE_RULE, Merge } from '../order/merge'
import { BlockIndex } from '../recording/block-index'
import { RECORDING_VERSION, type RecordingHeader } from '../recording/format'
import { TimelineReader } from '../recording/reader'
import { findRun, KnownEntries } from './known-entries'
import { workerPort } from './ports'
import type { FromWriter, ProblemData, WriterPort } from './protocol'
import { Shedder } from './shed'
import { Tail } from './tail'
import { Ticker } from './ticker'

export interface RecorderOptions {
  /** The file to make; it must not exist. */
  readonly path: string
  readonly clusterId: string
  readonly clusterName: string
  /** `process.hrtime.bigint()` at t = 0, and the wall time then. */
  readonly origin: bigint
  readonly began: Date
  /** Path of the built recorder.js. */
  readonly worker: string
  /** Nodes that will report; others may. */
  readonly nodes: readonly number[]
  /** Of which moment of which recording the cluster is a branch. */
  readonly forkedFrom?: ForkOrigin | undefined
  /** Told when the file can't be written: once when it begins to fail, once when recording ends early. */
  readonly onProblem?: (problem: Problem) => void
}

export interface RecorderLimits {
  /** Bytes on their way to the file above which events are shed. */
  readonly shedAbove: number
  /** Bytes above which recording ends: the disk has refused for long, and memory is not endless. */
  readonly giveUpAbove: number
}

const RECORDER_LIMITS: RecorderLimits = { shedAbove: 16 << 20, giveUpAbove: 128 << 20 }

/** The workbench reports from this thread; what it says is at most this much older than the clock. */
const OWN_DELAY_NANOS = 5_000_000
/** Quitting waits no longer than this for the file. */
const CLOSE_MILLIS = 15_000

/** Starts a recording. Throws `directory-unwritable` or `disk-failed` when the file can't be made. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const header = headerOf(options)
  return startRecorder(options, header, workerPort(options.worker, { path: options.path, header }))
}

/** What stands at the very beginning of the recording. */
export function headerOf({ clusterId, clusterName, began, origin, forkedFrom }: RecorderOptions): RecordingHeader {
  const header = { clusterId, clusterName, began: began.toISOString(), origin: String(origin) }
  return forkedFrom === undefined ? header : { ...header, forkedFrom }
}

/** {@link createRecorder} with a writer of the caller's choice. */
export async function startRecorder(
  options: Omit<RecorderOptions, 'worker'>,
  header: RecordingHeader,
  port: WriterPort,
  limits = RECORDER_LIMITS,
): Promise<Recorder> {
  try {
    const bytes = await new Promise<number>((resolve, reject) => {
      port.onMessage((message) => {
        if (message.type === 'ready') resolve(message.bytes)
        if (message.type === 'closed') reject(problemOf(message.problem))
      })
    })
    const file = await open(options.path, 'r')
    return new LiveRecorder(options, header, port, limits, file, bytes)
  } catch (error) {
    await port.end()
    throw asProblem(error)
  }
}

function problemOf(data: ProblemData | undefined): Problem {
  return data === undefined
    ? new Problem('internal', { reason: 'the recorder ended' })
    : new Problem(data.code, data.details)
}

class LiveRecorder implements Recorder {
  readonly state: MutableCluster
  readonly source: TimelineSource
  readonly #options: Omit<RecorderOptions, 'worker'>
  readonly #header: RecordingHeader
  readonly #port: WriterPort
  readonly #limits: RecorderLimits
  readonly #index = new BlockIndex()
  readonly #tail: Tail
  readonly #merge: Merge
  readonly #shedder = new Shedder()
  readonly #known = new KnownEntries((index, term) => findEntry(this.state, index, term))
  readonly #listeners = new Set<(events: readonly TimelineEvent[]) => void>()
  readonly #ticker = new Ticker((now) => this.#tick(now))
  /** Who waits until everything up to `t` is ordered. */
  #awaited: { readonly t: number; readonly resolve: () => void }[] = []
  readonly #ended: Promise<void>
  #end: () => void = () => undefined
  #bytes: number
  #behind = false
  #failing = false
  /** The writer is gone, or so far behind that it was given up: what is ordered from then on is not recorded. */
  #over = false
  #complete = false
  #closing: Promise<void> | undefined

  constructor(
    options: Omit<RecorderOptions, 'worker'>,
    header: RecordingHeader,
    port: WriterPort,
    limits: RecorderLimits,
    file: FileHandle,
    bytes: number,
  ) {
    this.#options = options
    this.#header = header
    this.#port = port
    this.#limits = limits
    this.#bytes = bytes
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.state = newCluster(header.clusterId, header.clusterName)
    this.#merge = new Merge(MERGE_RULE, options.nodes, performance.now())
    this.#tail = new Tail(
      this.#index,
      (block) => port.post({ type: 'block', block }),
      () => performance.now(),
    )
    this.source = new TimelineReader({
      path: options.path,
      file,
      header,
      index: this.#index,
      open: () => this.#tail.open,
      info: () => this.#info(),
      growing: () => !this.#over && this.#closing === undefined,
    })
    port.onMessage((message) => this.#hear(message))
  }

  get lagMillis(): number {
    return this.#tail.lagMillis
  }

  report(events: readonly ReportedEvent[]): void {
    const now = performance.now()
    this.#merge.push(events, now)
    this.#ticker.arrived(now)
  }

  watermark(node: number, t: number): void {
    const now = performance.now()
    this.#merge.watermark(node, t, now)
    this.#ticker.arrived(now)
  }

  entriesOf(run: LogRun): readonly Entry[] | undefined {
    return findRun(this.state, run)
  }

  onOrdered(listener: (events: readonly TimelineEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  told(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing
    return new Promise((resolve) => {
      this.#awaited.push({ t: this.#t(), resolve })
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Nanoseconds since the recording began. */
  #t(): number {
    return Number(process.hrtime.bigint() - this.#options.origin)
  }

  #tick(now: number): void {
    this.#merge.watermark(0, this.#t() - OWN_DELAY_NANOS, now)
    this.#order(this.#shedder.pass(this.#merge.release(now), this.#shedReason()))
    this.#tail.tick()
    this.#answerAwaited(this.#merge.orderedUpTo(now))
  }

  #answerAwaited(upTo: number): void {
    if (this.#awaited.length === 0) return
    const done = this.#awaited.filter(({ t }) => t <= upTo)
    this.#awaited = this.#awaited.filter(({ t }) => t > upTo)
    for (const { resolve } of done) resolve()
  }

  /** Why to shed now; empty when there is no reason. */
  #shedReason(): string {
    const { backlog } = this.#tail
    if (backlog > this.#limits.shedAbove) this.#behind = true
    else if (backlog < this.#limits.shedAbove / 2) this.#behind = false
    if (this.#failing) return 'disk-failed'
    return this.#behind ? 'recorder-behind' : ''
  }

  #order(reported: readonly ReportedEvent[]): void {
    if (reported.length === 0) return
    const events: TimelineEvent[] = []
    for (const each of reported) {
      const event: TimelineEvent = { ...this.#known.complete(each), seq: this.state.seq }
      events.push(event)
      fold(this.state, event)
    }
    if (!this.#over) this.#tail.add(events)
    if (!this.#over && this.#tail.backlog > this.#limits.giveUpAbove) {
      this.#giveUp(
        new Problem('disk-failed', { path: this.#options.path, operation: 'record', reason: 'too far behind' }),
      )
    }
    for (const listener of this.#listeners) {
      try {
        listener(events)
      } catch (error) {
        // Nobody who looks may stop the recording.
        this.#options.onProblem?.(asProblem(error))
      }
    }
  }

  #hear(message: FromWriter): void {
    switch (message.type) {
      case 'ready':
        return
      case 'written':
        this.#tail.written(message.info)
        this.#bytes = message.bytes
        return
      case 'failing':
        this.#failing = true
        this.#options.onProblem?.(problemOf(message.problem))
        return
      case 'recovered':
        this.#failing = false
        return
      case 'closed':
        this.#complete = message.problem === undefined
        if (!this.#complete) this.#giveUp(problemOf(message.problem))
        this.#end()
        return
    }
  }

  #giveUp(problem: Problem): void {
    if (this.#over) return
    this.#over = true
    this.#options.onProblem?.(problem)
  }

  async #close(): Promise<void> {
    this.#ticker.stop()
    this.#order(this.#shedder.pass(this.#merge.releaseAll(), this.#shedReason()))
    this.#order(this.#shedder.gaps())
    this.#answerAwaited(Number.POSITIVE_INFINITY)
    this.#tail.flush()
    this.#port.post({ type: 'close' })
    const late = setTimeout(this.#end, CLOSE_MILLIS)
    await this.#ended
    clearTimeout(late)
    await this.#port.end()
    await this.source.close()
  }

  #info(): RecordingInfo {
    const { path } = this.#options
    const { clusterId, clusterName, began, forkedFrom } = this.#header
    const open = this.#tail.open
    return {
      path,
      version: RECORDING_VERSION,
      clusterId,
      clusterName,
      began,
      events: this.#index.count + open.length,
      end: open.reduce((end, event) => Math.max(end, event.t), this.#index.end),
      bytes: this.#bytes,
      complete: this.#complete,
      truncatedBytes: 0,
      shed: open.reduce((shed, event) => shed + (event.kind === 'gap' ? event.shed : 0), this.#index.shed),
      ...(forkedFrom === undefined ? {} : { forkedFrom }),
    }
  }
}
