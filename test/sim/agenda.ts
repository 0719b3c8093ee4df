/** What is to happen when, in virtual time: a binary heap. Things due at the same time come in the order they were added. */
interface Item<T> {
  readonly time: number
  readonly order: number
  readonly what: T
}

export class Agenda<T> {
  readonly #heap: Item<T>[] = []
  #added = 0

  add(time: number, what: T): void {
    const item = { time, order: this.#added++, what }
    let at = this.#heap.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (before(this.#heap[parent]!, item)) break
      this.#heap[at] = this.#heap[parent]!
      at = parent
    }
    this.#heap[at] = item
  }

  take(): { readonly time: number; readonly what: T } | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (this.#heap.length === 0 || !last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#heap.length) break
      if (child + 1 < this.#heap.length && before(this.#heap[child + 1]!, this.#heap[child]!)) child += 1
      if (before(last, this.#heap[child]!)) break
      this.#heap[at] = this.#heap[child]!
      at = child
    }
    this.#heap[at] = last
    return first
  }
}

function before<T>(a: Item<T>, b: Item<T>): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}
