/** The user's faults that are in force, each with its beginning and its end on the timeline. */
import type { FieldsOf } from '../../node/contract/events'
import type { Reporter } from './reporter'

export type FaultType = FieldsOf<'fault'>['type']

/** One fault; `links` holds those of its links (`linkKey`) that are still blocked. */
interface Fault {
  readonly id: number
  readonly type: FaultType
  readonly detail: string
  readonly node: number
  readonly links: Set<number>
}

export const linkKey = (from: number, to: number): number => from * 65536 + to
export const linkOf = (key: number): readonly [from: number, to: number] => [Math.floor(key / 65536), key % 65536]

export class Faults {
  readonly #reporter: Reporter
  readonly #active = new Map<number, Fault>()
  #count = 0

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  beginNode(type: 'kill' | 'pause' | 'stop', node: number): void {
    this.#begin({ id: ++this.#count, type, detail: JSON.stringify({ nodes: [node] }), node, links: new Set() })
  }

  /** Ends the faults of these types on one node. */
  endNode(node: number, types: readonly FaultType[]): void {
    for (const fault of [...this.#active.values()]) {
      if (fault.node === node && types.includes(fault.type)) this.#end(fault)
    }
  }

  beginLinks(type: 'block' | 'partition' | 'isolate', links: Iterable<number>, detail: object): void {
    this.#begin({ id: ++this.#count, type, detail: JSON.stringify(detail), node: 0, links: new Set(links) })
  }

  /** A link was healed: a fault without any blocked link left has ended. */
  linkHealed(link: number): void {
    for (const fault of [...this.#active.values()]) {
      if (fault.links.delete(link) && fault.links.size === 0) this.#end(fault)
    }
  }

  /** A new partition replaces the one before. */
  endPartitions(): void {
    for (const fault of [...this.#active.values()]) {
      if (fault.type === 'partition' || fault.type === 'isolate') this.#end(fault)
    }
  }

  #begin(fault: Fault): void {
    this.#active.set(fault.id, fault)
    this.#reporter.report('fault', { action: 'begin', id: fault.id, type: fault.type, detail: fault.detail })
  }

  #end(fault: Fault): void {
    this.#active.delete(fault.id)
    this.#reporter.report('fault', { action: 'end', id: fault.id, type: fault.type, detail: fault.detail })
  }
}
