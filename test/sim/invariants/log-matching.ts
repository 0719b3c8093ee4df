import type { Entry, Index, Position, Term } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

interface Known {
  readonly entry: Entry
  readonly previousTerm: Term
}

/**
 * Log Matching: if two logs contain an entry with the same index and term, then the logs are identical in all entries
 * up through the given index.
 *
 * By induction: it is enough that an entry of one index and term is always the same and always has a predecessor of the
 * same term. So only entries that are new in a log have to be looked at; and a log that begins behind a snapshot begins
 * behind an entry that is known.
 */
export class LogMatching implements Invariant {
  readonly name = 'Log Matching'
  readonly section = 'paper Figure 3, §5.3, §7'
  readonly #known = new Map<number, Known>()

  afterStep({ node, before, effects, log }: StepView): void {
    const { install, compactTo } = effects.write ?? {}
    if (!before) this.#requireKnown(node, log.base)
    if (install) this.#requireKnown(node, install.snapshot)
    if (compactTo) this.#requireKnown(node, compactTo)
    const fresh = before ? (effects.write?.entries ?? []) : log.entries
    for (const entry of fresh) {
      const previousTerm = log.termAt(entry.index - 1)
      // It was compacted away in this same step.
      if (previousTerm === undefined) continue
      const known = this.#known.get(key(entry))
      if (!known) {
        this.#known.set(key(entry), { entry, previousTerm })
      } else if (!same(known.entry, entry) || known.previousTerm !== previousTerm) {
        const other = `${show(known.entry)} after term ${known.previousTerm}`
        throw new Violation(this, `node ${node} has ${show(entry)} after term ${previousTerm}, another log ${other}`)
      } else if (known.entry.type === 'metadata' && entry.type !== 'metadata') {
        this.#known.set(key(entry), { entry, previousTerm })
      }
    }
  }

  #requireKnown(node: number, position: Position): void {
    if (position.index === 0 || this.#known.has(key(position))) return
    throw new Violation(this, `node ${node} begins after ${position.index}@${position.term}, which no log ever held`)
  }
}

function key({ index, term }: { readonly index: Index; readonly term: Term }): number {
  return term * 0x100_0000 + index
}
