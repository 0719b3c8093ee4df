/**
 * The lines that Jepsen logs, as porcupine's tests read them: `INFO  jepsen.util - 4⇥:invoke⇥:write⇥3`. One register of whole
 * numbers: read, write, cas. Where values are anything else they are numbered, and a line of its own says what a number is.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import { isMismatch } from '../clients'
import type { Exporter } from '../exporter'
import { ednOfDetail, keyword, toEdn } from '../jepsen/edn'
import { type Notation, writeHistory } from '../plain-history'
import { shortText, textOf } from '../walk'

export const jepsenLogExporter: Exporter = {
  format: 'jepsen-log',
  extension: 'log',
  mediaType: 'text/plain',
  write: (source, wish, write) => writeHistory(new JepsenLog(), source, wish, write),
}

const line = (words: readonly string[]): string => `INFO  jepsen.util - ${words.join('\t')}\n`

class JepsenLog implements Notation {
  readonly format = 'jepsen-log'
  readonly hasOneKey = true
  readonly #values = new Values()
  /** Lines about values that stand before the next one. */
  #notes = ''

  lackOf({ op, hasExpected }: TimelineEvent<'invoke'>) {
    if (op === 'delete' || op === 'append') return 'word'
    return op === 'cas' && !hasExpected ? 'nothing' : undefined
  }

  foresee({ op, value, expected }: TimelineEvent<'invoke'>, answer: TimelineEvent<'answer'> | undefined): void {
    if (op !== 'get') this.#values.foresee(value)
    if (op === 'cas') this.#values.foresee(expected)
    if (op === 'get' && answer?.outcome === 'ok' && answer.found) this.#values.foresee(answer.value)
  }

  invoked(process: number, invoke: TimelineEvent<'invoke'>): string {
    return this.#told(process, 'invoke', invoke, invoke.op === 'get' ? 'nil' : this.#asked(invoke))
  }

  answered(process: number, invoke: TimelineEvent<'invoke'>, answer: TimelineEvent<'answer'>): string {
    switch (answer.outcome) {
      case 'ok': {
        if (isMismatch(invoke, answer)) return this.#told(process, 'fail', invoke, this.#asked(invoke))
        if (invoke.op !== 'get') return this.#told(process, 'ok', invoke, this.#asked(invoke))
        return this.#told(process, 'ok', invoke, answer.found ? this.#number(answer.value) : 'nil')
      }
      // The notation has one word for whatever went wrong.
      case 'failed':
        return this.#told(process, 'fail', invoke, ':timed-out')
      case 'unknown':
        return this.#told(process, 'info', invoke, ':timed-out')
    }
  }

  fault({ action, type, detail }: TimelineEvent<'fault'>): string {
    const deed = toEdn(keyword(`${action === 'begin' ? 'start' : 'stop'}-${type}`))
    return line([':nemesis', ':info', deed, toEdn(ednOfDetail(detail))])
  }

  #told(process: number, type: string, { op }: TimelineEvent<'invoke'>, value: string): string {
    const f = op === 'get' ? ':read' : op === 'put' ? ':write' : ':cas'
    const notes = this.#notes
    this.#notes = ''
    return notes + line([String(process), `:${type}`, f, value])
  }

  #asked({ op, value, expected }: TimelineEvent<'invoke'>): string {
    return op === 'cas' ? `[${this.#number(expected)} ${this.#number(value)}]` : this.#number(value)
  }

  #number(value: Uint8Array): string {
    const { number, isNew } = this.#values.numberOf(value)
    if (isNew) this.#notes += `INFO  raft-workbench - value ${number} is ${spelled(value)}\n`
    return number
  }
}

/** In one word, so that nobody takes any of it for a line of a history. */
function spelled(value: Uint8Array): string {
  const text = textOf(value)
  const edn = text === undefined ? `base64:${Buffer.from(value).toString('base64')}` : toEdn(shortText(text))
  return edn.replace(/\s/gu, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As a number is written; what is longer does not fit into everybody's. */
const WHOLE = /^(?:0|[1-9]\d{0,14})$/

/** Values as numbers: themselves where all of them are, else in the order in which they are first told, from 1. */
class Values {
  #areWhole = true
  readonly #numbers = new Map<string, string>()

  foresee(value: Uint8Array): void {
    this.#areWhole &&= WHOLE.test(latin1(value))
  }

  numberOf(value: Uint8Array): { readonly number: string; readonly isNew: boolean } {
    const bytes = latin1(value)
    if (this.#areWhole) return { number: bytes, isNew: false }
    const known = this.#numbers.get(bytes)
    if (known !== undefined) return { number: known, isNew: false }
    const number = String(this.#numbers.size + 1)
    this.#numbers.set(bytes, number)
    return { number, isNew: true }
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
