/** What the clients of one workload were told, and whether it can be true. */
import type { CallResult } from '../../cluster/api'
import type { Command } from '../../node/contract/client'
import { type Doubt, explain, type KeyAction, type KeyCall, UNSEEN } from './explain'
import type { Finding } from './finding'
import { ABSENT, nameOf, type Piece, Values } from './values'

export interface HistoryCounts {
  readonly calls: number
  /** Writes that were acknowledged. */
  readonly acknowledged: number
  readonly reads: number
  readonly failed: number
  readonly unknown: number
  readonly keys: number
  /** Keys whose calls have too many possible orders to look at all of them. */
  readonly undecided: number
}

/** `written`: the piece of a put, append or cas; `value`: what a read saw, or a cas compared with. */
interface Told {
  readonly op: Command['op']
  readonly outcome: CallResult['outcome']
  readonly began: number
  readonly ended: number
  readonly found: boolean
  readonly written: Piece | undefined
  readonly value: number
}

/** The clock's ticks and the way to whoever listens: a call may have begun this much earlier than it seems, milliseconds. */
const SLACK_MS = 1

export class History {
  readonly #values: Values
  readonly #keys = new Map<string, Told[]>()
  readonly #findings: Finding[] = []
  #calls = 0

  /** @param pieceBytes the workload's `valueBytes` */
  constructor(pieceBytes: number) {
    this.#values = new Values(pieceBytes)
  }

  /** Right after the answer. @param now on one clock for all calls, milliseconds */
  answered(command: Command, result: CallResult, now = performance.now()): void {
    const { op, key } = command
    const { outcome, found } = result
    this.#calls++
    const began = now - result.millis - SLACK_MS
    const written = 'value' in command ? this.#values.piece(command.value) : undefined
    const told = this.#keys.get(key) ?? []
    this.#keys.set(key, told)
    let value: number | string = ABSENT
    if (op === 'get' && outcome === 'ok' && found) value = this.#values.see(result.value, now)
    // A cas that found what it expected has seen it; of one that did not, nothing follows for the value.
    if (op === 'cas' && command.expected !== null) {
      const isSeen = outcome === 'ok' && found
      value = this.#values.see(command.expected, isSeen ? now : Number.POSITIVE_INFINITY)
    }
    if (typeof value === 'string') {
      this.#findings.push({ kind: 'history', key, detail: value })
      return
    }
    told.push({ op, outcome, began, ended: now, found, written, value })
  }

  check(): { readonly findings: readonly Finding[]; readonly counts: HistoryCounts } {
    const findings = [...this.#findings]
    let undecided = 0
    this.#seeExpected()
    const all = [...this.#keys.values()].flat()
    findings.push(...this.#strangers())
    for (const [key, told] of this.#keys) {
      const explained = explain(...this.#callsOf(told))
      if (explained.outcome === 'undecided') undecided++
      if (explained.outcome !== 'impossible') continue
      const { call, values } = explained
      const words = values.map((value) => this.#spell(value)).join(' or ')
      findings.push({ kind: 'history', key, detail: `${call.name}, but there must have been ${words}` })
    }
    const count = (is: (told: Told) => boolean) => all.filter(is).length
    const counts = {
      calls: this.#calls,
      acknowledged: count(({ op, outcome }) => op !== 'get' && outcome === 'ok'),
      reads: count(({ op, outcome }) => op === 'get' && outcome === 'ok'),
      failed: count(({ outcome }) => outcome === 'failed'),
      unknown: count(({ outcome }) => outcome === 'unknown'),
      keys: this.#keys.size,
      undecided,
    }
    return { findings, counts }
  }

  /** An unknown cas whose piece was seen has found what it compared with: that counts as seen when its piece was. */
  #seeExpected(): void {
    const doubtful = [...this.#keys.values()].flat().filter(({ op, outcome }) => op === 'cas' && outcome === 'unknown')
    for (let isNew = true; isNew; ) {
      isNew = false
      for (const { written, value } of doubtful) {
        const expected = this.#values.find(value)
        if (expected === undefined || written === undefined || written.seen >= expected.seen) continue
        this.#values.seenUntil(expected, written.seen)
        isNew = true
      }
    }
  }

  /** Pieces that were seen, and that nobody can have written where they were. */
  *#strangers(): Iterable<Finding> {
    const writers = new Map<Piece, { readonly key: string; readonly told: Told }>()
    for (const [key, tolds] of this.#keys) {
      for (const told of tolds) if (told.written !== undefined) writers.set(told.written, { key, told })
    }
    for (const [key, tolds] of this.#keys) {
      const seen = new Set(tolds.filter(sees).map(({ value }) => value))
      for (const value of seen) {
        for (let piece = this.#values.find(value); piece !== undefined; piece = this.#values.find(piece.before ?? 0)) {
          const writer = writers.get(piece)
          const wrong = wrongWith(piece, key, writer)
          if (wrong !== undefined) yield { kind: 'history', key, detail: `${nameOf(piece)} was read, ${wrong}` }
        }
      }
    }
  }

  #callsOf(tolds: readonly Told[]): [KeyCall[], Doubt[]] {
    const calls: KeyCall[] = []
    const doubts: Doubt[] = []
    for (const told of tolds) {
      const { op, outcome, began, written } = told
      if (outcome === 'failed' || (outcome === 'unknown' && op === 'get')) continue
      const isSeen = written !== undefined && written.seen !== Number.POSITIVE_INFINITY
      if (outcome === 'unknown' && !isSeen) {
        doubts.push({ began, type: op === 'delete' ? 'delete' : 'write' })
        continue
      }
      const ended = outcome === 'unknown' ? (written?.seen ?? told.ended) : told.ended
      calls.push({ began, ended: Math.max(began, ended), what: actionOf(told), name: this.#name(told) })
    }
    return [calls, doubts]
  }

  #name({ op, outcome, found, written, value }: Told): string {
    const what = written === undefined ? op : `${op} of ${nameOf(written)}`
    const result = op === 'get' || op === 'cas' ? ` (${found ? 'found' : 'not found'}: ${this.#spell(value)})` : ''
    return `${what}${result} ${outcome === 'ok' ? 'was answered' : 'took effect'}`
  }

  #spell(value: number): string {
    if (value === ABSENT) return 'nothing'
    if (value === UNSEEN) return 'something never read'
    const piece = this.#values.find(value)
    return piece === undefined ? 'something' : `…${nameOf(piece)}`
  }
}

const sees = ({ op, outcome, found, value }: Told): boolean =>
  value !== ABSENT && outcome === 'ok' && found && (op === 'get' || op === 'cas')

function wrongWith(
  piece: Piece,
  key: string,
  writer: { readonly key: string; readonly told: Told } | undefined,
): string | undefined {
  if (writer === undefined) return 'but nobody wrote it'
  const { told } = writer
  if (writer.key !== key) return `but it was written to ${writer.key}`
  if (told.outcome === 'failed' || (told.op === 'cas' && told.outcome === 'ok' && !told.found)) {
    return 'but its call was told that it had no effect'
  }
  return told.op !== 'append' && piece.before !== ABSENT ? 'but not as the beginning of the value' : undefined
}

/** Of a call that happened. */
function actionOf({ op, outcome, found, written, value }: Told): KeyAction {
  const piece = written !== undefined && written.seen !== Number.POSITIVE_INFINITY ? written.id : UNSEEN
  switch (op) {
    case 'get':
      return { type: 'read', value }
    case 'put':
      return { type: 'write', piece }
    case 'append':
      return { type: 'append', piece, before: piece === UNSEEN ? undefined : written?.before }
    case 'delete':
      return { type: 'delete', found }
    case 'cas':
      return outcome === 'ok' && !found
        ? { type: 'no-swap', expected: value }
        : { type: 'swap', expected: value, piece }
  }
}
