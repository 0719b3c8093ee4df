/**
 * Nodes that start with long logs announce them, run by run. Mostly all nodes hold the same, so what is in a run is asked of one of
 * them, and only when no recorded log holds it. What they say meanwhile waits, so that the timeline gets it whole and in order.
 */
import type { ReportedEvent } from '../../node/contract/events'
import { isRun, type LogRun } from '../../node/contract/log-run'
import type { Entry } from '../../raft/types'
import type { EventSink } from '../api'
import { AnnouncedLog } from './announced-log'

/** Nobody waits longer for those who start, or for one who was asked and does not answer (it may stand). */
const PATIENCE_MS = 1_000

/** What the life of a node that has announced its log may say of it. */
export interface Announcement {
  /** What is in the run at this place. False: that is not what was announced. */
  tell(place: number, entries: readonly Entry[]): boolean
  /** It says nothing more. */
  left(): void
}

export class AnnouncedLogs implements EventSink {
  readonly #sink: EventSink
  readonly #logs = new Map<number, AnnouncedLog>()
  /** Told while others wait for the same. */
  readonly #told = new Map<string, readonly Entry[]>()
  #starts = 0
  #impatience: NodeJS.Timeout | undefined

  /** `sink`: where everything goes in the end. */
  constructor(sink: EventSink) {
    this.#sink = sink
  }

  report(events: readonly ReportedEvent[]): void {
    const log = this.#logs.get(events[0]?.node ?? 0)
    if (log === undefined) {
      this.#sink.report(events)
      return
    }
    log.report(events)
    this.#tidy()
  }

  watermark(node: number, t: number): void {
    const log = this.#logs.get(node)
    if (log === undefined) this.#sink.watermark(node, t)
    else log.watermark(t)
  }

  /** Nodes start now: what they need for that is not spent on telling. */
  startsBegin(): void {
    this.#starts++
  }

  startsEnd(): void {
    this.#starts--
    this.#askAll()
  }

  /**
   * The next `appended` events of the node are these runs, without what is in them. `ask` is called once, with the places of
   * those that it has to tell.
   */
  announce(node: number, runs: readonly LogRun[], ask: (runs: readonly number[]) => void): Announcement {
    const known = runs.map((run) => this.#sink.entriesOf?.(run))
    const log = new AnnouncedLog(node, runs, known, this.#sink, ask)
    this.#end(this.#logs.get(node))
    this.#logs.set(node, log)
    this.#learn()
    this.#askAll()
    return {
      tell: (place, entries) => this.#tell(runs[place], entries),
      left: () => {
        if (this.#logs.get(node) === log) this.#end(log)
      },
    }
  }

  #tell(run: LogRun | undefined, entries: readonly Entry[]): boolean {
    if (run === undefined || !isRun(entries, run)) return false
    this.#told.set(nameOf(run), entries)
    this.#learn()
    this.#askAll()
    return true
  }

  #learn(): void {
    for (const log of this.#logs.values()) log.learn((run) => this.#told.get(nameOf(run)))
    this.#tidy()
  }

  #end(log: AnnouncedLog | undefined): void {
    if (log === undefined) return
    log.settle()
    this.#logs.delete(log.node)
    this.#tidy()
    this.#askAll()
  }

  #tidy(): void {
    for (const log of this.#logs.values()) if (log.isOver) this.#logs.delete(log.node)
    if (this.#waiting.length > 0) return
    this.#told.clear()
    clearTimeout(this.#impatience)
    this.#impatience = undefined
  }

  get #waiting(): readonly AnnouncedLog[] {
    return [...this.#logs.values()].filter(({ waits }) => waits)
  }

  /** Each run of one node, in the order in which they came. */
  #askAll(): void {
    if (this.#waiting.length > 0) this.#beImpatient()
    if (this.#starts > 0) return
    const asked = new Set<string>()
    for (const log of this.#waiting) {
      const names = log.unknown.map((place) => nameOf(log.runs[place]))
      // Who has to tell only some of what is not known waits for the others: it is asked once.
      if (!log.hasAsked && !names.some((name) => asked.has(name))) log.ask()
      for (const name of names) asked.add(name)
    }
  }

  #beImpatient(): void {
    this.#impatience ??= setTimeout(() => {
      this.#impatience = undefined
      this.#waiting.find(({ hasAsked }) => !hasAsked)?.ask()
      if (this.#waiting.length > 0) this.#beImpatient()
    }, PATIENCE_MS).unref()
  }
}

/** Under which the same run of another node is found. */
function nameOf(run: LogRun | undefined): string {
  return run === undefined ? '' : `${run.firstIndex} ${run.count} ${run.term} ${run.digest}`
}
