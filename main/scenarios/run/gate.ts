/** Where a run waits for a person: before each step, when it is asked to. */
export class Gate {
  #isPaused: boolean
  /** Steps that may be taken though it is paused. */
  #granted = 0
  #open: (() => void) | undefined

  constructor(isPaused: boolean) {
    this.#isPaused = isPaused
  }

  get isClosed(): boolean {
    return this.#isPaused && this.#granted === 0
  }

  pause(): void {
    this.#isPaused = true
    this.#granted = 0
  }

  /** One step, then a pause. */
  next(): void {
    this.#isPaused = true
    this.#granted = 1
    this.#open?.()
  }

  flow(): void {
    this.#isPaused = false
    this.#open?.()
  }

  /** Resolves when the next step may be taken. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.isClosed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#open = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      this.#open = undefined
    }
    if (this.#isPaused) this.#granted = 0
  }
}
