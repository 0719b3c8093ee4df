/** Where in a text what the YAML parser understood stands. */
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml'

export type Path = readonly (string | number)[]

export interface Place {
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

export class Places {
  readonly #document: Document.Parsed
  readonly #lines: LineCounter

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document
    this.#lines = lines
  }

  /** Of a value, or of the key before it; of what is around it when there is no such thing. `offset`: characters further on. */
  of(path: Path, at: 'key' | 'value' = 'value', offset?: number): Place {
    let node: Node | null = this.#document.contents
    let place = startOf(node) ?? 0
    for (const [depth, part] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document) ?? null
      if (isSeq(node)) {
        node = (node.items[Number(part)] as Node | undefined) ?? null
        place = startOf(node) ?? place
      } else if (isMap(node)) {
        const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
        if (pair === undefined) break
        const wantsKey = at === 'key' && depth === path.length - 1
        node = (pair.value as Node | null) ?? null
        // Nothing stands after the key: then it is the key that can be pointed at.
        place = (wantsKey ? undefined : startOf(node)) ?? startOf(pair.key as Node) ?? place
      } else break
    }
    return this.at(place + (offset === undefined ? 0 : offset + quotes(node)))
  }

  /** Of a character of the text, from 0. */
  at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

function startOf(node: Node | null): number | undefined {
  const [from, to] = node?.range ?? []
  return from === undefined || (from === to && isScalar(node)) ? undefined : from
}

function quotes(node: Node | null): number {
  return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') ? 1 : 0
}
