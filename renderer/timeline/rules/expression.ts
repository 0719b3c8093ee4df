/** What is wrong with an expression of the filter, and where: the filter itself takes everything, and finds less then. Pure. */
import { FILTER_FIELDS } from '../../../preload/contract/diagram'

export interface ExpressionError {
  readonly from: number
  readonly to: number
  /** empty: nothing is written · field: no such field · value: none stands there · number: none · quote: never closed */
  readonly code: 'empty' | 'field' | 'value' | 'number' | 'quote'
}

const NUMBERS: readonly string[] = ['term', 'node', 'from', 'to', 'index', 'seq']
const CLAUSE = /([a-z]+)(\s*)(!=|<=|>=|=|<|>|:)\s*("[^"]*"|"[^"]*$|[^\s"]\S*)?|"[^"]*"|"[^"]*$|\S+/gi

/** The first error, or undefined. */
export function errorOf(text: string): ExpressionError | undefined {
  if (text.trim() === '') return { from: 0, to: 0, code: 'empty' }
  for (const found of text.matchAll(CLAUSE)) {
    const [whole, field, , operator, value] = found
    const from = found.index
    const to = from + whole.length
    if ((whole.match(/"/g)?.length ?? 0) % 2 === 1) return { from: from + whole.indexOf('"'), to, code: 'quote' }
    if (field === undefined || operator === undefined) continue
    if (!FILTER_FIELDS.some((name) => name === field.toLowerCase())) {
      return { from, to: from + field.length, code: 'field' }
    }
    if (value === undefined || /^(and|&&)$/i.test(value)) return { from, to, code: 'value' }
    const plain = value.replaceAll('"', '')
    if (NUMBERS.includes(field.toLowerCase()) && !/^[nt]?\d+$/i.test(plain)) {
      return { from: to - value.length, to, code: 'number' }
    }
  }
  return undefined
}
