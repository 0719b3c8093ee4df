/** An expression brought to alternatives: `or` outside, `and` inside, `not` gone. */
import { BreakpointFault, type Expression, opposite } from './expression'
import { type Alternative, type BreakpointKind, MAX_ALTERNATIVES, type Term } from './types'

/** Terms that are to be true together. */
type Terms = readonly Term[]

/** Throws a BreakpointFault: `event-negated`, `never-true`, `too-many-alternatives`. */
export function alternativesOf(expression: Expression, text: string): readonly Alternative[] {
  return spread(expression, false, text).map((terms) => ({ kind: kindOf(terms), terms }))
}

function spread(expression: Expression, isNegated: boolean, text: string): readonly Terms[] {
  switch (expression.type) {
    case 'not':
      return spread(expression.inner, !isNegated, text)
    case 'term':
      return [[isNegated ? negated(expression.term, expression, text) : expression.term]]
    case 'alias':
      // Each names an event.
      if (isNegated) throw new BreakpointFault(text, expression, 'event-negated')
      return spread(expression.inner, false, text)
    case 'or':
    case 'and': {
      const parts = expression.parts.map((part) => spread(part, isNegated, text))
      const isAnd = (expression.type === 'and') !== isNegated
      return isAnd ? together(expression, parts, text) : eitherOf(expression, parts, text)
    }
  }
}

function negated(term: Term, expression: Expression, text: string): Term {
  if (term.type === 'event') throw new BreakpointFault(text, expression, 'event-negated')
  return { ...term, comparator: opposite(term.comparator) }
}

function eitherOf(expression: Expression, parts: readonly (readonly Terms[])[], text: string): readonly Terms[] {
  return bounded(expression, unique(parts.flat()), text)
}

/** Every choice of one alternative of each part, except for those that contradict themselves; one is left at least. */
function together(
  expression: Extract<Expression, { type: 'and' | 'or' }>,
  parts: readonly (readonly Terms[])[],
  text: string,
): readonly Terms[] {
  let all: readonly Terms[] = [[]]
  parts.forEach((part, at) => {
    const joined = all.flatMap((left) => part.map((right) => unique([...left, ...right])))
    const possible = joined.filter(isPossible)
    if (possible.length === 0) throw new BreakpointFault(text, expression.parts[at] ?? expression, 'never-true')
    all = bounded(expression, unique(possible), text)
  })
  return all
}

function bounded(expression: Expression, all: readonly Terms[], text: string): readonly Terms[] {
  if (all.length > MAX_ALTERNATIVES) throw new BreakpointFault(text, expression, 'too-many-alternatives')
  return all
}

function unique<T>(items: readonly T[]): readonly T[] {
  const seen = new Map(items.map((item) => [JSON.stringify(item), item]))
  return seen.size === items.length ? items : [...seen.values()]
}

const kindOf = (terms: Terms): BreakpointKind | undefined =>
  terms.map((term) => (term.type === 'state' ? undefined : term.kind)).find((kind) => kind !== undefined)

/** Whether all can be true at once: one kind of event, and nothing that is to be two things. */
function isPossible(terms: Terms): boolean {
  const kind = kindOf(terms)
  const limits = new Map<string, Limits>()
  for (const term of terms) {
    if (term.type !== 'state' && term.kind !== kind) return false
    if (term.type === 'event') continue
    const name = term.type === 'state' ? term.name : `${term.kind}.${term.field}`
    const limit = limits.get(name) ?? new Limits()
    limits.set(name, limit)
    limit.add(term)
  }
  return [...limits.values()].every((limit) => limit.isPossible)
}

type Comparison = Exclude<Term, { readonly type: 'event' }>

/** What one name may be. */
class Limits {
  readonly #equal = new Set<Comparison['value']>()
  readonly #comparisons: Comparison[] = []
  #low = { value: Number.NEGATIVE_INFINITY, isIn: true }
  #high = { value: Number.POSITIVE_INFINITY, isIn: true }

  add(comparison: Comparison): void {
    const { comparator, value } = comparison
    this.#comparisons.push(comparison)
    if (comparator === '=') this.#equal.add(value)
    if (typeof value !== 'number') return
    const isIn = comparator.endsWith('=')
    if (comparator.startsWith('>') && (value > this.#low.value || (value === this.#low.value && !isIn))) {
      this.#low = { value, isIn }
    }
    if (comparator.startsWith('<') && (value < this.#high.value || (value === this.#high.value && !isIn))) {
      this.#high = { value, isIn }
    }
  }

  get isPossible(): boolean {
    for (const value of this.#equal) if (!this.#comparisons.every((one) => holds(value, one))) return false
    const { value: low } = this.#low
    const { value: high } = this.#high
    return low < high || (low === high && this.#low.isIn && this.#high.isIn)
  }
}

/** Whether a value stands in this relation to what it is compared with. */
export function holds(actual: unknown, { comparator, value }: Comparison): boolean {
  if (comparator === '=') return actual === value
  if (comparator === '!=') return actual !== value
  if (typeof actual !== 'number' || typeof value !== 'number') return false
  switch (comparator) {
    case '<':
      return actual < value
    case '<=':
      return actual <= value
    case '>':
      return actual > value
    case '>=':
      return actual >= value
  }
}
