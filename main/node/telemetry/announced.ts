/**
 * The long log that a node found on its disk. Of its entries the workbench knows most, from other nodes; so it is told which runs
 * there are, and what is in one only when it asks. A node that is about to stand still or to end tells the rest unasked.
 */
import { encodeFrame } from '../contract/frames'
import { logRunOf } from '../contract/log-run'
import type { EventBody } from './event-body'
import type { Reporter } from './reporter'
import { appendedRuns } from './runs'

type Run = EventBody<'appended'>

/** Less is told with the start, for asking takes a way there and back. */
const LONG_BYTES = 64 << 10
/** More than this on its way waits until it has left. */
const MAX_BACKLOG = 4 << 20

/** Runs are cut at multiples of this index on every node, so logs have the same runs that were compacted to different places. */
const CUT_EVERY = 4_096

/** The events that hold `entries`, when they are too many to be told with the start. */
export function longRuns(entries: Run['entries']): readonly Run[] {
  const runs: Run[] = []
  for (let from = 0, to = 0; from < entries.length; from = to) {
    to = from + CUT_EVERY - ((entries[from]?.index ?? 0) % CUT_EVERY)
    runs.push(...appendedRuns(entries.slice(from, to), true))
  }
  return runs.reduce((sum, { bytes }) => sum + bytes, 0) < LONG_BYTES ? [] : runs
}

export class Announced {
  readonly #reporter: Reporter
  readonly #untold: Map<number, Run>

  /** Announces the runs: their events come next. */
  constructor(reporter: Reporter, t: number, runs: readonly Run[]) {
    this.#reporter = reporter
    this.#untold = new Map(runs.entries())
    reporter.insert(t, encodeFrame({ type: 'log', runs: runs.map(logRunOf) }))
  }

  /** Tells these, as quickly as they are read; whatever else is known already. */
  async tell(wanted: readonly number[]): Promise<void> {
    for (const place of this.#untold.keys()) if (!wanted.includes(place)) this.#untold.delete(place)
    for (const place of wanted) {
      if (this.#reporter.backlog > MAX_BACKLOG) await this.#reporter.drained()
      const frame = this.#take(place)
      if (frame !== undefined) this.#reporter.beside(frame)
    }
  }

  /** Tells all that is left, with the events of `t`: nobody may be able to ask for it later. */
  tellRest(t: number): void {
    for (const place of [...this.#untold.keys()]) {
      const frame = this.#take(place)
      if (frame !== undefined) this.#reporter.insert(t, frame)
    }
  }

  /** Once. */
  #take(place: number): Uint8Array | undefined {
    const run = this.#untold.get(place)
    this.#untold.delete(place)
    return run && encodeFrame({ type: 'entries', run: place, entries: run.entries })
  }
}
