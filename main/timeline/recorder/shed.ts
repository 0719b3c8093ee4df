/**
 * What a recorder lets go of when the disk does not keep up: first what only tells the story of messages and timers.
 * Everything that a state is made of stays. What was shed is counted, and a `gap` event says so in its place.
 */
import type { EventKind, ReportedEvent } from '../../node/contract/events'

/** Kinds that are shed under load; a fold goes on without them (a leader's progress, timers and sums of load may then be stale). */
const SHEDDABLE: ReadonlySet<EventKind> = new Set<EventKind>([
  'sent',
  'received',
  'dropped',
  'copied',
  'progress',
  'remark',
  'timer',
  'read',
  'load',
])

function isSheddable(event: ReportedEvent): boolean {
  // These two remarks are all that tells whether a node sleeps.
  if (event.kind === 'remark' && (event.name === 'quiesced' || event.name === 'woken')) return false
  return SHEDDABLE.has(event.kind)
}

/** While shedding goes on, a gap is written at least this often: nanoseconds of `t`. */
const GAP_INTERVAL = 1_000_000_000

export class Shedder {
  readonly #counts = new Map<number, number>()
  #reason = ''
  #firstT = 0
  #lastT = 0

  /** The events that pass, with a gap where one is due. `reason` is why to shed now; empty: let everything pass. */
  pass(events: readonly ReportedEvent[], reason: string): readonly ReportedEvent[] {
    if (reason === '') return this.#counts.size === 0 ? events : [...this.gaps(), ...events]
    const kept: ReportedEvent[] = []
    for (const event of events) {
      if (isSheddable(event)) this.#count(event, reason)
      else kept.push(event)
    }
    if (this.#counts.size > 0 && this.#lastT - this.#firstT >= GAP_INTERVAL) kept.push(...this.gaps())
    return kept
  }

  /** One gap for each reporter of which something was shed since the last; counts from zero again. */
  gaps(): ReportedEvent<'gap'>[] {
    const gaps = Array.from(
      this.#counts,
      ([subject, shed]): ReportedEvent<'gap'> => ({
        kind: 'gap',
        node: 0,
        // The recorder's own: no reporter counts it.
        n: 0,
        t: this.#lastT,
        subject,
        shed,
        reason: this.#reason,
      }),
    )
    this.#counts.clear()
    return gaps.sort((a, b) => a.subject - b.subject)
  }

  #count(event: ReportedEvent, reason: string): void {
    if (this.#counts.size === 0) this.#firstT = this.#lastT = event.t
    this.#counts.set(event.node, (this.#counts.get(event.node) ?? 0) + 1)
    this.#lastT = Math.max(this.#lastT, event.t)
    this.#reason = reason
  }
}
