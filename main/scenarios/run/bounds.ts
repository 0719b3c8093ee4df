/** Numbers and bounds on them. */
import type { Bound } from '../language/values'

/** Whether a number is as a bound says: 3, `'>= 3'`. */
export function meets(bound: Bound, number: number): boolean {
  if (typeof bound === 'number') return number === bound
  const [, comparator = '=', text = '0'] = /^(>=|<=|>|<|=|!=) *(\d+)$/.exec(bound) ?? []
  const limit = Number(text)
  switch (comparator) {
    case '>=':
      return number >= limit
    case '<=':
      return number <= limit
    case '>':
      return number > limit
    case '<':
      return number < limit
    case '!=':
      return number !== limit
    default:
      return number === limit
  }
}
