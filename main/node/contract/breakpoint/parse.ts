/** The grammar of `types.ts`, by recursive descent. */
import { alternativesOf } from './alternatives'
import { A_NODE, Expectations, likeliest } from './expectations'
import { BreakpointFault, type Expression } from './expression'
import { type Token, tokenize } from './tokens'
import {
  BREAKPOINT_KINDS,
  type BreakpointKind,
  type Comparator,
  type ErrorCode,
  MAX_BREAKPOINT_TEXT,
  type Parsed,
  type ParseResult,
  STATE_NAMES,
  type Term,
} from './types'
import { knownValues, numberAs, wordAs } from './values'
import {
  ALIAS_LIST,
  type Alias,
  comparableFields,
  comparatorsOf,
  fieldsOf,
  fieldType,
  kindNamed,
  nodeNamed,
  stateNamed,
  stateType,
  type ValueType,
} from './vocabulary'

/** Never throws. */
export function parse(text: string): ParseResult {
  try {
    return { ok: true, breakpoint: parseOrThrow(text) }
  } catch (thrown) {
    if (thrown instanceof BreakpointFault) return { ok: false, error: thrown.error }
    throw thrown
  }
}

function parseOrThrow(text: string): Parsed {
  if (text.length > MAX_BREAKPOINT_TEXT) {
    throw new BreakpointFault(text, { from: MAX_BREAKPOINT_TEXT, to: text.length }, 'too-long')
  }
  if (text.trim() === '') throw new BreakpointFault(text, { from: 0, to: text.length }, 'empty')
  const parser = new Parser(text, tokenize(text))
  const nodes = parser.scope()
  const expression = parser.whole()
  const alternatives = alternativesOf(expression, text)
  const kinds = new Set<BreakpointKind>()
  let isBound = true
  for (const { kind } of alternatives) {
    if (kind === undefined) isBound = false
    else kinds.add(kind)
  }
  return { text, nodes, alternatives, kinds: isBound ? kinds : undefined }
}

/** What a comparison is about. */
type Subject =
  | { readonly type: 'state'; readonly name: (typeof STATE_NAMES)[number] }
  | { readonly type: 'field'; readonly kind: BreakpointKind; readonly field: string }

export class Parser {
  readonly expectations = new Expectations()
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  #hasScope = true

  /** `tokens` ends with an `end`. */
  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  /** The nodes before the colon; empty = any. */
  scope(): readonly number[] {
    const first = this.#here
    this.#hasScope = false
    if (first.type !== 'word') return []
    this.#hasScope = true
    if (first.text.toLowerCase() === 'any') {
      this.#at += 1
      this.#require(':')
      return []
    }
    if (!/^n\d+$/i.test(first.text)) {
      this.#hasScope = false
      return []
    }
    const nodes = new Set([this.#node()])
    while (this.#skip(',')) nodes.add(this.#node())
    this.#require(':')
    return [...nodes]
  }

  /** All that is left. */
  whole(): Expression {
    const expression = this.#or()
    if (this.#here.type !== 'end') this.#refuse()
    return expression
  }

  #or(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#not()))
  }

  #chain(type: 'or' | 'and', part: () => Expression): Expression {
    const first = part()
    const parts = [first]
    while (this.#skip(type)) parts.push(part())
    const last = parts.at(-1) ?? first
    return parts.length === 1 ? first : { type, parts, from: first.from, to: last.to }
  }

  #not(): Expression {
    const { from } = this.#here
    if (this.#here.type === 'not') {
      this.#at += 1
      const inner = this.#not()
      return { type: 'not', inner, from, to: inner.to }
    }
    if (this.#here.type !== '(') return this.#term()
    this.#at += 1
    this.#depth += 1
    const inner = this.#or()
    const { to } = this.#require(')')
    this.#depth -= 1
    return { ...inner, from, to }
  }

  #term(): Expression {
    const token = this.#here
    this.#note('state', STATE_NAMES)
    for (const alias of ALIAS_LIST) this.#noteAlias(alias)
    this.#note('event', BREAKPOINT_KINDS)
    this.#note('word', ['not', '('])
    if (this.#at === 0 && !this.#hasScope) {
      this.#note('node', [A_NODE])
      this.#note('word', ['any:'])
    }
    if (token.type !== 'word') this.#refuse()
    const alias = ALIAS_LIST.find((candidate) => this.#wordsThatMatch(candidate) === candidate.words.length)
    if (alias !== undefined) return this.#alias(alias)
    const { term, to } = this.#nameOf(token)
    return { type: 'term', term, from: token.from, to }
  }

  /** What is left of an alias where it could go on. */
  #noteAlias(alias: Alias): void {
    const matching = this.#wordsThatMatch(alias)
    if (matching === alias.words.length) return
    this.expectations.note(this.#at + matching, 'alias', [alias.words.slice(matching).join(' ')], alias.meaning)
  }

  #wordsThatMatch({ words }: Alias): number {
    const differs = words.findIndex((word, at) => {
      const token = this.#tokens[this.#at + at]
      return token?.type !== 'word' || token.text.toLowerCase() !== word
    })
    return differs === -1 ? words.length : differs
  }

  #alias({ words, meaning }: Alias): Expression {
    const { from } = this.#here
    this.#at += words.length
    const to = this.#tokens[this.#at - 1]?.to ?? from
    return { type: 'alias', inner: new Parser(meaning, tokenize(meaning)).whole(), from, to }
  }

  /** A comparison, a flag, or an event. */
  #nameOf(token: Extract<Token, { type: 'word' }>): { readonly term: Term; readonly to: number } {
    this.#at += 1
    const kind = kindNamed(token.text)
    if (kind !== undefined) this.#note('word', ['.'])
    if (this.#here.type === '.') {
      if (kind === undefined) this.#fail(token, 'unknown-name', likeliest(token.text, BREAKPOINT_KINDS))
      this.#at += 1
      const field = this.#field(kind)
      return this.#comparison({ type: 'field', kind, field }, fieldType(kind, field))
    }
    const name = stateNamed(token.text)
    const isEvent = kind !== undefined && this.#here.type !== 'comparator'
    if (name !== undefined && !isEvent) return this.#comparison({ type: 'state', name }, stateType(name))
    if (kind === undefined) this.#fail(token, 'unknown-name', likeliest(token.text, NAMES))
    if (name !== undefined) this.#note('comparator', comparatorsOf(stateType(name)))
    return { term: { type: 'event', kind }, to: token.to }
  }

  #field(kind: BreakpointKind): string {
    const token = this.#here
    const fields = comparableFields(kind)
    this.#note('field', fields, kind)
    if (token.type !== 'word') this.#refuse()
    if (!fieldsOf(kind).includes(token.text)) this.#fail(token, 'unknown-field', likeliest(token.text, fields))
    if (!fields.includes(token.text)) this.#fail(token, 'not-comparable', fields)
    this.#at += 1
    return token.text
  }

  #comparison(subject: Subject, type: ValueType): { readonly term: Term; readonly to: number } {
    const comparators = comparatorsOf(type)
    this.#note('comparator', comparators)
    const token = this.#here
    if (token.type !== 'comparator') {
      if (type !== 'flag') this.#refuse()
      return { term: { ...subject, comparator: '=', value: true }, to: this.#tokens[this.#at - 1]?.to ?? token.from }
    }
    if (!comparators.includes(token.comparator)) this.#fail(token, 'not-ordered', comparators)
    this.#at += 1
    const { value, to } = this.#value(subject, type)
    const comparator: Comparator = token.comparator
    return { term: { ...subject, comparator, value }, to }
  }

  #value(subject: Subject, type: ValueType): { readonly value: string | number | boolean; readonly to: number } {
    const token = this.#here
    const known = knownValues(type)
    const detail = subject.type === 'state' ? subject.name : `${subject.kind}.${subject.field}`
    this.#note(type === 'node' ? 'node' : 'value', known, detail)
    if (token.type !== 'word' && token.type !== 'number') this.#refuse()
    const value = token.type === 'number' ? numberAs(type, token.value) : wordAs(type, token.text)
    if (value === undefined) {
      const isOther = token.type === 'number' || type === 'number'
      const code = isOther ? 'wrong-type' : 'unknown-value'
      this.#fail(token, code, token.type === 'word' ? likeliest(token.text, known) : known)
    }
    this.#at += 1
    return { value, to: token.to }
  }

  #node(): number {
    const token = this.#here
    this.#note('node', [A_NODE])
    if (token.type !== 'word') this.#refuse()
    const node = nodeNamed(token.text)
    if (node === undefined) this.#fail(token, 'unknown-value', [A_NODE])
    this.#at += 1
    return node
  }

  get #here(): Token {
    const last = this.#tokens.at(-1)
    const token = this.#tokens[this.#at] ?? last
    if (token === undefined) throw new TypeError('there is always an end')
    return token
  }

  #note(type: Parameters<Expectations['note']>[1], texts: readonly string[], detail = ''): void {
    this.expectations.note(this.#at, type, texts, detail)
  }

  /** Goes on behind the next token if it is one of this type. */
  #skip(type: ',' | 'and' | 'or'): boolean {
    this.#note('word', [type])
    if (type === 'and' && this.#depth > 0) this.#note('word', [')'])
    if (this.#here.type !== type) return false
    this.#at += 1
    return true
  }

  #require(type: ':' | ')'): Token {
    this.#note('word', [type])
    const token = this.#here
    if (token.type !== type) this.#refuse()
    this.#at += 1
    return token
  }

  /** The next token does not belong here. */
  #refuse(): never {
    const token = this.#here
    const expected = this.expectations.at(this.#at).map(({ text }) => text)
    if (token.type === 'end') this.#fail(token, 'unexpected-end', likeliest('', expected))
    if (token.type === 'unknown') this.#fail(token, 'unexpected-character', likeliest('', expected))
    const isWord = token.type === 'word'
    this.#fail(token, 'unexpected-word', likeliest(isWord ? token.text : '', expected))
  }

  #fail(place: Token, code: ErrorCode, expected: readonly string[]): never {
    throw new BreakpointFault(this.#text, place, code, expected)
  }
}

const NAMES: readonly string[] = [...STATE_NAMES, ...ALIAS_LIST.map(({ text }) => text), ...BREAKPOINT_KINDS]
