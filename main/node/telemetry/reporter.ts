/**
 * Collects this process's events and writes them to the supervisor: at the end of a turn when the last write is 2 ms
 * old, else by a timer, so that a SIGKILL takes at most the last 2 ms with it; every 50 ms when there is nothing to say,
 * so that the workbench knows up to when it has heard everything.
 */
import type { Clock } from '../clock'
import type { EventKind, ReportedEvent } from '../contract/events'
import type { Frame } from '../contract/frames'
import { type EventBody, placed } from './event-body'

const FLUSH_MILLIS = 2
const QUIET_MILLIS = 50
/** A frame of events is closed when it has about this many bytes. */
const FRAME_BYTES = 512 << 10
/** Beyond this the supervisor is not reading: events wait here. */
const MAX_BACKLOG = 32 << 20
/** Beyond this many waiting events, those that tell no state are left out. */
const MAX_WAITING = 50_000

/** Nobody's state is lost with these: a fold never needs them. */
const DISPENSABLE: ReadonlySet<EventKind> = new Set(['sent', 'received', 'dropped', 'remark', 'timer', 'stats'])

/** The supervisor's end, as far as the reporter needs it. */
export interface Sink {
  readonly backlog: number
  send(frame: Frame): boolean
}

export class Reporter {
  readonly #node: number
  readonly #clock: Clock
  readonly #sink: () => Sink | undefined
  #waiting: ReportedEvent[] = []
  #n = 0
  #shed = 0
  #lastFlush = 0
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

  /** Adds an event that happened at `t`; never earlier than the one before. */
  report(t: number, body: EventBody): void {
    if (this.#waiting.length >= MAX_WAITING && DISPENSABLE.has(body.kind)) {
      this.#shed += 1
      return
    }
    this.#n += 1
    this.#waiting.push(placed(body, this.#node, this.#n, t))
  }

  /** To be called at the end of every turn of the process. */
  turnEnded(): void {
    if (this.#clock.now() - this.#lastFlush >= FLUSH_MILLIS * 1e6 && this.#waiting.length > 0) this.flush()
    else this.#arm(this.#waiting.length > 0 ? FLUSH_MILLIS : QUIET_MILLIS)
  }

  /** Writes what there is, and up to when that is everything. Only between turns: a turn's events share one `t`. */
  flush(): void {
    this.#disarm()
    const now = this.#clock.now()
    this.#lastFlush = now
    const sink = this.#sink()
    if (sink !== undefined && sink.backlog <= MAX_BACKLOG) this.#write(sink, now)
    if (!this.#isPaused) this.#arm(this.#waiting.length > 0 ? FLUSH_MILLIS : QUIET_MILLIS)
  }

  /** Falls silent, as a stopped process does, until it is called with false. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    if (isPaused) this.#disarm()
    else this.flush()
  }

  #write(sink: Sink, now: number): void {
    if (this.#shed > 0) {
      const shed = this.#shed
      this.#shed = 0
      this.#n += 1
      const gap: EventBody<'gap'> = { kind: 'gap', subject: this.#node, shed, reason: 'telemetry-backlog' }
      this.#waiting.push(placed(gap, this.#node, this.#n, now))
    }
    const events = this.#waiting
    this.#waiting = []
    let from = 0
    let bytes = 0
    for (const [at, event] of events.entries()) {
      bytes += weight(event)
      if (bytes < FRAME_BYTES || at === events.length - 1) continue
      sink.send({ type: 'events', upTo: event.t, events: events.slice(from, at + 1) })
      from = at + 1
      bytes = 0
    }
    sink.send({ type: 'events', upTo: now, events: from === 0 ? events : events.slice(from) })
  }

  /** A timer that runs already stays, but one for a sign of life gives way to one for events. */
  #arm(millis: number): void {
    if (this.#isPaused) return
    if (this.#timer !== undefined) {
      if (millis === QUIET_MILLIS || this.#isBusy) return
      clearTimeout(this.#timer)
    }
    this.#isBusy = millis === FLUSH_MILLIS
    this.#timer = setTimeout(() => this.flush(), millis)
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** About how many bytes an event takes. */
function weight(event: ReportedEvent): number {
  if (event.kind !== 'appended') return 100
  return event.entries.reduce((sum, entry) => sum + 26 + entry.data.length, 100)
}

/** Entries in runs of about `maxBytes`, for events that must stay small; a larger entry goes alone. */
export function* inRuns<E extends { readonly data: Uint8Array }>(
  entries: readonly E[],
  maxBytes: number,
): Generator<readonly E[]> {
  let from = 0
  let bytes = 0
  for (const [at, entry] of entries.entries()) {
    if (at > from && bytes + entry.data.length > maxBytes) {
      yield entries.slice(from, at)
      from = at
      bytes = 0
    }
    bytes += entry.data.length + 26
  }
  if (from < entries.length) yield entries.slice(from)
}
