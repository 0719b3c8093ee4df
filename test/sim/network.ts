/** A network that loses, delays, reorders and duplicates, and whose directed links can be cut. */
import type { Message, NodeId } from '../../main/raft'
import type { Random } from './random'

export interface Weather {
  readonly loss: number
  readonly duplication: number
  readonly minDelay: number
  /** The mean of what comes on top, exponentially: long tails are what reorders. */
  readonly meanDelay: number
}

export class SimNetwork {
  weather: Weather
  readonly #cut = new Set<number>()
  readonly #random: Random

  constructor(random: Random, weather: Weather) {
    this.#random = random
    this.weather = weather
  }

  /** When the copies of a message that leaves now will arrive: none, one or two delays. */
  delays(): number[] {
    const { loss, duplication, minDelay, meanDelay } = this.weather
    if (this.#random.chance(loss)) return []
    const copies = this.#random.chance(duplication) ? 2 : 1
    return Array.from({ length: copies }, () => minDelay + this.#random.after(meanDelay))
  }

  isOpen({ from, to }: Message): boolean {
    return !this.#cut.has(link(from, to))
  }

  cut(from: NodeId, to: NodeId): void {
    this.#cut.add(link(from, to))
  }

  heal(): void {
    this.#cut.clear()
  }
}

function link(from: NodeId, to: NodeId): number {
  return from * 65_536 + to
}
