/** One node's announced log, and what the node has said since: it waits until it is known what is in the log. */
import type { ReportedEvent } from '../../node/contract/events'
import type { LogRun } from '../../node/contract/log-run'
import type { Entry } from '../../raft/types'
import type { EventSink } from '../api'

type Held = { readonly events: readonly ReportedEvent[] } | { readonly mark: number }

export class AnnouncedLog {
  readonly node: number
  readonly runs: readonly LogRun[]
  /** It may be asked once: it forgets what it is not asked for then. */
  hasAsked = false
  readonly #known: (readonly Entry[] | undefined)[]
  readonly #sink: EventSink
  readonly #ask: (runs: readonly number[]) => void
  #held: Held[] = []
  /** The runs whose events have gone their way. */
  #told = 0
  /** The node has nothing earlier left to say. */
  #mark = 0
  #waits = true

  constructor(
    node: number,
    runs: readonly LogRun[],
    known: readonly (readonly Entry[] | undefined)[],
    sink: EventSink,
    ask: (runs: readonly number[]) => void,
  ) {
    this.node = node
    this.runs = runs
    this.#known = [...known]
    this.#sink = sink
    this.#ask = ask
  }

  /** Something that it waits for is not known. */
  get waits(): boolean {
    return this.#waits
  }

  /** Nothing that comes has to be made whole. */
  get isOver(): boolean {
    return !this.#waits && this.#told === this.runs.length
  }

  /** The places of the runs that are not known. */
  get unknown(): readonly number[] {
    return [...this.runs.keys()].filter((place) => this.#known[place] === undefined)
  }

  ask(): void {
    this.hasAsked = true
    this.#ask(this.unknown)
  }

  learn(entriesOf: (run: LogRun) => readonly Entry[] | undefined): void {
    for (const [place, run] of this.runs.entries()) this.#known[place] ??= entriesOf(run)
    if (!this.#waits || this.unknown.length > 0) return
    // The node need not keep them any longer.
    if (!this.hasAsked) this.ask()
    this.settle()
  }

  /** What has waited goes its way, with what is known. */
  settle(): void {
    this.#waits = false
    for (const held of this.#held.splice(0)) {
      if ('mark' in held) this.#sink.watermark(this.node, held.mark)
      else this.#report(held.events)
    }
  }

  report(events: readonly ReportedEvent[]): void {
    if (!this.#waits) {
      this.#report(events)
      return
    }
    if (!this.#held.some((held) => 'events' in held)) this.#mark = Math.max(this.#mark, events[0]?.t ?? 0)
    this.#held.push({ events })
  }

  watermark(t: number): void {
    if (!this.#waits || t === Number.POSITIVE_INFINITY) {
      this.#sink.watermark(this.node, t)
      return
    }
    this.#held.push({ mark: t })
    // It is heard of, and what happened later is to wait for it.
    this.#sink.watermark(this.node, this.#mark)
  }

  #report(events: readonly ReportedEvent[]): void {
    this.#sink.report(this.#told === this.runs.length ? events : events.map((event) => this.#whole(event)))
  }

  /** The first `appended` events are the runs, in their order. */
  #whole(event: ReportedEvent): ReportedEvent {
    if (event.kind !== 'appended' || this.#told === this.runs.length) return event
    const entries = this.#known[this.#told++]
    return entries?.length === event.count ? { ...event, entries } : event
  }
}
