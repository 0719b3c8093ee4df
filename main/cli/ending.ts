/** How a long-running command ends: by Ctrl-C, by its window, or by somebody who stops it. */
export class Ending {
  readonly #controller = new AbortController()
  readonly #stop: () => void

  constructor() {
    let asked = 0
    const onSignal = (): void => {
      // Somebody who asks a third time does not want to wait; the warden ends the nodes then.
      if (++asked >= 3) process.exit(130)
      this.now()
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, onSignal)
    this.#stop = () => {
      for (const signal of signals) process.off(signal, onSignal)
    }
  }

  /** Aborted when the end is wanted. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  now(): void {
    this.#controller.abort()
  }

  /** Resolves when the end is wanted. */
  wait(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  /** Signals mean what they usually mean again. */
  release(): void {
    this.#stop()
  }
}
