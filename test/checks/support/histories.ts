/** Histories made by clients of an object that answers right, and what makes them wrong. */
import type { Operation } from '../../../main/checks/history/operation'
import type { KeyValueInput, KeyValueOutput } from '../../../main/checks/models/key-value'
import { keyValue } from '../../../main/checks/models/key-value'

export type KeyValueCall = Operation<KeyValueInput, KeyValueOutput>

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface Wish {
  readonly calls: number
  readonly clients: number
  readonly keys: number
  /** Shares of 1. */
  readonly unknown?: number
  readonly ops?: readonly KeyValueInput['op'][]
}

/** Each client makes one call after the other; each call takes effect at one moment between its begin and its end. */
export function linearizableHistory(seed: number, wish: Wish): KeyValueCall[] {
  const random = randomOf(seed)
  const { calls, clients, keys, unknown = 0, ops = ['get', 'put', 'cas', 'delete', 'append'] } = wish
  const drafts = Array.from({ length: calls }, (_, n) => {
    const round = Math.floor(n / clients)
    const from = round * 10 + random() * 4
    const effect = from + random() * 6
    const to = effect + random() * (round * 10 + 9.9 - effect)
    return { n, process: n % clients, from, effect, to }
  })
  const states = new Map<string, string>()
  const histories: KeyValueCall[] = []
  let written = 0
  for (const { n, process, from, to } of drafts.toSorted((a, b) => a.effect - b.effect)) {
    const key = `k${Math.floor(random() * keys)}`
    const state = states.get(key) ?? keyValue.initial
    const op = ops[Math.floor(random() * ops.length)] as KeyValueInput['op']
    const value = `v${written++}`
    const held = state === '' ? null : state.slice(1)
    const expected = random() < 0.7 ? held : `v${Math.floor(random() * written)}`
    const input: KeyValueInput =
      op === 'get' || op === 'delete' ? { op, key } : op === 'cas' ? { op, key, expected, value } : { op, key, value }
    const isUnknown = random() < unknown
    if (!isUnknown || random() < 0.5) states.set(key, keyValue.step(state, input, undefined) ?? state)
    const output: KeyValueOutput =
      op === 'get'
        ? { value: held }
        : op === 'delete'
          ? { done: held !== null }
          : op === 'cas'
            ? { done: held === expected }
            : {}
    const place = { call: n, answer: n }
    // A client whose call was not answered is another one from then on.
    histories.push(
      isUnknown
        ? { process: clients + n, input, output: undefined, from, to: Number.POSITIVE_INFINITY, place }
        : { process, input, output, from, to, place },
    )
  }
  return histories.toSorted((a, b) => a.from - b.from)
}
