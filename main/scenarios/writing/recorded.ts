/** Nodes of a recording in steps, until it is known what the scenario calls them. */
import type { Who } from '../language/values'

export type Fields = Readonly<Record<string, unknown>>

/** Stands in a step until it is known what the scenario calls it. */
export class RecordedNode {
  readonly node: number

  constructor(node: number) {
    this.node = node
  }
}

/** With every recorded node as the scenario calls it, and without fields that are undefined; undefined when one has no name. */
export function withWords(fields: Fields, who: (node: number) => Who | undefined): Fields | undefined {
  let isComplete = true
  const replaced = (value: unknown): unknown => {
    if (value instanceof RecordedNode) {
      const word = who(value.node)
      if (word === undefined) isComplete = false
      return word
    }
    if (Array.isArray(value)) return value.map(replaced)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, replaced(each)]])),
    )
  }
  const step = replaced(fields) as Fields
  return isComplete ? step : undefined
}
