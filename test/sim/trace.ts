/** What happened, in order: the last of it in words, all of it in one number. */
const KEPT = 80

export class Trace {
  #hash = 0x811c9dc5
  #count = 0
  readonly #last: (() => string)[] = []

  /** `numbers` go into the hash; `words` are made only when somebody has to read them. */
  add(time: number, numbers: readonly number[], words: () => string): void {
    this.#mix(Math.round(time * 1000))
    for (const number of numbers) this.#mix(number)
    this.#last[this.#count % KEPT] = () => `${time.toFixed(3).padStart(10)} ${words()}`
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  /** The same for the same run, and hardly ever for another. */
  get hash(): string {
    return `${this.#count}-${(this.#hash >>> 0).toString(16)}`
  }

  /** The last things that happened, oldest first. */
  tail(): string {
    const start = this.#count % KEPT
    return [...this.#last.slice(start), ...this.#last.slice(0, start)].map((words) => words()).join('\n')
  }

  #mix(number: number): void {
    this.#hash = Math.imul(this.#hash ^ (number | 0), 0x01000193)
    this.#hash ^= this.#hash >>> 15
  }
}
