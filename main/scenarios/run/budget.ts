/** The time of a whole run: it does not go on while a person looks around. */
export class Budget {
  readonly #over: () => void
  #left: number
  #since = 0
  #timer: NodeJS.Timeout | undefined

  constructor(millis: number, over: () => void) {
    this.#left = millis
    this.#over = over
  }

  goOn(): void {
    if (this.#timer !== undefined) return
    this.#since = performance.now()
    this.#timer = setTimeout(this.#over, this.#left)
  }

  stand(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#left = Math.max(0, this.#left - (performance.now() - this.#since))
  }
}
