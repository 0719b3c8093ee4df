/** A history as a timeline: calls and their answers, faults where the nemesis is understood, notes where it is not. */
import type { ClientOp, TimelineEvent } from '../../../node/contract/events'
import { Numbering } from '../events'
import { type Edn, ednText, isVector, isWord } from './edn'
import { Faults } from './faults'
import { type HistoryOperation, MISMATCH } from './operation'
import { wordsOf } from './words'

const OPS: Readonly<Record<string, ClientOp>> = {
  read: 'get',
  get: 'get',
  write: 'put',
  put: 'put',
  cas: 'cas',
  append: 'append',
  delete: 'delete',
}
/** What a history of one thing calls it: nothing. A call has a key. */
const ONLY_KEY = 'register'
const NOTHING = new Uint8Array(0)
const MOST_CLIENTS = 0x1_0000

const encoder = new TextEncoder()

/** The events of a history that is called `name`. */
export async function* historyEvents(
  operations: AsyncIterable<HistoryOperation>,
  name: string,
): AsyncGenerator<TimelineEvent> {
  const numbering = new Numbering()
  const faults = new Faults(numbering)
  const calls = new Map<number | string, number>()
  let count = 0
  yield numbering.event(0, 0, 'cluster', { id: '', name, nodes: 0, settings: '{}' })
  for await (const operation of operations) {
    const t = operation.time ?? numbering.next
    const { process, type } = operation
    if (typeof process === 'string') {
      yield* faults.take(operation, t)
      continue
    }
    const op = OPS[operation.f]
    const call = op === 'cas' && casOf(operation.value) === undefined ? undefined : op
    if (call === undefined) {
      yield numbering.event(0, t, 'note', { text: wordsOf(operation) })
    } else if (type === 'invoke') {
      calls.set(process, ++count)
      yield numbering.event(0, t, 'invoke', invokeOf(operation, call, process, count))
    } else {
      const known = calls.get(process)
      if (known !== undefined) yield numbering.event(0, t, 'answer', answerOf(operation, call, known))
    }
  }
}

function invokeOf(operation: HistoryOperation, op: ClientOp, process: number, call: number) {
  const { key, value } = operation
  const swap = op === 'cas' ? casOf(value) : undefined
  const asked = op === 'put' || op === 'append' ? bytesOf(value) : NOTHING
  return {
    call,
    client: process % MOST_CLIENTS,
    op,
    key: key === undefined ? ONLY_KEY : textOf(key),
    value: swap === undefined ? asked : bytesOf(swap.to),
    via: 0,
    consistency: 'log',
    expected: swap === undefined || swap.from === null ? NOTHING : bytesOf(swap.from),
    hasExpected: swap !== undefined && swap.from !== null,
  } as const
}

function answerOf(operation: HistoryOperation, op: ClientOp, call: number) {
  const { type, value, error } = operation
  const nowhere = { from: 0, index: 0, term: 0 }
  // It was done, and changed nothing.
  const isMismatch = type === 'fail' && op === 'cas' && error === MISMATCH
  if (type === 'ok' || isMismatch) {
    const read = op === 'get' && value !== null
    const found = read || (op === 'cas' && !isMismatch)
    return { call, outcome: 'ok', found, value: read ? bytesOf(value) : NOTHING, problem: '', ...nowhere } as const
  }
  const outcome = type === 'fail' ? 'failed' : 'unknown'
  return { call, outcome, found: false, value: NOTHING, problem: error, ...nowhere } as const
}

/** From what to what; undefined when a value does not say so. */
function casOf(value: Edn): { readonly from: Edn; readonly to: Edn } | undefined {
  if (!isVector(value) || value.items.length !== 2) return undefined
  const [from = null, to = null] = value.items
  return { from, to }
}

/** A text as it is, anything else as it is written. */
function textOf(value: Edn): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  return isWord(value) && value.edn !== 'keyword' ? value.text : ednText(value)
}

function bytesOf(value: Edn): Uint8Array {
  if (typeof value === 'object' && value !== null && value.edn === 'tagged' && value.tag === 'raft/base64') {
    if (typeof value.value === 'string') return new Uint8Array(Buffer.from(value.value, 'base64'))
  }
  return encoder.encode(textOf(value))
}
