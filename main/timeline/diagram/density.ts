/** How many events there were over the whole recording: a histogram whose bars widen as time goes on. */
import { MILLI } from './camera'

const BARS = 640

export class Density {
  /** Nanoseconds per bar. */
  width = 10 * MILLI
  readonly counts = new Float64Array(BARS)
  /** 1 where the events are known; elsewhere the recording has not been read. */
  readonly known = new Uint8Array(BARS)
  #last = -1

  add(t: number): void {
    while (t >= this.width * BARS) this.#widen()
    const bar = Math.floor(Math.max(0, t) / this.width)
    this.counts[bar] = (this.counts[bar] ?? 0) + 1
    // Events follow on each other: between two of them nothing happened.
    this.known.fill(1, this.#last < 0 || this.#last > bar ? bar : this.#last, bar + 1)
    this.#last = bar
  }

  /** Counts a loaded window of a recording: bars that it covers whole are set, never added to twice. */
  replace(times: readonly number[]): void {
    const first = times[0]
    const last = times.at(-1)
    if (first === undefined || last === undefined) return
    while (last >= this.width * BARS) this.#widen()
    this.known.fill(1, Math.floor(first / this.width), Math.floor(last / this.width) + 1)
    this.#last = Math.floor(last / this.width)
    const fresh = new Map<number, number>()
    for (const t of times) {
      const bar = Math.floor(t / this.width)
      fresh.set(bar, (fresh.get(bar) ?? 0) + 1)
    }
    for (let bar = Math.floor(first / this.width); bar <= Math.floor(last / this.width); bar++) {
      this.counts[bar] = Math.max(this.counts[bar] ?? 0, fresh.get(bar) ?? 0)
    }
  }

  /** Takes over counts of the whole of a recording, in equal parts of time from 0 to `to`. */
  overlay(to: number, counts: readonly number[]): void {
    this.width = Math.max(1, to / BARS)
    this.counts.fill(0)
    this.known.fill(1)
    const share = BARS / counts.length
    for (const [place, count] of counts.entries()) {
      const bar = Math.min(BARS - 1, Math.floor(place * share))
      this.counts[bar] = (this.counts[bar] ?? 0) + count
    }
    this.#last = BARS - 1
  }

  #widen(): void {
    for (let bar = 0; bar < BARS; bar++) {
      const pair = bar * 2
      this.counts[bar] = pair < BARS ? (this.counts[pair] ?? 0) + (this.counts[pair + 1] ?? 0) : 0
      this.known[bar] = pair < BARS ? (this.known[pair] ?? 0) | (this.known[pair + 1] ?? 0) : 0
    }
    this.#last = this.#last < 0 ? -1 : this.#last >> 1
    this.width *= 2
  }
}
