/** The summary of a run of events: cells that count them, and the landmarks among them. */
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import { type EventHead, readEventBlock } from '../recording/event-block'
import { CELL_EVENTS, type Cell, count, countWhole, isCounted, newCell } from './cells'
import { isLandmark, mayBeLandmark } from './landmarks'

export interface Summary {
  readonly cells: readonly Cell[]
  readonly landmarks: readonly TimelineEvent[]
}

/** Kinds of which a summary needs the whole event. */
export function wantsWhole(kind: EventKind): boolean {
  return isCounted(kind) || mayBeLandmark(kind)
}

/** Makes summaries of events that come in order. */
export class Summarizer {
  readonly #cellEvents: number
  #cells: Cell[] = []
  #landmarks: TimelineEvent[] = []
  #last: Cell | undefined
  #events = 0

  constructor(cellEvents = CELL_EVENTS) {
    this.#cellEvents = cellEvents
  }

  /** How many came since the last summary was taken. */
  get events(): number {
    return this.#events
  }

  /** An event of which only its kind is known. */
  head(event: EventHead, kind: EventKind): void {
    if (this.#last === undefined || this.#last.events >= this.#cellEvents) {
      this.#last = newCell(event.seq, event.t)
      this.#cells.push(this.#last)
    }
    count(this.#last, event, kind)
    this.#events++
  }

  whole(event: TimelineEvent): void {
    this.head(event, event.kind)
    if (isCounted(event.kind) && this.#last !== undefined) countWhole(this.#last, event)
    else if (isLandmark(event)) this.#landmarks.push(event)
  }

  /** What came since this was asked last. */
  take(): Summary {
    const summary = { cells: this.#cells, landmarks: this.#landmarks }
    this.#cells = []
    this.#landmarks = []
    this.#last = undefined
    this.#events = 0
    return summary
  }
}

/** Of events that are in memory. */
export function summaryOf(events: readonly TimelineEvent[], cellEvents = CELL_EVENTS): Summary {
  const summarizer = new Summarizer(cellEvents)
  for (const event of events) summarizer.whole(event)
  return summarizer.take()
}

/** Of a block of a recording, without making events of what is only counted. Throws `RangeError` as reading it does. */
export function summaryOfBlock(payload: Uint8Array, firstSeq: number, cellEvents = CELL_EVENTS): Summary {
  const summarizer = new Summarizer(cellEvents)
  readEventBlock(payload, firstSeq, {
    wants: wantsWhole,
    whole: (event) => summarizer.whole(event),
    head: (event, kind) => summarizer.head(event, kind),
  })
  return summarizer.take()
}
