/** Who leads, as the nodes tell it themselves: nobody is asked, and nothing is certain. */
import type { ReportedEvent } from '../../node/contract/events'

export class Leading {
  /** The terms in which nodes lead. */
  readonly #terms = new Map<number, number>()

  saw({ node, role, term }: ReportedEvent<'role'>): void {
    if (role === 'leader') this.#terms.set(node, term)
    else this.#terms.delete(node)
  }

  /** The node has a new life, or none any more. */
  forget(node: number): void {
    this.#terms.delete(node)
  }

  /** Of those that count, the leader of the highest term; 0 = none. */
  among(counts: (node: number) => boolean): number {
    const leaders = [...this.#terms].filter(([node]) => counts(node))
    return leaders.sort(([, one], [, other]) => other - one)[0]?.[0] ?? 0
  }
}
