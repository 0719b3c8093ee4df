/** Node 0: what the workbench itself has to say on the timeline. */
import type { EventKind, FieldsOf, ReportedEvent } from '../../node/contract/events'
import type { EventSink } from '../api'

export class Reporter {
  readonly origin: bigint
  readonly sink: EventSink
  #count = 0
  #closed = false

  constructor(origin: bigint, sink: EventSink) {
    this.origin = origin
    this.sink = sink
  }

  /** Nanoseconds since the recording began. */
  now(): number {
    return Number(process.hrtime.bigint() - this.origin)
  }

  report<K extends EventKind>(kind: K, fields: FieldsOf<K>): void {
    if (this.#closed) return
    const event = { kind, node: 0, n: ++this.#count, t: this.now(), ...fields }
    // TypeScript can't see that a kind and its own fields make the event of that kind.
    this.sink.report([event as unknown as ReportedEvent])
  }

  /** The last word. */
  close(): void {
    this.#closed = true
    this.sink.watermark(0, Number.POSITIVE_INFINITY)
  }
}
