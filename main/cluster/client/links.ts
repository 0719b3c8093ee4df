/** The client's connections, and whom it may ask. */
import { NodeLink } from './node-link'

export interface Directory {
  readonly clusterId: string
  address(node: number): string
  /** Nodes that are worth asking now. */
  candidates(): readonly number[]
}

export class Links {
  readonly #directory: Directory
  readonly #links = new Map<number, NodeLink>()
  #turn = 0

  constructor(directory: Directory) {
    this.#directory = directory
  }

  to(node: number): NodeLink {
    const known = this.#links.get(node)
    if (known !== undefined) return known
    this.#prune()
    const link = new NodeLink(this.#directory.address(node), this.#directory.clusterId)
    this.#links.set(node, link)
    return link
  }

  isCandidate(node: number): boolean {
    return this.#directory.candidates().includes(node)
  }

  /** It runs, and its connection did not fail. */
  isPromising(node: number): boolean {
    return this.isCandidate(node) && this.#links.get(node)?.isDown !== true
  }

  /** One promising node after the other, those of `except` left out; 0 = there is none. */
  next(except: ReadonlyMap<number, unknown>): number {
    const nodes = this.#directory.candidates().filter((node) => !except.has(node))
    const promising = nodes.filter((node) => this.#links.get(node)?.isDown !== true)
    return promising[this.#turn++ % Math.max(1, promising.length)] ?? 0
  }

  close(): void {
    for (const link of this.#links.values()) link.close()
    this.#links.clear()
  }

  /** Nobody keeps trying to reach a node that was removed. */
  #prune(): void {
    for (const [node, link] of this.#links) {
      if (!link.isDown || this.isCandidate(node)) continue
      link.close()
      this.#links.delete(node)
    }
  }
}
