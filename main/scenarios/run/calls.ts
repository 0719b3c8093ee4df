/** The calls of a scenario's clients, by the names that it gave them. */
import type { CallResult } from '../../cluster'

export class Calls {
  readonly #named = new Map<string, CallResult | undefined>()
  readonly #listeners = new Set<() => void>()
  readonly #open = new Set<Promise<unknown>>()

  /** Undefined in it = it has no answer yet. */
  get named(): ReadonlyMap<string, CallResult | undefined> {
    return this.#named
  }

  onAnswer(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Keeps what comes of it under its name, if it has one. */
  async follow(name: string | undefined, call: Promise<CallResult>): Promise<CallResult> {
    if (name !== undefined) this.#named.set(name, undefined)
    this.#open.add(call)
    try {
      const result = await call
      if (name !== undefined) this.#named.set(name, result)
      return result
    } finally {
      this.#open.delete(call)
      for (const listener of this.#listeners) listener()
    }
  }

  /** When all that were begun have come to an end. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }
}
