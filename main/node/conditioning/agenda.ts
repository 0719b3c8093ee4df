/** What is to be done when its time has come: the earliest first, those of one time in the order in which they were put. */

interface Item {
  readonly due: number
  readonly order: number
  readonly then: (now: number) => void
}

/** A binary heap: every item is at least as early as its two below. */
export class Agenda {
  readonly #items: Item[] = []
  #order = 0

  /** When the next one is due; Infinity = there is none. */
  get next(): number {
    return this.#items[0]?.due ?? Number.POSITIVE_INFINITY
  }

  put(due: number, then: (now: number) => void): void {
    this.#order += 1
    const item = { due, order: this.#order, then }
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = items[above] as Item
      if (!isBefore(item, other)) break
      items[at] = other
      at = above
    }
    items[at] = item
  }

  /** Does all that is due at `now`, also what is put for then meanwhile. */
  run(now: number): void {
    while (this.next <= now) this.#take().then(now)
  }

  #take(): Item {
    const items = this.#items
    const first = items[0] as Item
    const last = items.pop() as Item
    if (items.length > 0) this.#sink(last)
    return first
  }

  #sink(item: Item): void {
    const items = this.#items
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      const left = items[below]
      if (left === undefined) break
      const right = items[below + 1]
      const other = right !== undefined && isBefore(right, left) ? right : left
      if (other === right) below += 1
      if (!isBefore(other, item)) break
      items[at] = other
      at = below
    }
    items[at] = item
  }
}

function isBefore(a: Item, b: Item): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}
