/**
 * The times of a node, turn by turn: the machine's, which every event has, and the core's own; and the timers that wait for them.
 * Within a turn both stand still.
 */
import type { Clock } from '../clock'
import type { Conditioning } from '../conditioning'
import type { FieldsOf } from '../contract/events'
import type { CoreClock } from '../core-clock'
import type { Journal } from '../telemetry/journal'
import { DeadlineTimer } from './deadline'

export interface TimeOptions {
  readonly clock: Clock
  readonly coreClock: CoreClock
  readonly links: Conditioning
  readonly journal: Journal
  /** Something is due: there is to be a turn. */
  readonly wake: () => void
}

export type ClockCause = FieldsOf<'clock'>['cause']

export class NodeTime {
  readonly #options: TimeOptions
  readonly #deadline: DeadlineTimer
  /** For what the links delay. */
  readonly #delays: DeadlineTimer
  #t = 0
  #now = 0
  /** The clock left a stop of the cluster out, which is to be told; what it was before. */
  #slept: { readonly wasTrue: boolean } | undefined

  /** The first turn begins. */
  constructor(options: TimeOptions) {
    const { clock, coreClock, links, wake } = options
    this.#options = options
    this.#deadline = new DeadlineTimer((deadline) => coreClock.wait(deadline, clock.now()), wake)
    this.#delays = new DeadlineTimer((due) => links.wait(due, clock.now()), wake)
    this.begin()
  }

  /** Of the running turn, in nanoseconds of the machine. */
  get t(): number {
    return this.#t
  }

  /** The same moment for the core, in milliseconds. */
  get now(): number {
    return this.#now
  }

  /** A turn begins, at what the machine's clock said last. */
  begin(now: number = this.#options.clock.now()): void {
    this.stamp(now)
    this.#now = this.#options.coreClock.at(this.#t)
  }

  /** What is told from here on happens now; the core's time is not looked at. */
  stamp(now: number = this.#options.clock.now()): void {
    this.#t = now
    this.#options.journal.at(now)
  }

  /** The turn is over: wakes when the core's clock says `deadline`, and when something delayed is due. */
  end(deadline: number): void {
    const { links, wake } = this.#options
    this.#deadline.set(deadline)
    const { next } = links
    if (next === Number.POSITIVE_INFINITY) return
    // A timer would come a millisecond late.
    if (links.wait(next, this.#t) <= 0) wake()
    else this.#delays.set(next)
  }

  /** Wakes no more, until another turn ends. */
  stop(): void {
    this.#deadline.stop()
    this.#delays.stop()
  }

  /** The last `nanos` did not happen for this node; the next turn asks {@link takeSlept}. */
  slept(nanos: number): void {
    const { coreClock, links } = this.#options
    this.stamp()
    this.#slept ??= { wasTrue: coreClock.isTrue(this.#t) }
    coreClock.slept(nanos, this.#t)
    links.slept(nanos, this.#t)
  }

  /** Whether there was such a stop since the last turn, and what the clock was before. */
  takeSlept(): { readonly wasTrue: boolean } | undefined {
    const slept = this.#slept
    this.#slept = undefined
    return slept
  }

  /** The core's clock goes otherwise; tells it when that is not as good as nothing, and returns whether it did. */
  moved(cause: ClockCause, wasTrue: boolean): boolean {
    const { coreClock, journal } = this.#options
    this.#now = coreClock.at(this.#t)
    this.#deadline.reset()
    this.#delays.reset()
    if (wasTrue && coreClock.isTrue(this.#t)) return false
    journal.tell({ kind: 'clock', ...coreClock.describe(this.#t), cause })
    return true
  }
}
