/**
 * Which states are still asked for, and which can still come: a state that some answer needs must not be left when nothing
 * brings it back. With values that are written once, this leads a search straight on.
 */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'

export class Demand<I, O> {
  readonly #model: Model<I, O>
  readonly #needed = new Map<string, number>()
  readonly #makers = new Map<string, number>()
  /** Calls that make something of what was there: they may bring back any state that grows from another. */
  #growing = 0

  constructor(model: Model<I, O>, operations: readonly Operation<I, O>[]) {
    this.#model = model
    for (const operation of operations) this.change(operation, 1)
  }

  /** @param by −1: the call was taken; 1: it is to be taken again */
  change({ input, output }: Operation<I, O>, by: 1 | -1): void {
    const needed = output === undefined ? undefined : this.#model.needs(input, output)
    if (needed !== undefined) this.#needed.set(needed, (this.#needed.get(needed) ?? 0) + by)
    if (this.#model.onlyLooks(input, output)) return
    const made = this.#model.makes(input)
    if (made === undefined) this.#growing += by
    else this.#makers.set(made, (this.#makers.get(made) ?? 0) + by)
  }

  /** Whether an answer that is still to be given needs `state`, and no call can bring it back from `now`. */
  isLost(state: string, now: string): boolean {
    if ((this.#needed.get(state) ?? 0) === 0) return false
    if (this.#growing === 0) return (this.#makers.get(state) ?? 0) === 0
    if (this.#model.growsFrom(state, now)) return false
    for (const [made, count] of this.#makers) {
      if (count > 0 && this.#model.growsFrom(state, made)) return false
    }
    return true
  }
}
