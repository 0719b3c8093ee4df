/** A breakpoint as it is written: a tree with places. */
import type { BreakpointError, Comparator, ErrorCode, Term } from './types'

interface Place {
  readonly from: number
  readonly to: number
}

export type Expression = Place &
  (
    | { readonly type: 'or' | 'and'; readonly parts: readonly Expression[] }
    | { readonly type: 'not'; readonly inner: Expression }
    | { readonly type: 'term'; readonly term: Term }
    /** Its places are those of another text. */
    | { readonly type: 'alias'; readonly inner: Expression }
  )

/** Thrown inside the parser only. */
export class BreakpointFault extends Error {
  readonly error: BreakpointError

  constructor(text: string, { from, to }: Place, code: ErrorCode, expected: readonly string[] = []) {
    super(code)
    this.name = 'BreakpointFault'
    this.error = { from, to, code, found: text.slice(from, to), expected }
  }
}

const OPPOSITE: Readonly<Record<Comparator, Comparator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}
export const opposite = (comparator: Comparator): Comparator => OPPOSITE[comparator]
