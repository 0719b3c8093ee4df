/** A timeline in memory, which counts what is read of it. */
import type { TimelineEvent } from '../../../main/node/contract/events'
import type { EventRange, TimelineSource } from '../../../main/timeline/api'

const BLOCK = 1_000

export class MemoryTimeline {
  read = 0
  readonly #events: readonly TimelineEvent[]

  constructor(events: readonly TimelineEvent[]) {
    this.#events = events
  }

  get source(): TimelineSource {
    return this as unknown as TimelineSource
  }

  info() {
    return { events: this.#events.length }
  }

  async events(range: EventRange, limit: number): Promise<readonly TimelineEvent[]> {
    const found: TimelineEvent[] = []
    for await (const batch of this.scan(range)) found.push(...batch)
    return found.slice(0, limit)
  }

  async *scan(range: EventRange, signal?: AbortSignal): AsyncGenerator<readonly TimelineEvent[]> {
    const { fromSeq = 0, toSeq = this.#events.length } = range
    const { fromT = Number.NEGATIVE_INFINITY, toT = Number.POSITIVE_INFINITY } = range
    const chosen = this.#events.slice(Math.max(0, fromSeq), toSeq)
    for (let at = 0; at < chosen.length; at += BLOCK) {
      signal?.throwIfAborted()
      const batch = chosen.slice(at, at + BLOCK).filter(({ t }) => t >= fromT && t < toT)
      this.read += Math.min(BLOCK, chosen.length - at)
      if (batch.length > 0) yield batch
    }
  }
}
