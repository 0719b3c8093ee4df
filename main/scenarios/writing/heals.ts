/** What is taken back comes in many events; here it is gathered until it is known what the user asked for. */

import type { Link } from '../../node/contract/conditions'
import type { TimelineEvent } from '../../node/contract/events'

/** Events of one command come at once; whatever is later is another command. */
const AT_ONCE_NS = 100e6

export interface Healed {
  /** Links that are no longer cut, or have no rules any more. */
  readonly links: readonly Link[]
  /** Nodes whose clock is as the machine's again. */
  readonly clocks: readonly number[]
  /** Faults that waited in a node, or flipped bits, by their ids. */
  readonly others: readonly number[]
  /** Faults that ended, of every kind. */
  readonly ended: number
}

/** Which of what was gathered the next command only replaced. */
export type Replacing = 'cuts' | 'rules' | 'clock' | undefined

export class Heals {
  readonly #cuts = new Map<string, Link>()
  readonly #rules = new Map<string, Link>()
  readonly #clocks = new Set<number>()
  #others: number[] = []
  #ended = 0
  #since = Number.NEGATIVE_INFINITY

  get isEmpty(): boolean {
    return this.#cuts.size + this.#rules.size + this.#clocks.size + this.#others.length + this.#ended === 0
  }

  /** Nothing of the same command comes any more. */
  isOver(t: number): boolean {
    return !this.isEmpty && t - this.#since > AT_ONCE_NS
  }

  link({ from, to, blocked, t }: TimelineEvent<'link'>): void {
    if (blocked) this.#cuts.delete(`${from}>${to}`)
    else this.#note(t, () => this.#cuts.set(`${from}>${to}`, { from, to }))
  }

  rules({ from, to, rules, t }: TimelineEvent<'rules'>): void {
    if (rules !== '') this.#rules.delete(`${from}>${to}`)
    else this.#note(t, () => this.#rules.set(`${from}>${to}`, { from, to }))
  }

  clock(node: number, t: number): void {
    this.#note(t, () => this.#clocks.add(node))
    this.#ended++
  }

  other(id: number, t: number): void {
    this.#note(t, () => this.#others.push(id))
    this.#ended++
  }

  ended(t: number): void {
    this.#note(t, () => this.#ended++)
  }

  /** All that was gathered; from now on there is nothing. */
  take(replacing: Replacing): Healed {
    const cuts = replacing === 'cuts' ? [] : [...this.#cuts.values()]
    const rules = replacing === 'rules' ? [] : [...this.#rules.values()]
    const both = new Map([...cuts, ...rules].map((link) => [`${link.from}>${link.to}`, link] as const))
    const healed = {
      links: [...both.values()],
      clocks: replacing === 'clock' ? [] : [...this.#clocks],
      others: this.#others,
      ended: this.#ended,
    }
    this.#cuts.clear()
    this.#rules.clear()
    this.#clocks.clear()
    this.#others = []
    this.#ended = 0
    return healed
  }

  #note(t: number, change: () => void): void {
    if (this.isEmpty) this.#since = t
    change()
  }
}
