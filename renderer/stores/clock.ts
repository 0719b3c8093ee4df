/**
 * The live clock between two updates: it runs with the wall, is never behind the newest update, leans gently back
 * where it ran ahead, never goes back while it is live, and stops soon after updates stop. Times in nanoseconds since the recording began.
 */
const NS_PER_MS = 1e6
/** Beyond this the clock jumps instead of leaning (a new cluster, a suspended laptop). */
const JUMP_NS = 400 * NS_PER_MS
/** It does not run further than this past the last update. */
const COAST_MS = 500
const LEAN = 0.15

export class SmoothClock {
  readonly #now: () => number
  #t = 0
  #at = 0
  #updatedAt = 0
  #shown = 0

  /** @param now milliseconds, monotonic */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  update(t: number): void {
    const now = this.#now()
    const predicted = this.#at === 0 ? t : this.#t + (now - this.#at) * NS_PER_MS
    const ahead = predicted - t
    if (Math.abs(ahead) > JUMP_NS) this.#shown = 0
    // Never behind what is shown; ahead only by as much as news is late, and less and less.
    this.#t = ahead <= 0 || ahead > JUMP_NS ? t : t + ahead * (1 - LEAN)
    this.#at = now
    this.#updatedAt = now
  }

  read(): number {
    if (this.#at === 0) return 0
    const until = Math.min(this.#now(), this.#updatedAt + COAST_MS)
    this.#shown = Math.max(this.#shown, this.#t + Math.max(0, until - this.#at) * NS_PER_MS)
    return this.#shown
  }

  reset(): void {
    this.#t = 0
    this.#at = 0
    this.#updatedAt = 0
    this.#shown = 0
  }
}
