import type { Entry, Term } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { same, show, Violation } from './invariant'

/**
 * Log Matching: if two logs contain an entry with the same index and term, then the logs are identical in all entries
 * up through the given index.
 *
 * By induction: it is enough that an entry of one index and term is always the same and always has a predecessor of the
 * same term. So only entries that are new in a log have to be looked at.
 */
export class LogMatching implements Invariant {
  readonly name = 'Log Matching'
  readonly section = 'paper Figure 3, §5.3'
  readonly #known = new Map<string, { readonly entry: Entry; readonly previousTerm: Term }>()

  afterStep({ node, before, effects, log }: StepView): void {
    const fresh = before ? (effects.write?.entries ?? []) : log
    for (const entry of fresh) {
      const previousTerm = log[entry.index - 2]?.term ?? 0
      const key = `${entry.index}@${entry.term}`
      const known = this.#known.get(key)
      if (!known) {
        this.#known.set(key, { entry, previousTerm })
      } else if (!same(known.entry, entry) || known.previousTerm !== previousTerm) {
        const other = `${show(known.entry)} after term ${known.previousTerm}`
        throw new Violation(this, `node ${node} has ${show(entry)} after term ${previousTerm}, another log ${other}`)
      }
    }
  }
}
