/** Histories that other tools wrote, as operations of a model. */
import { type Edn, ednText, type HistoryForm, type HistoryOperation, MISMATCH } from '../../timeline/import'
import { type KeyValueInput, type KeyValueOutput, keyValue, textStore } from '../models/key-value'
import type { Model } from '../models/model'
import { type RegisterInput, type RegisterOutput, register } from '../models/register'
import type { Operation } from './operation'

export type ModelName = 'kv' | 'register' | 'cas-register'

export type ReadHistory =
  | {
      readonly of: 'kv'
      readonly model: Model<KeyValueInput, KeyValueOutput>
      readonly operations: readonly Operation<KeyValueInput, KeyValueOutput>[]
    }
  | {
      readonly of: 'cas-register'
      readonly model: Model<RegisterInput, RegisterOutput>
      readonly operations: readonly Operation<RegisterInput, RegisterOutput>[]
    }

interface Call {
  readonly invoke: HistoryOperation
  readonly answer: HistoryOperation | undefined
  /** Places in the order of the history: its clock. */
  readonly from: number
  readonly to: number
}

/**
 * Reads a history to its end. What it is of is told by its operations when `model` is left out: keys, or put and get, are a store's.
 * `fail` had no effect and is left out, with one exception: a cas that found something else, where that is told, has seen it.
 * Some histories print a read of nothing as `nil`, which in EDN also stands for a value that was not noted: it proves nothing there.
 * @throws {TypeError} where an operation is none of the model's, with its line
 */
export async function operationsOf(
  history: AsyncIterable<HistoryOperation>,
  form: HistoryForm,
  model?: ModelName,
): Promise<ReadHistory> {
  const calls = await callsIn(history)
  const isStore = model === undefined ? calls.some(isOfStore) : model === 'kv'
  if (!isStore) {
    const operations = calls.flatMap((call) => operation(call, registerInput, (of) => registerOutput(of, form)))
    return { of: 'cas-register', model: register, operations }
  }
  const operations = calls.flatMap((call) => operation(call, keyValueInput, keyValueOutput))
  // There are stores that answer with the empty text where nothing is.
  const isText = operations.some(({ input, output }) => input.op === 'get' && output?.value === '')
  return { of: 'kv', model: isText ? textStore : keyValue, operations }
}

async function callsIn(history: AsyncIterable<HistoryOperation>): Promise<readonly Call[]> {
  const open = new Map<number | string, { readonly invoke: HistoryOperation; readonly from: number }>()
  const calls: Call[] = []
  let place = 0
  for await (const told of history) {
    place++
    // Who breaks things is no client.
    if (typeof told.process === 'string') continue
    const call = open.get(told.process)
    if (told.type === 'invoke') open.set(told.process, { invoke: told, from: place })
    else if (call !== undefined) {
      open.delete(told.process)
      calls.push({ ...call, answer: told, to: told.type === 'info' ? Number.POSITIVE_INFINITY : place })
    }
  }
  for (const call of open.values()) calls.push({ ...call, answer: undefined, to: Number.POSITIVE_INFINITY })
  return calls
}

const isOfStore = ({ invoke: { f, key } }: Call): boolean =>
  key !== undefined || ['get', 'put', 'append', 'delete'].includes(f)

/** Nothing when it is certain that it had no effect, and nothing was learnt. */
function operation<I, O>(
  call: Call,
  inputOf: (call: Call) => I,
  outputOf: (call: Call) => O | undefined,
): Operation<I, O>[] {
  const { invoke, answer, from, to } = call
  const input = inputOf(call)
  const output = answer === undefined || answer.type === 'info' ? undefined : outputOf(call)
  if (output === undefined && answer?.type === 'fail') return []
  const place = { call: invoke.line, answer: answer?.line ?? invoke.line }
  return [{ process: Number(invoke.process), input, output, from, to, place }]
}

const textOf = (value: Edn): string => (typeof value === 'string' ? value : ednText(value))
const textOrNothing = (value: Edn): string | null => (value === null ? null : textOf(value))

/** The two values of a cas. */
function pairOf({ line, value }: HistoryOperation): readonly [Edn, Edn] {
  if (value !== null && typeof value === 'object' && 'items' in value && value.items.length === 2) {
    const [expected = null, next = null] = value.items
    return [expected, next]
  }
  throw new TypeError(`line ${line}: two values of a cas expected, not ${ednText(value).slice(0, 40)}`)
}

const unknownWord = ({ line, f }: HistoryOperation, known: string): TypeError =>
  new TypeError(`line ${line}: :f: one of ${known} expected, not ${f}`)

function registerInput({ invoke }: Call): RegisterInput {
  switch (invoke.f) {
    case 'read':
      return { op: 'read' }
    case 'write':
      return { op: 'write', value: textOf(invoke.value) }
    case 'cas': {
      const [expected, value] = pairOf(invoke)
      return { op: 'cas', expected: textOf(expected), value: textOf(value) }
    }
    default:
      throw unknownWord(invoke, 'read, write, cas')
  }
}

function registerOutput({ invoke, answer }: Call, form: HistoryForm): RegisterOutput | undefined {
  if (answer?.type === 'fail') return mismatch(answer)
  if (invoke.f === 'cas') return { done: true }
  if (invoke.f !== 'read') return {}
  const value = textOrNothing(answer?.value ?? null)
  return value === null && form === 'edn' ? {} : { value }
}

const mismatch = ({ f, error }: HistoryOperation): { readonly done: false } | undefined =>
  f === 'cas' && error === MISMATCH ? { done: false } : undefined

function keyValueInput({ invoke }: Call): KeyValueInput {
  const key = invoke.key === undefined ? '' : textOf(invoke.key)
  switch (invoke.f) {
    case 'get':
    case 'read':
      return { op: 'get', key }
    case 'put':
    case 'write':
      return { op: 'put', key, value: textOf(invoke.value) }
    case 'append':
      return { op: 'append', key, value: textOf(invoke.value) }
    case 'delete':
      return { op: 'delete', key }
    case 'cas': {
      const [expected, value] = pairOf(invoke)
      return { op: 'cas', key, expected: textOrNothing(expected), value: textOf(value) }
    }
    default:
      throw unknownWord(invoke, 'get, put, append, delete, cas')
  }
}

function keyValueOutput({ invoke, answer }: Call): KeyValueOutput | undefined {
  if (answer?.type === 'fail') return mismatch(answer)
  if (invoke.f === 'cas') return { done: true }
  if (invoke.f !== 'get' && invoke.f !== 'read') return {}
  return { value: textOrNothing(answer?.value ?? null) }
}
