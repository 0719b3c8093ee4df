/** What nobody waits for gives way to what a person has just asked. */
import { setTimeout as rest } from 'node:timers/promises'

/** Milliseconds after an answer in which the next question is likely. */
const SOON = 40
const LOOK_EVERY = 10

export class Courtesy {
  #asking = 0
  #answeredAt = Number.NEGATIVE_INFINITY

  /** Does something that a person waits for. */
  async serve<T>(work: () => Promise<T>): Promise<T> {
    this.#asking++
    try {
      return await work()
    } finally {
      this.#asking--
      this.#answeredAt = performance.now()
    }
  }

  /**
   * Resolves when nobody waits, and `most` milliseconds later at the latest: some questions take long, and some never end.
   * Rejects when `signal` is aborted.
   */
  async giveWay(most: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + most
    while (this.#isAsked && performance.now() < until) await rest(LOOK_EVERY, undefined, { signal })
  }

  get #isAsked(): boolean {
    return this.#asking > 0 || performance.now() - this.#answeredAt < SOON
  }
}
