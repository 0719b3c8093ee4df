/** Remembers what was loaded last, up to a weight; loads the same thing once when several ask at the same time. */
export class Cache<K, V> {
  readonly #limit: number
  readonly #held = new Map<K, { readonly weight: number; readonly value: Promise<V> }>()
  #weight = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: K, weight: number, load: () => Promise<V>): Promise<V> {
    const held = this.#held.get(key)
    if (held !== undefined) {
      // Maps keep the order of insertion: the last used goes to the end.
      this.#held.delete(key)
      this.#held.set(key, held)
      return held.value
    }
    const value = load()
    this.#held.set(key, { weight, value })
    this.#weight += weight
    value.catch(() => this.#drop(key))
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.#limit || oldest === key) break
      this.#drop(oldest)
    }
    return value
  }

  #drop(key: K): void {
    const held = this.#held.get(key)
    if (held !== undefined && this.#held.delete(key)) this.#weight -= held.weight
  }
}
