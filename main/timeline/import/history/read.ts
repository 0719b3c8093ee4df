/** Reads histories: EDN maps one after another or in one vector, and the lines that Jepsen logs. */
import { bad } from '../bad'
import { linesOf } from '../text'
import { type Edn, EdnError, type EdnMap, ednText, isMap, isTagged, isVector, isWord, readEdn } from './edn'
import { formsOf } from './forms'
import { type HistoryOperation, MISMATCH, OPERATION_TYPES, type OperationType } from './operation'
import { wellFormed } from './rules'

/** How a history is written. */
export type HistoryForm = 'edn' | 'log'

/** A line of a Jepsen log: `INFO  jepsen.util - 4\t:invoke\t:write\t3`, with whatever its logger puts before the process. */
const LOG_LINE = /(?:^|\s)(\d+|:[a-z][\w-]*)\s+:(invoke|ok|fail|info)\s+:(\S+)(?:\s+(.*))?$/
/** One that is meant to be such a line: what stands where the operation's type should. */
const UNREAD_LINE = /jepsen\.util(?:\s+-|:)\s+(?:\S+\s+)?:([\w-]+)\s+:/
const JEPSEN_LINE = /jepsen|:(?:invoke|ok|fail|info)\s/

export function isLogLine(line: string): boolean {
  return /^(?:INFO|WARN|DEBUG|ERROR)\b/.test(line) && JEPSEN_LINE.test(line)
}

/**
 * The operations of a history, in order; reading throws `bad-input` with the line and the rule at the first thing that breaks
 * one: of the notation, or of histories (an answer without a call, two calls of one process at once).
 */
export function readHistory(chunks: AsyncIterable<string>, form: HistoryForm): AsyncGenerator<HistoryOperation> {
  return wellFormed(form === 'edn' ? fromEdn(chunks) : fromLog(chunks))
}

async function* fromEdn(chunks: AsyncIterable<string>): AsyncGenerator<HistoryOperation> {
  const keyed = new Keyed()
  for await (const { text, line } of formsOf(chunks)) {
    const form = read(text, line)
    if (form !== undefined) yield keyed.take(operationOf(form, line))
  }
}

function read(text: string, line: number): Edn | undefined {
  try {
    return readEdn(text)
  } catch (error) {
    if (!(error instanceof EdnError)) throw error
    const before = text.slice(0, error.offset).split('\n').length - 1
    throw bad(line + before, error.message)
  }
}

function operationOf(form: Edn, line: number): HistoryOperation {
  // Newer histories print an operation as a record: a tagged map.
  const map = isTagged(form) ? form.value : form
  if (!isMap(map)) throw bad(line, `a map expected, not ${ednText(form).slice(0, 40)}`)
  const fields = fieldsOf(map)
  const word = (name: string): string => {
    const value = fields.get(name)
    if (value === undefined) throw bad(line, `:${name} expected`)
    if (typeof value === 'string') return value
    if (isWord(value)) return value.text
    throw bad(line, `:${name}: a keyword expected, not ${ednText(value)}`)
  }
  const fault = fields.get('fault')
  return {
    line,
    process: processOf(fields.get('process'), line),
    type: typeOf(word('type'), line),
    f: word('f'),
    key: fields.get('key'),
    value: fields.get('value') ?? null,
    time: timeOf(fields.get('time'), line),
    error: errorText(fields.get('error')),
    fault: typeof fault === 'number' ? fault : undefined,
  }
}

function fieldsOf(map: EdnMap): ReadonlyMap<string, Edn> {
  const fields = new Map<string, Edn>()
  for (const [key, value] of map.pairs) if (isWord(key)) fields.set(key.text, value)
  return fields
}

function processOf(value: Edn | undefined, line: number): number | string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  if (value !== undefined && value !== null && isWord(value)) return value.text
  const found = value === undefined ? 'none' : ednText(value)
  throw bad(line, `:process: a whole number or a keyword expected, not ${found}`)
}

/** Nanoseconds; a history need not know them. */
function timeOf(value: Edn | undefined, line: number): number | undefined {
  if (value === undefined || value === null) return undefined
  const time = typeof value === 'bigint' ? Number(value) : value
  if (typeof time === 'number' && Number.isFinite(time)) return time
  throw bad(line, `:time: a finite number expected, not ${ednText(value)}`)
}

function typeOf(word: string, line: number): OperationType {
  const type = OPERATION_TYPES.find((one) => one === word)
  if (type === undefined) throw bad(line, `:type: one of ${OPERATION_TYPES.join(', ')} expected, not ${word}`)
  return type
}

function errorText(error: Edn | undefined): string {
  if (error === undefined || error === null) return ''
  if (typeof error === 'string') return error
  return isWord(error) ? error.text : ednText(error)
}

/**
 * Jepsen's independent keys: the value of every operation is `[key value]` then. That cannot be told from one operation (a
 * cas has two values as well), so it is told by the first read that is asked for: one of a single thing knows no value.
 */
class Keyed {
  #isKeyed: boolean | undefined

  take(operation: HistoryOperation): HistoryOperation {
    const { key, value, f, type } = operation
    if (key !== undefined || typeof operation.process === 'string') return operation
    // Some print the pair as what it is.
    const pair = isTagged(value) && /tuple/i.test(value.tag) ? value.value : value
    const isTuple = pair !== value
    if (!isVector(pair) || pair.items.length !== 2) {
      if (type === 'invoke') this.#isKeyed ??= false
      return operation
    }
    if (type === 'invoke' && this.#isKeyed === undefined) this.#isKeyed = isTuple || isPair(f, pair.items[1] ?? null)
    if (!isTuple && this.#isKeyed !== true) return operation
    const [first = null, second = null] = pair.items
    return { ...operation, key: first, value: second }
  }
}

/** Of the first call of a history, whose value is two things: is the first one a key? */
function isPair(f: string, second: Edn): boolean {
  if (f === 'cas') return isVector(second) && second.items.length === 2
  return f === 'read' || f === 'get' ? second === null : ['write', 'put', 'append', 'delete'].includes(f)
}

async function* fromLog(chunks: AsyncIterable<string>): AsyncGenerator<HistoryOperation> {
  let line = 0
  let count = 0
  const calls = new Map<number | string, Edn>()
  for await (const text of linesOf(chunks)) {
    line++
    const found = LOG_LINE.exec(text.trimEnd())
    // A test logs other things as well; but what names an operation's type has to be one.
    if (found === null) {
      const [, word = ''] = UNREAD_LINE.exec(text) ?? []
      if (word === '') continue
      typeOf(word, line)
      throw bad(line, 'a process, :type, :f and value expected')
    }
    const [, who = '', type = '', f = '', rest = ''] = found
    const process = processOf(who.startsWith(':') ? { edn: 'keyword', text: who.slice(1) } : Number(who), line)
    count++
    const told = rest === '' ? null : (read(rest, line) ?? null)
    // `:timed-out` stands where the value would be.
    const isReason = type !== 'invoke' && told !== null && isWord(told) && told.edn === 'keyword'
    if (type === 'invoke') calls.set(process, told)
    yield {
      line,
      process,
      type: typeOf(type, line),
      f,
      key: undefined,
      value: isReason ? (calls.get(process) ?? null) : told,
      time: undefined,
      error: isReason ? errorText(told) : type === 'fail' && f === 'cas' ? MISMATCH : '',
      fault: undefined,
    }
  }
  if (count === 0) throw bad(line, 'an operation expected before the end of the file')
}
