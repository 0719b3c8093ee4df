/** What nobody waits for gives way to what a person has just asked. */
import { setTimeout as rest } from 'node:timers/promises'

/** Milliseconds after an answer in which the next question is likely. */
const SOON = 40
const LOOK_EVERY = 10

export class Courtesy {
  readonly #changed: (isAsked: boolean) => void
  #asking = 0
  #answeredAt = Number.NEGATIVE_INFINITY

  /** `changed` is told when somebody begins to wait, and when nobody waits any more. */
  constructor(changed: (isAsked: boolean) => void = () => undefined) {
    this.#changed = changed
  }

  /** Whether a person waits for an answer right now. */
  get isAsked(): boolean {
    return this.#asking > 0
  }

  /** Somebody waits for an answer, until {@link answered}. */
  asked(): void {
    if (++this.#asking === 1) this.#changed(true)
  }

  answered(): void {
    this.#answeredAt = performance.now()
    if (--this.#asking === 0) this.#changed(false)
  }

  /** Does something that a person waits for. */
  async serve<T>(work: () => Promise<T>): Promise<T> {
    this.asked()
    try {
      return await work()
    } finally {
      this.answered()
    }
  }

  /**
   * Resolves when nobody waits, and `most` milliseconds later at the latest: some questions take long, and some never end.
   * Rejects when `signal` is aborted.
   */
  async giveWay(most: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + most
    while (this.#isAskedSoon && performance.now() < until) await rest(LOOK_EVERY, undefined, { signal })
  }

  get #isAskedSoon(): boolean {
    return this.isAsked || performance.now() - this.#answeredAt < SOON
  }
}
