/** A file of EDN form by form, as it comes: its maps one after another, or all of them in one vector or list. */
import { bad } from '../bad'

export interface FormText {
  readonly text: string
  /** Where it begins, from 1. */
  readonly line: number
}

/** A single map of a history is never so long. Characters. */
const LONGEST = 16 << 20
const OPENING = '([{'
const CLOSING = ')]}'
/** Of a form that says itself where it ends. */
const ENDING = `${CLOSING}"`

/** Throws `bad-input` where brackets do not match or the file ends within a form. */
export async function* formsOf(chunks: AsyncIterable<string>): AsyncGenerator<FormText> {
  const scanner = new Scanner()
  for await (const chunk of chunks) yield* scanner.take(chunk)
  yield* scanner.end()
}

type Mode = 'plain' | 'string' | 'string escape' | 'comment' | 'char'

class Scanner {
  #mode: Mode = 'plain'
  /** Closing brackets that are due, the last one first to come. */
  readonly #due: string[] = []
  /** 1 within the vector that holds all maps. */
  #base = 0
  #isFirst = true
  #isOver = false
  /** The form that is being read: what of it came with earlier chunks. */
  #text = ''
  #isIn = false
  #line = 1
  #began = 1
  /** The form is a word, which ends where a space begins. */
  #isBare = false

  get #isAtBase(): boolean {
    return this.#due.length === this.#base
  }

  *take(chunk: string): Generator<FormText> {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const char = chunk[at] ?? ''
      if (char === '\n') this.#line++
      const was = this.#isIn
      const isDone = this.#step(char)
      if (!was && this.#isIn) from = at
      if (!isDone) continue
      const ends = char !== '' && ENDING.includes(char) ? at + 1 : at
      yield { text: this.#text + chunk.slice(from, ends), line: this.#began }
      this.#text = ''
      this.#isIn = false
    }
    if (!this.#isIn) return
    this.#text += chunk.slice(from)
    if (this.#text.length > LONGEST) throw bad(this.#began, `a form of at most ${LONGEST} characters expected`)
  }

  *end(): Generator<FormText> {
    const due = this.#due.at(-1)
    if (this.#mode === 'string' || this.#mode === 'string escape')
      throw bad(this.#began, 'the end of a string expected')
    if (due !== undefined) throw bad(this.#began, `"${due}" expected before the end of the file`)
    if (this.#isIn && this.#text.trim() !== '') yield { text: this.#text, line: this.#began }
  }

  /** True when the form ended with this character, or, of a bare word, before it. */
  #step(char: string): boolean {
    switch (this.#mode) {
      case 'string':
        if (char === '\\') this.#mode = 'string escape'
        if (char !== '"') return false
        this.#mode = 'plain'
        return this.#isAtBase
      case 'string escape':
        this.#mode = 'string'
        return false
      case 'comment':
        if (char === '\n') this.#mode = 'plain'
        return false
      case 'char':
        this.#mode = 'plain'
        return false
      case 'plain':
        return this.#plain(char)
    }
  }

  #plain(char: string): boolean {
    if (char === ';') {
      this.#mode = 'comment'
      return false
    }
    if (/[\s,]/.test(char)) return this.#isIn && this.#isAtBase && this.#isBare
    if (CLOSING.includes(char)) return this.#close(char)
    if (this.#isOver) throw bad(this.#line, 'nothing after the end of the history expected')
    if (OPENING.includes(char)) {
      if (this.#isFirst && char !== '{') {
        this.#isFirst = false
        this.#base = 1
        this.#due.push(closingOf(char))
        return false
      }
      this.#begin(false)
      this.#due.push(closingOf(char))
      return false
    }
    // A tag, a discarded form or metadata go with what follows; any other word is a form of its own.
    this.#begin(char !== '#' && char !== '^')
    if (char === '"') this.#mode = 'string'
    if (char === '\\') this.#mode = 'char'
    return false
  }

  #begin(isBare: boolean): void {
    if (this.#isIn) return
    this.#isFirst = false
    this.#isIn = true
    this.#isBare = isBare
    this.#began = this.#line
  }

  #close(char: string): boolean {
    const due = this.#due.pop()
    if (due !== char)
      throw bad(this.#line, due === undefined ? `no "${char}" expected` : `"${due}" expected, not "${char}"`)
    if (this.#due.length < this.#base) {
      this.#base = 0
      this.#isOver = true
      return false
    }
    return this.#isAtBase
  }
}

const closingOf = (opening: string): string => CLOSING[OPENING.indexOf(opening)] ?? ''
