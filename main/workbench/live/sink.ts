import type { EventSink } from '../../cluster/api'
import type { ReportedEvent } from '../../node/contract/events'
import type { LogRun } from '../../node/contract/log-run'
import type { Entry } from '../../raft/types'

/**
 * Where a cluster reports from its very first event, though its recorder is still being set up: what comes before is
 * kept in order and handed over then.
 */
export class EarlySink implements EventSink {
  #target: EventSink | undefined
  #waiting: ((target: EventSink) => void)[] = []

  report(events: readonly ReportedEvent[]): void {
    if (this.#target) this.#target.report(events)
    else this.#waiting.push((target) => target.report(events))
  }

  watermark(node: number, t: number): void {
    if (this.#target) this.#target.watermark(node, t)
    else this.#waiting.push((target) => target.watermark(node, t))
  }

  entriesOf(run: LogRun): readonly Entry[] | undefined {
    return this.#target?.entriesOf?.(run)
  }

  /** From here on everything goes straight to `target`. */
  connect(target: EventSink): void {
    for (const hand of this.#waiting) hand(target)
    this.#waiting = []
    this.#target = target
  }
}
