/**
 * EDN (https://github.com/edn-format/edn), as Jepsen and Knossos print it: also what Clojure adds to it (namespaced maps,
 * ratios, `##Inf`). Tagged values keep their tag; comments and discarded forms are skipped.
 */

export interface EdnWord {
  readonly edn: 'keyword' | 'symbol' | 'char'
  /** Without its `:` or `\`. */
  readonly text: string
}
export interface EdnSequence {
  readonly edn: 'list' | 'vector' | 'set'
  readonly items: readonly Edn[]
}
export interface EdnMap {
  readonly edn: 'map'
  readonly pairs: readonly (readonly [key: Edn, value: Edn])[]
}
export interface EdnTagged {
  readonly edn: 'tagged'
  readonly tag: string
  readonly value: Edn
}
export type Edn = null | boolean | number | bigint | string | EdnWord | EdnSequence | EdnMap | EdnTagged

/** Where a text is no EDN: how many characters before it are read, and what is wrong. */
export class EdnError extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** The one form in a text; undefined when there is none but comments and what is discarded. Throws {@link EdnError}. */
export function readEdn(text: string): Edn | undefined {
  const reader = new Reader(text)
  const value = reader.form(0)
  if (value !== undefined && reader.form(0) !== undefined) throw reader.error('one form expected, not two')
  return value
}

/** Deeper than this nobody nests; a call stack has an end. */
const DEEPEST = 512
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const SPACE = /[\s,]/
const DELIMITER = /[\s,()[\]{}";]/
const INTEGER = /^[+-]?\d+N?$/
const DECIMAL = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/
const RATIO = /^([+-]?\d+)\/(\d+)$/
const CHARS: Readonly<Record<string, string>> = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  formfeed: '\f',
  backspace: '\b',
}
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  error(message: string): EdnError {
    return new EdnError(this.#at, message)
  }

  /** The next form; undefined at the end, or before a closing bracket. */
  form(depth: number): Edn | undefined {
    if (depth > DEEPEST) throw this.error(`no more than ${DEEPEST} levels expected`)
    for (;;) {
      this.#skip()
      const char = this.#text[this.#at]
      if (char === undefined || char === ')' || char === ']' || char === '}') {
        if (char !== undefined && depth === 0) throw this.error(`no "${char}" expected here`)
        return undefined
      }
      if (char === '#' && this.#text[this.#at + 1] === '_') {
        this.#at += 2
        this.#need(depth, 'a form to discard')
        continue
      }
      if (char === '^') {
        this.#at++
        this.#need(depth, 'metadata')
        continue
      }
      return this.#value(char, depth)
    }
  }

  #value(char: string, depth: number): Edn {
    switch (char) {
      case '"':
        return this.#string()
      case '\\':
        return this.#char()
      case ':':
        return this.#keyword()
      case '(':
        return { edn: 'list', items: this.#items(depth) }
      case '[':
        return { edn: 'vector', items: this.#items(depth) }
      case '{':
        return this.#map(depth, '')
      case '#':
        return this.#dispatch(depth)
      default:
        return this.#atom()
    }
  }

  #skip(): void {
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) return
      if (char === ';') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end + 1
      } else if (SPACE.test(char)) this.#at++
      else return
    }
  }

  #need(depth: number, what: string): Edn {
    const value = this.form(depth + 1)
    if (value === undefined) throw this.error(`${what} expected`)
    return value
  }

  #items(depth: number): readonly Edn[] {
    const closing = CLOSING[this.#text[this.#at] ?? ''] ?? ''
    this.#at++
    const items: Edn[] = []
    for (;;) {
      const item = this.form(depth + 1)
      if (item === undefined) break
      items.push(item)
    }
    if (this.#text[this.#at] !== closing) throw this.error(`"${closing}" expected`)
    this.#at++
    return items
  }

  #map(depth: number, namespace: string): EdnMap {
    const items = this.#items(depth)
    if (items.length % 2 !== 0) throw this.error('a value for each key of a map expected')
    const pairs: (readonly [Edn, Edn])[] = []
    const names = new Set<string>()
    for (let at = 0; at + 1 < items.length; at += 2) {
      const [key = null, value = null] = items.slice(at, at + 2)
      const name = ednText(key)
      if (names.has(name)) throw this.error(`${name.slice(0, 40)} only once in a map expected`)
      names.add(name)
      pairs.push([namespace === '' ? key : spaced(key, namespace), value])
    }
    return { edn: 'map', pairs }
  }

  #dispatch(depth: number): Edn {
    const next = this.#text[this.#at + 1]
    if (next === '{') {
      this.#at++
      return { edn: 'set', items: this.#items(depth) }
    }
    if (next === '#') {
      this.#at += 2
      const name = this.#token()
      if (name === 'Inf') return Number.POSITIVE_INFINITY
      if (name === '-Inf') return Number.NEGATIVE_INFINITY
      if (name === 'NaN') return Number.NaN
      throw this.error('##Inf, ##-Inf or ##NaN expected')
    }
    if (next === ':') {
      this.#at += 2
      const namespace = this.#token()
      this.#skip()
      if (this.#text[this.#at] !== '{') throw this.error('a map with a namespace expected')
      return this.#map(depth, namespace)
    }
    this.#at++
    const tag = this.#token()
    if (!/^[A-Za-z]/.test(tag)) throw this.error('a tag expected')
    return { edn: 'tagged', tag, value: this.#need(depth, 'a tagged value') }
  }

  #token(): string {
    const from = this.#at
    while (this.#at < this.#text.length && !DELIMITER.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#text.slice(from, this.#at)
  }

  #keyword(): EdnWord {
    this.#at++
    const text = this.#token().replace(/^:/, '')
    if (text === '') throw this.error('a keyword expected')
    return { edn: 'keyword', text }
  }

  #char(): EdnWord {
    const from = ++this.#at
    // The first character belongs to it, whatever it is.
    this.#at += (this.#text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1
    const name = this.#text.slice(from, from + (this.#at - from)) + this.#token()
    const code = /^u([0-9a-fA-F]{4})$/.exec(name)?.[1]
    const text = code === undefined ? (CHARS[name] ?? name) : String.fromCharCode(Number.parseInt(code, 16))
    if ([...text].length !== 1) throw this.error('a character expected')
    return { edn: 'char', text }
  }

  #string(): string {
    let text = ''
    let from = ++this.#at
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw this.error('the end of a string expected')
      if (char === '"') break
      if (char !== '\\') {
        this.#at++
        continue
      }
      text += this.#text.slice(from, this.#at) + this.#escape()
      from = this.#at
    }
    text += this.#text.slice(from, this.#at)
    this.#at++
    return text
  }

  #escape(): string {
    const char = this.#text[this.#at + 1] ?? ''
    if (char === 'u') {
      const code = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(code)) throw this.error('four hexadecimal digits expected')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(code, 16))
    }
    const escaped = ESCAPES[char]
    if (escaped === undefined) throw this.error(`no such escape: \\${char}`)
    this.#at += 2
    return escaped
  }

  #atom(): Edn {
    const token = this.#token()
    if (token === '') throw this.error('a form expected')
    if (token === 'nil') return null
    if (token === 'true') return true
    if (token === 'false') return false
    if (!/^[+-]?\d/.test(token)) return { edn: 'symbol', text: token }
    if (INTEGER.test(token)) {
      const digits = token.replace(/N$/, '')
      const number = Number(digits)
      return Number.isSafeInteger(number) ? number : BigInt(digits.replace(/^\+/, ''))
    }
    if (DECIMAL.test(token)) return Number(token.replace(/M$/, ''))
    const [, above, below] = RATIO.exec(token) ?? []
    if (above !== undefined && below !== undefined && Number(below) !== 0) return Number(above) / Number(below)
    throw this.error(`no such number: ${token}`)
  }
}

function spaced(key: Edn, namespace: string): Edn {
  if (!isWord(key) || key.edn === 'char' || key.text.includes('/')) return key
  return { edn: key.edn, text: `${namespace}/${key.text}` }
}

export const isWord = (value: Edn): value is EdnWord =>
  typeof value === 'object' &&
  value !== null &&
  (value.edn === 'keyword' || value.edn === 'symbol' || value.edn === 'char')
export const isMap = (value: Edn | undefined): value is EdnMap =>
  typeof value === 'object' && value !== null && value.edn === 'map'
export const isVector = (value: Edn | undefined): value is EdnSequence =>
  typeof value === 'object' && value !== null && (value.edn === 'vector' || value.edn === 'list')
export const isTagged = (value: Edn | undefined): value is EdnTagged =>
  typeof value === 'object' && value !== null && value.edn === 'tagged'

/** A value as it would stand in a file. */
export function ednText(value: Edn): string {
  if (value === null) return 'nil'
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '##NaN'
    return Number.isFinite(value) ? String(value) : value > 0 ? '##Inf' : '##-Inf'
  }
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value)
  switch (value.edn) {
    case 'keyword':
      return `:${value.text}`
    case 'symbol':
      return value.text
    case 'char':
      return `\\${Object.keys(CHARS).find((name) => CHARS[name] === value.text) ?? value.text}`
    case 'list':
      return `(${value.items.map(ednText).join(' ')})`
    case 'vector':
      return `[${value.items.map(ednText).join(' ')}]`
    case 'set':
      return `#{${value.items.map(ednText).join(' ')}}`
    case 'map':
      return `{${value.pairs.map(([key, one]) => `${ednText(key)} ${ednText(one)}`).join(', ')}}`
    case 'tagged':
      return `#${value.tag} ${ednText(value.value)}`
  }
}
