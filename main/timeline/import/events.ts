/** Numbers the events of a timeline that is made of something else: place, reporter, time that never goes back. */
import type { EventKind, FieldsOf, TimelineEvent } from '../../node/contract/events'

/** Where nothing says when things happened, they happened one after another, so far apart: nanoseconds. */
export const STEP = 1_000_000

export class Numbering {
  readonly #counts = new Map<number, number>()
  #seq = 0
  #t = 0

  /** When nothing says when something happens: a step after what is last. */
  get next(): number {
    return this.#seq === 0 ? 0 : this.#t + STEP
  }

  event<K extends EventKind>(node: number, t: number, kind: K, fields: FieldsOf<K>): TimelineEvent {
    this.#t = Math.max(this.#t, t)
    const n = (this.#counts.get(node) ?? 0) + 1
    this.#counts.set(node, n)
    return { kind, node, n, t: this.#t, seq: this.#seq++, ...fields } as unknown as TimelineEvent
  }
}
