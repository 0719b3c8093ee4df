/** A disk that takes its time. */
import type { NodeFault } from '../contract/conditions'

export class SlowDisk {
  readonly #fault: Extract<NodeFault, { type: 'slow-disk' }>
  /** 0…1, never 1. */
  readonly #random: () => number
  readonly #wakers = new Set<() => void>()

  constructor(fault: Extract<NodeFault, { type: 'slow-disk' }>, random: () => number) {
    this.#fault = fault
    this.#random = random
  }

  /** As long as one operation takes longer. */
  async wait(): Promise<void> {
    const { delayMs, jitterMs } = this.#fault
    const millis = Math.max(0, delayMs + (2 * this.#random() - 1) * jitterMs)
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, millis)
      this.#wakers.add(wake)
    })
  }

  /** Nobody waits any longer. */
  heal(): void {
    for (const wake of this.#wakers) wake()
  }
}
