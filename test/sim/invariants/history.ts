/**
 * What the clients may expect: every acknowledged write takes effect exactly once, every other at most once, and the
 * whole is linearizable (paper §8, dissertation §6.3).
 *
 * Clients append words that never occur twice, so that a value tells the whole order of writes. An operation that ended
 * before another began must come before it: its end in the value must lie before the other's.
 */
import { Violation } from './invariant'

const HISTORY = { name: 'Linearizable history, exactly once', section: 'paper §8; dissertation §6.3, §6.4' }
const decoder = new TextDecoder()

interface KeyHistory {
  /** Bytes of the value that some ended operation has shown to be there. */
  shown: number
  readonly acknowledged: Set<string>
  /** The longest value that was read, to compare with. */
  longest: string
}

export class History {
  readonly #keys = new Map<string, KeyHistory>()
  #acknowledged = 0

  /** Acknowledged appends. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** What an operation that begins now has to see. */
  shown(key: string): number {
    return this.#of(key).shown
  }

  /** An append was acknowledged; `length`: the value's behind it. */
  appended(key: string, word: string, length: number, shownBefore: number): void {
    const history = this.#of(key)
    if (length - word.length < shownBefore) {
      throw new Violation(HISTORY, `"${word}" stands before ${shownBefore} in ${key}, which was there when it began`)
    }
    this.#acknowledged += 1
    history.acknowledged.add(word)
    history.shown = Math.max(history.shown, length)
  }

  read(key: string, value: Uint8Array, shownBefore: number): void {
    const history = this.#of(key)
    if (value.length < shownBefore) {
      throw new Violation(HISTORY, `a read of ${key} shows ${value.length} bytes, ${shownBefore} were there before it`)
    }
    const text = decoder.decode(value)
    const [shorter, longer] = text.length < history.longest.length ? [text, history.longest] : [history.longest, text]
    if (!longer.startsWith(shorter)) throw new Violation(HISTORY, `two reads of ${key}: "${shorter}" and "${longer}"`)
    history.longest = longer
    history.shown = Math.max(history.shown, value.length)
  }

  /** Compares with what the stores hold in the end. */
  judge(read: (key: string) => Uint8Array | undefined): void {
    for (const [key, { acknowledged, longest }] of this.#keys) {
      const text = decoder.decode(read(key))
      if (!text.startsWith(longest)) throw new Violation(HISTORY, `${key} is "${text}", a read showed "${longest}"`)
      const words: readonly string[] = text.match(/[^;]*;/g) ?? []
      const unique = new Set(words)
      if (unique.size !== words.length) {
        const twice = words.find((word, at) => words.indexOf(word) !== at)
        throw new Violation(HISTORY, `"${twice}" was appended to ${key} more than once`)
      }
      for (const word of acknowledged) {
        if (!unique.has(word)) throw new Violation(HISTORY, `"${word}" was acknowledged and is not in ${key}`)
      }
    }
  }

  #of(key: string): KeyHistory {
    let history = this.#keys.get(key)
    if (!history) {
      history = { shown: 0, acknowledged: new Set(), longest: '' }
      this.#keys.set(key, history)
    }
    return history
  }
}
