import type { Index } from '../../../main/raft'
import type { Committed } from './committed'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

/**
 * A read without an entry is answered at an index that covers everything that was committed anywhere before it was asked
 * for: so it never misses a write that was acknowledged before it began.
 */
export class LinearizableReads implements Invariant {
  readonly name = 'Linearizable reads'
  readonly section = 'paper §8; dissertation §6.4'
  readonly #committed: Committed
  /** By read: what was committed when it began. */
  readonly #asked = new Map<number, Index>()

  /** `committed` must have seen each step before this. */
  constructor(committed: Committed) {
    this.#committed = committed
  }

  afterStep({ node, input, effects }: StepView): void {
    if (input?.type === 'read') this.#asked.set(input.id, this.#committed.lastIndex)
    for (const read of effects.reads) {
      const least = this.#asked.get(read.id)
      if (least === undefined) throw new Violation(this, `node ${node} answers read ${read.id} twice, or unasked`)
      this.#asked.delete(read.id)
      if (!read.ok) continue
      if (read.index < least) {
        throw new Violation(this, `node ${node} reads at ${read.index}, but ${least} was committed before it was asked`)
      }
      if (read.index > this.#committed.lastIndex) {
        throw new Violation(this, `node ${node} reads at ${read.index}, which nobody committed`)
      }
    }
  }
}
