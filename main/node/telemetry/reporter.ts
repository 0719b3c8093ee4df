/**
 * Collects this process's events, as bytes from the start, and writes them to the supervisor. When little is said they
 * leave at the end of the turn or within 2 ms, so that a SIGKILL takes at most the last 2 ms with it. When much is said,
 * they leave every 20 ms or 64 KiB, of all nodes at the same moments: fewer writes, and work for others. Every 50 ms when
 * there is nothing to say, so that the workbench knows up to when it has heard everything.
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
/** Until it is less than this: with large batches a busy node says much for a moment, and then little for another. */
const STILL_BUSY_BYTES_PER_MILLI = 8
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
  /** Resolves when there is no backlog. */
  drained(): Promise<void>
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
  /** What was said before it leaves then, or when the turn that lasts then ends. */
  #due = 0
  /** Much is said. */
  #isTalking = false
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

  /** Puts a whole frame between the events before it and those that come. */
  insert(t: number, frame: Uint8Array): void {
    if (this.#open !== undefined) this.#close(t)
    this.#closed.push(frame)
    this.#closedBytes += frame.length
  }

  /** Sends a whole frame, whose place among the events that wait does not matter. */
  beside(frame: Uint8Array): void {
    this.#sink()?.sendEncoded(frame)
  }

  /** Bytes on their way to the supervisor. */
  get backlog(): number {
    return this.#sink()?.backlog ?? 0
  }

  /** Resolves when there are none. */
  async drained(): Promise<void> {
    await this.#sink()?.drained()
  }

  /** To be called at the end of every turn of the process, with the turn's time. */
  turnEnded(t: number): void {
    const waiting = this.#waitingBytes
    const left = (this.#due - t) / 1e6
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
    if (!this.#isPaused) this.#arm(this.#waitingBytes > 0 ? Math.ceil((this.#due - now) / 1e6) : QUIET_MILLIS)
  }

  /** `millis`: how long that took to gather. */
  #send(sink: Sink, now: number, millis: number): void {
    if (this.#shed > 0) {
      const shed = this.#shed
      this.#shed = 0
      this.#write(now, { kind: 'gap', subject: this.#node, shed, reason: 'telemetry-backlog' })
    }
    this.#close(now)
    const least = this.#isTalking ? STILL_BUSY_BYTES_PER_MILLI : BUSY_BYTES_PER_MILLI
    this.#isTalking = this.#closedBytes > least * millis
    this.#due = dueAfter(now, this.#isTalking)
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

/**
 * While much is said, all nodes write at the same moments of the clock that they share: the workbench wakes up once for all of
 * them, which costs it more than what it reads. A timer may be early: who is about to reach such a moment has reached it.
 */
function dueAfter(now: number, isTalking: boolean): number {
  if (!isTalking) return now + SOON_MILLIS * 1e6
  const [soon, every] = [SOON_MILLIS * 1e6, BUSY_MILLIS * 1e6]
  return (Math.floor((now + soon) / every) + 1) * every
}

function openFrame(): OpenFrame {
  const writer = new ByteWriter(FIRST_CAPACITY)
  beginFrame(writer, 'events')
  return { writer, from: writer.reserve(8) }
}
