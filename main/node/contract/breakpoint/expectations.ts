/** What could stand at one place of a text: for errors that say so, and for completion. */
import type { Completion, CompletionType } from './types'

const MAX_EXPECTED = 20

/** What stands for any number, and for any node, where none is to be offered. */
export const A_NUMBER = 'number'
export const A_NODE = 'n1'

/** Collects at the furthest place that was looked at. */
export class Expectations {
  #place = -1
  #items: Completion[] = []

  /** At `place` (of a token) there could be one of these. */
  note(place: number, type: CompletionType, texts: readonly string[], detail = ''): void {
    if (place < this.#place) return
    if (place > this.#place) {
      this.#place = place
      this.#items = []
    }
    for (const text of texts) {
      if (!this.#items.some((item) => item.text === text && item.type === type))
        this.#items.push({ type, text, detail })
    }
  }

  at(place: number): readonly Completion[] {
    return place === this.#place ? this.#items : []
  }
}

/** The best of `candidates` for what was `found`: what is spelled nearly so, then the others in their order. */
export function likeliest(found: string, candidates: readonly string[]): readonly string[] {
  const lower = found.toLowerCase()
  const scored = [...new Set(candidates)].map((text, order) => ({
    text,
    order,
    score: distance(lower, text.toLowerCase()),
  }))
  scored.sort((a, b) => a.score - b.score || a.order - b.order)
  return scored.slice(0, MAX_EXPECTED).map(({ text }) => text)
}

/** The least is best; whatever has nothing to do with the word is the same far away. */
function distance(found: string, candidate: string): number {
  const far = 3
  if (found === '') return far
  // The first word of a phrase, whose others are wrong or missing.
  if (candidate.startsWith(`${found} `)) return -1
  if (candidate.startsWith(found)) return 0
  return Math.min(far, edits(found, candidate))
}

/** Letters to be put in, taken out or changed. */
function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1))
    }
    above = line
  }
  return above[b.length] ?? 0
}
