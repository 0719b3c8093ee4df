/** The characters of a breakpoint as tokens, each with its place in the text (UTF-16 units). */
import type { Comparator } from './types'

interface Place {
  readonly from: number
  /** Not included. */
  readonly to: number
}

export type Token = Place &
  (
    | { readonly type: 'word' /** As it is written. */; readonly text: string }
    | { readonly type: 'number'; readonly value: number }
    | { readonly type: 'comparator'; readonly comparator: Comparator }
    | { readonly type: 'and' | 'or' | 'not' | '(' | ')' | ':' | ',' | '.' | 'end' | 'unknown' }
  )
export type TokenType = Token['type']

const SPACE = /\s*/y
/** Hyphens inside: `pre-candidate`. */
const WORD = /[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*/y
const NUMBER = /-?\d+(?:\.\d+)?(?![A-Za-z0-9])/y
/** The longest first. */
const SYMBOL = /==|!=|<=|>=|&&|\|\||[≠≤≥=<>!():,.]/y

const COMPARATORS: ReadonlyMap<string, Comparator> = new Map([
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['≠', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['≤', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['≥', '>='],
])
const CONNECTIVES: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
])

/** All of `text`; the last token is the only `end`. What is no token is an `unknown` of one character. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  for (;;) {
    at += read(SPACE)?.length ?? 0
    if (at >= text.length) break
    const token = next(at, read)
    tokens.push(token)
    at = token.to
  }
  tokens.push({ type: 'end', from: text.length, to: text.length })
  return tokens
}

function next(from: number, read: (pattern: RegExp) => string | undefined): Token {
  const number = read(NUMBER)
  if (number !== undefined) return { type: 'number', value: Number(number), from, to: from + number.length }
  const word = read(WORD)
  if (word !== undefined) {
    const to = from + word.length
    const connective = CONNECTIVES.get(word.toLowerCase())
    return connective === undefined ? { type: 'word', text: word, from, to } : { type: connective, from, to }
  }
  const symbol = read(SYMBOL)
  if (symbol === undefined) return { type: 'unknown', from, to: from + 1 }
  const to = from + symbol.length
  const comparator = COMPARATORS.get(symbol)
  if (comparator !== undefined) return { type: 'comparator', comparator, from, to }
  // What is left of the symbols is its own type.
  return { type: CONNECTIVES.get(symbol) ?? (symbol as '(' | ')' | ':' | ',' | '.'), from, to }
}
