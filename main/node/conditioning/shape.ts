/** What one rule of the kind `shape` does with its messages; the order of steps stands in `contract/conditions/links.ts`. */
import { MAX_OVERTAKEN_BY, REORDER_WITHIN_MS, type Shape } from '../contract/conditions'
import type { FieldsOf } from '../contract/events'
import type { Arrival } from './arrival'
import type { Generator } from './generator'

const NANOS = 1e6

/** What chance wants with one message. */
export interface Fate {
  readonly isDropped: boolean
  readonly isDoubled: boolean
  /** How many messages may overtake it; 0 = none. */
  readonly overtakenBy: number
  /** Milliseconds, with its jitter. */
  readonly delay: number
}

/** Draws as many numbers (DRAWS) for every message, whatever they are needed for. */
export function fateOf(shape: Shape, random: Generator): Fate {
  const isDropped = random() * 100 < shape.dropPercent
  const isDoubled = random() * 100 < shape.duplicatePercent
  const isSetAside = random() * 100 < shape.reorderPercent
  const by = 1 + Math.floor(random() * MAX_OVERTAKEN_BY)
  const jitter = (2 * random() - 1) * shape.jitterMs
  return {
    isDropped,
    isDoubled,
    overtakenBy: isSetAside ? by : 0,
    delay: Math.max(0, shape.delayMs + jitter),
  }
}

/** What becomes of messages outside of their rule. */
export interface Outlet {
  deliver(one: Arrival): void
  drop(one: Arrival, reason: FieldsOf<'dropped'>['reason']): void
  /** Names and tells a copy. */
  copy(one: Arrival, by: FieldsOf<'copied'>['by']): Arrival
  /** Room for one that has to wait; false: there is none. */
  reserve(one: Arrival): boolean
  free(one: Arrival): void
  /** Calls `then` when the links' time has come to `due` (nanoseconds). Those of one time in the order in which they were put. */
  at(due: number, then: (now: number) => void): void
}

/** A message with its copy right behind it. */
interface Group {
  readonly arrivals: readonly Arrival[]
  /** They came in this order. */
  readonly number: number
  /** When it left its sender. What was set aside goes on from when it was overtaken instead. */
  readonly sent: number
  readonly delay: number
  /** It was set aside: its messages have their room. */
  readonly isKept: boolean
  /** Messages that may still overtake it. */
  left: number
}

/** One rule of one link. Times are nanoseconds of the links' time, which stands while the cluster is stopped. */
export class Lane {
  readonly #shape: Shape
  readonly #random: Generator
  readonly #outlet: Outlet
  #count = 0
  /** Set aside, in the order in which they came. */
  #aside: Group[] = []
  /** Those that wait for their time. */
  #delayed = 0
  #lastDue = Number.NEGATIVE_INFINITY
  /** When the last byte of what was taken so far has gone through. */
  #through = Number.NEGATIVE_INFINITY

  constructor(shape: Shape, random: Generator, outlet: Outlet) {
    this.#shape = shape
    this.#random = random
    this.#outlet = outlet
  }

  /** `sent`: when it left its sender, from where on it is on its way. */
  take(one: Arrival, sent: number, now: number): void {
    const outlet = this.#outlet
    const { isDropped, isDoubled, overtakenBy, delay } = fateOf(this.#shape, this.#random)
    if (isDropped) {
      outlet.drop(one, 'lost')
      return
    }
    this.#count += 1
    const all = isDoubled ? [one, outlet.copy(one, 'rule')] : [one]
    const isKept = overtakenBy > 0
    const arrivals = isKept ? all.filter((arrival) => this.#keep(arrival)) : all
    const group = { arrivals, number: this.#count, sent, delay, isKept, left: overtakenBy }
    if (isKept) this.#setAside(group, now)
    else this.#pass(group, now)
  }

  /** The rule holds no more: what it has set aside goes on, in order. What is delayed keeps its time. */
  close(now: number): void {
    const aside = this.#aside
    this.#aside = []
    for (const group of aside) this.#leave(group, now)
  }

  #keep(one: Arrival): boolean {
    if (this.#outlet.reserve(one)) return true
    this.#outlet.drop(one, 'hold-full')
    return false
  }

  #setAside(group: Group, now: number): void {
    if (group.arrivals.length === 0) return
    this.#aside.push(group)
    this.#outlet.at(now + REORDER_WITHIN_MS * NANOS, (then) => {
      const place = this.#aside.indexOf(group)
      if (place < 0) return
      this.#aside.splice(place, 1)
      this.#pass(group, then)
    })
  }

  /** It goes on, and whoever has been overtaken often enough goes right behind it. */
  #pass(group: Group, now: number): void {
    const ready = [group]
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      this.#leave(next, now)
      if (this.#aside.length === 0) continue
      for (const one of this.#aside) if (one.number < next.number) one.left -= 1
      ready.unshift(...this.#aside.filter(({ left }) => left === 0))
      this.#aside = this.#aside.filter(({ left }) => left > 0)
    }
  }

  #leave({ arrivals, sent, delay, isKept }: Group, now: number): void {
    for (const one of arrivals) this.#forward(one, isKept ? now : sent, delay, isKept, now)
  }

  /** `from`: when it began to go through the link. */
  #forward(one: Arrival, from: number, delay: number, isKept: boolean, now: number): void {
    const { bytesPerSecond } = this.#shape
    const begins = Math.max(from, this.#through)
    const through = bytesPerSecond === 0 ? from : begins + (one.bytes * 1e9) / bytesPerSecond
    const due = Math.max(this.#lastDue, through + delay * NANOS)
    const outlet = this.#outlet
    if (due <= now && this.#delayed === 0) {
      if (isKept) outlet.free(one)
      outlet.deliver(one)
      return
    }
    if (!isKept && !this.#keep(one)) return
    this.#through = through
    this.#lastDue = due
    this.#delayed += 1
    outlet.at(due, () => {
      this.#delayed -= 1
      outlet.free(one)
      outlet.deliver(one)
    })
  }
}
