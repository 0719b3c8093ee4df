/** Which states can come of which: by calls that add to what is there, in the calls of one part. */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'

export class Growth<I, O> {
  readonly #model: Model<I, O>
  /** What calls add, and how long that is. */
  readonly #added = new Set<string>()
  readonly #lengths: readonly number[]

  constructor(model: Model<I, O>, operations: readonly Operation<I, O>[]) {
    this.#model = model
    for (const { input } of operations) {
      const added = model.adds(input)
      if (added !== undefined) this.#added.add(added)
    }
    this.#lengths = [...new Set(Array.from(this.#added, (text) => text.length))]
  }

  /** Whether some call can have added the end of it. */
  isGrown(state: string): boolean {
    return this.#lengths.some((length) => length <= state.length && this.#added.has(state.slice(state.length - length)))
  }

  /** Whether a state, which may be grown or not, can come of another one, or is it. */
  comesOf(state: string, isGrown: boolean, start: string): boolean {
    return state === start || (isGrown && this.#model.growsFrom(state, start))
  }
}

/** States that calls are about, and how many of those calls are left. */
export class Pending<I, O> {
  readonly #growth: Growth<I, O>
  /** In the order of texts: all that begins with one follows it at once. */
  readonly #states: readonly string[]
  readonly #areGrown: readonly boolean[]
  readonly #calls: Int32Array
  /** Of each call: its place in the list; −1 = it is about none. */
  readonly #of: Int32Array

  constructor(growth: Growth<I, O>, states: readonly (string | undefined)[]) {
    this.#growth = growth
    this.#states = [...new Set(states.filter((state) => state !== undefined))].sort(byText)
    this.#areGrown = this.#states.map((state) => growth.isGrown(state))
    this.#calls = new Int32Array(this.#states.length)
    const places = new Map(this.#states.map((state, place) => [state, place]))
    this.#of = Int32Array.from(states, (state) => (state === undefined ? -1 : (places.get(state) ?? -1)))
    for (const call of states.keys()) this.change(call, 1)
  }

  /** @param by −1: the call was taken; 1: it is to be taken again */
  change(call: number, by: 1 | -1): void {
    const place = this.#of[call] as number
    if (place >= 0) this.#calls[place] = (this.#calls[place] as number) + by
  }

  /** Whether any that is left is about what calls can make of `start` by adding to it. */
  someGrown(start: string): boolean {
    for (let place = this.#firstFrom(start); place < this.#states.length; place++) {
      const state = this.#states[place] as string
      if (!state.startsWith(start)) return false
      if (this.#calls[place] === 0 || state === start || this.#areGrown[place] !== true) continue
      if (this.#growth.comesOf(state, true, start)) return true
    }
    return false
  }

  #firstFrom(start: string): number {
    let [low, high] = [0, this.#states.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#states[middle] as string) < start) low = middle + 1
      else high = middle
    }
    return low
  }
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
