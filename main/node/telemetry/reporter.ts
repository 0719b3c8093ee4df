/**
 * Collects this process's events, as bytes from the start, and writes them to the supervisor. When little is said they
 * leave at the end of the turn or within 2 ms, so that a SIGKILL takes at most the last 2 ms with it. When much is said,
 * they leave every 20 ms or 64 KiB: fewer writes, and work for others. Every 50 ms when there is nothing to say, so
 * that the workbench knows up to when it has heard everything.
 */
import type { Clock } from '../clock'
import { ByteWriter } from '../contract/bytes'
import { writeEventBody } from '../contract/event-codec'
import type { EventKind } from '../contract/events'
import { beginFrame, endFrame } from '../contract/frames'
import type { EventBody } from './event-body'

const SOON_MILLIS = 2
const BUSY_MILLIS = 20
const QUIET_MILLIS = 50
/** More than this in a millisecond, since the last write: much is said. A heartbeat every 50 ms is less by far. */
const BUSY_BYTES_PER_MILLI = 50
/** As much as this leaves at the end of the turn. */
const FLUSH_BYTES = 64 << 10
/** A frame of events is closed when it has about this many bytes: half of the largest event, which is not copied behind another one. */
const FRAME_BYTES = 256 << 10
const FIRST_CAPACITY = 8 << 10
/** Beyond this the supervisor is not reading: events wait here. */
const MAX_BACKLOG = 32 << 20
/** Beyond this many waiting bytes, events that tell no state are left out. */
const MAX_WAITING_BYTES = 8 << 20

/** Nobody's state is lost with these: a fold never needs them. */
const DISPENSABLE: ReadonlySet<EventKind> = new Set([
  'sent',
  'received',
  'dropped',
  'copied',
  'remark',
  'timer',
  'stats',
  'read',
])

/** The supervisor's end, as far as the reporter needs it. */
export interface Sink {
  readonly backlog: number
  /** Takes a whole frame. */
  sendEncoded(frame: Uint8Array): boolean
  /** Hands what it took to the system at once. */
  flush(): void
}

/** A frame of events that is being written. */
interface OpenFrame {
  readonly writer: ByteWriter
  readonly from: number
}

export class Reporter {
  readonly #node: number
  readonly #clock: Clock
  readonly #sink: () => Sink | undefined
  #open: OpenFrame | undefined
  #lastT = 0
  /** Whole frames before the open one. */
  #closed: Uint8Array[] = []
  #closedBytes = 0
  #n = 0
  #shed = 0
  #lastFlush = 0
  #window = SOON_MILLIS
  #timer: NodeJS.Timeout | undefined
  /** The timer runs for events that wait, not for a sign of life. */
  #isBusy = false
  #isPaused = false

  /** `sink` is undefined while there is no connection. */
  constructor(node: number, clock: Clock, sink: () => Sink | undefined) {
    this.#node = node
    this.#clock = clock
    this.#sink = sink
  }

  /** So much waits that what can be left out is left out. */
  get isCrowded(): boolean {
    return this.#waitingBytes > MAX_WAITING_BYTES
  }

  /** More waits than leaves at once. */
  get isLong(): boolean {
    return this.#waitingBytes >= FLUSH_BYTES
  }

  /** `n` of the event that was added last. */
  get lastNumber(): number {
    return this.#n
  }

  /** Adds an event that happened at `t`; never earlier than the one before. */
  report(t: number, body: EventBody): void {
    if (this.isCrowded && DISPENSABLE.has(body.kind)) {
      this.#shed += 1
      return
    }
    this.#write(t, body)
  }

  /** To be called at the end of every turn of the process, with the turn's time. */
  turnEnded(t: number): void {
    const waiting = this.#waitingBytes
    const left = this.#window - (t - this.#lastFlush) / 1e6
    if (waiting === 0) this.#arm(QUIET_MILLIS)
    else if (waiting >= FLUSH_BYTES || left <= 0) this.#flush(t)
    else this.#arm(Math.ceil(left))
  }

  /** Writes what there is, and up to when that is everything. Only between turns: a turn's events share one `t`. */
  flush(): void {
    this.#flush(this.#clock.now())
  }

  /** Writes what there is before anything else leaves in the turn of `t`, the present one. */
  flushWithin(t: number): void {
    this.#flush(t)
    this.#sink()?.flush()
  }

  /** Falls silent, as a stopped process does, until it is called with false. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    if (isPaused) this.#disarm()
    else this.flush()
  }

  get #waitingBytes(): number {
    return this.#closedBytes + (this.#open?.writer.length ?? 0)
  }

  #write(t: number, body: EventBody): void {
    this.#n += 1
    this.#lastT = t
    this.#open ??= openFrame()
    const { writer } = this.#open
    writeEventBody(writer, this.#node, this.#n, t, body)
    if (writer.length >= FRAME_BYTES) this.#close(t)
  }

  /** `upTo`: nothing earlier is left to say. */
  #close(upTo: number): void {
    const { writer, from } = this.#open ?? openFrame()
    writer.view.setFloat64(from, upTo, true)
    endFrame(writer, 0)
    const frame = writer.finish()
    this.#closed.push(frame)
    this.#closedBytes += frame.length
    this.#open = undefined
  }

  #flush(now: number): void {
    this.#disarm()
    const millis = Math.max((now - this.#lastFlush) / 1e6, SOON_MILLIS)
    this.#lastFlush = now
    const sink = this.#sink()
    if (sink !== undefined && sink.backlog <= MAX_BACKLOG) this.#send(sink, Math.max(now, this.#lastT), millis)
    if (!this.#isPaused) this.#arm(this.#waitingBytes > 0 ? this.#window : QUIET_MILLIS)
  }

  /** `millis`: how long that took to gather. */
  #send(sink: Sink, now: number, millis: number): void {
    if (this.#shed > 0) {
      const shed = this.#shed
      this.#shed = 0
      this.#write(now, { kind: 'gap', subject: this.#node, shed, reason: 'telemetry-backlog' })
    }
    this.#close(now)
    this.#window = this.#closedBytes > BUSY_BYTES_PER_MILLI * millis ? BUSY_MILLIS : SOON_MILLIS
    for (const frame of this.#closed) sink.sendEncoded(frame)
    this.#closed = []
    this.#closedBytes = 0
  }

  /** A timer that runs already stays, but one for a sign of life gives way to one for events. */
  #arm(millis: number): void {
    if (this.#isPaused) return
    if (this.#timer !== undefined) {
      if (millis === QUIET_MILLIS || this.#isBusy) return
      clearTimeout(this.#timer)
    }
    this.#isBusy = millis !== QUIET_MILLIS
    this.#timer = setTimeout(() => this.flush(), millis)
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function openFrame(): OpenFrame {
  const writer = new ByteWriter(FIRST_CAPACITY)
  beginFrame(writer, 'events')
  return { writer, from: writer.reserve(8) }
}
