/** Reads ShiViz logs: a text and `host {vector clock}` for each event, as ShiViz's own expression takes them apart. */
import { type Context, createContext, Script } from 'node:vm'
import { Problem } from '../../../node/contract/problem'
import { isObject } from '../../export/values'
import { bad } from '../bad'
import { twiceNamed } from '../json'
import type { Steps } from '../turns'

/** What ShiViz uses where a user says nothing else. */
export const DEFAULT_PARSER = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})'
/** As GoVector and its relatives write logs: the clock first. */
const CLOCK_FIRST = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)'
/** A log may hold several runs, each under its name. */
const RUN_DELIMITER = '^=== (?<trace>.*) ===$'

/** How many matches, or events, are one step. */
const STEP = 500

/** An expression that comes with a file may try more ways than anybody can wait for. Milliseconds. */
const LONGEST_SEARCH = 5_000

export interface LoggedEvent {
  readonly text: string
  readonly host: string
  /** By host: how many of its events are known. */
  readonly clock: ReadonlyMap<string, number>
  /** Where it begins, and where its clock stands, from 1. */
  readonly line: number
  readonly clockLine: number
}

export interface LoggedRun {
  /** Empty where the log has one run without a name. */
  readonly name: string
  readonly line: number
  readonly events: readonly LoggedEvent[]
}

interface Grammar {
  readonly parser: string
  readonly delimiter: string
  /** Where the log begins. */
  readonly from: number
}

/**
 * What a file says itself, as ShiViz's own files do: its expression in the first line and that of its runs in the second, both
 * possibly empty. Otherwise one of the two forms that logs have.
 */
function grammarOf(text: string): Grammar {
  const [first = '', second = ''] = text.split('\n', 2)
  if (GROUPS.every((group) => first.includes(group))) {
    const from = Math.min(text.length, first.length + second.length + 2)
    return { parser: whole(first), delimiter: second.trim() === '' ? RUN_DELIMITER : whole(second.trim()), from }
  }
  const begin = text.split('\n', HEAD_LINES).filter((line) => line.trim() !== '' && !/^===.*===$/.test(line))
  const isClockFirst = CLOCK_LINE.test(begin[0] ?? '') && !CLOCK_LINE.test(begin[1] ?? '')
  return { parser: isClockFirst ? CLOCK_FIRST : DEFAULT_PARSER, delimiter: RUN_DELIMITER, from: 0 }
}

const GROUPS = ['(?<event>', '(?<host>', '(?<clock>']
const CLOCK_LINE = /^\S+ \{.*\}\s*$/
const HEAD_LINES = 20

/** ShiViz has an expression of a file take whole lines. */
const whole = (expression: string): string => `^${expression.replace(/^\^/, '').replace(/\$$/, '')}$`

/**
 * Throws `bad-input`: what is no event, or has a clock that is none; or the expression itself, with `where` "parser".
 * @param longest milliseconds that one search with the expression may take
 */
export function* parseShiviz(text: string, given?: string, longest = LONGEST_SEARCH): Steps<readonly LoggedRun[]> {
  const own = grammarOf(text)
  const { delimiter: runsBy, from: begin } = own
  const parser = given ?? own.parser
  checkGroups(parser)
  const lines = new Lines(text)
  const isStrict = parser === DEFAULT_PARSER || parser === CLOCK_FIRST
  // Our own forms begin where a line does: looked for anywhere, a long line would be looked through from each of its characters.
  const expression = isStrict ? `^${parser}` : parser
  const delimiters = (yield* matches(text.slice(begin), runsBy, longest)).map(({ index, whole, trace }) => ({
    index: begin + index,
    end: begin + index + whole.length,
    name: trace,
  }))
  const runs: LoggedRun[] = []
  function* add(name: string, from: number, to: number): Steps<void> {
    const found = yield* matches(text.slice(from, to), expression, longest)
    const events = yield* eventsOf(text.slice(from, to), from, found, isStrict, lines)
    if (events.length === 0 && name === '') return
    const twin = runs.find((run) => run.name === name)
    if (twin !== undefined) throw bad(lines.at(from), `a run with another name than that of line ${twin.line} expected`)
    runs.push({ name, line: lines.at(from), events })
  }
  yield* add('', begin, delimiters[0]?.index ?? text.length)
  for (const [place, { name, end }] of delimiters.entries()) {
    yield* add(name, end, delimiters[place + 1]?.index ?? text.length)
  }
  if (runs.every(({ events }) => events.length === 0)) throw bad(1, `an event expected: ${parser}`)
  return runs
}

function checkGroups(parser: string): void {
  for (const group of GROUPS) {
    if (!parser.includes(group)) throw wrong(`a group ${group}…) expected`)
  }
}

interface Match {
  readonly index: number
  readonly whole: string
  readonly event: string
  readonly host: string
  readonly clock: string
  readonly trace: string
}

/** In a context of its own, a search can be ended from outside. */
const SEARCH = new Script(`const search = text.matchAll(new RegExp(expression, 'gm'))`)
const MORE = new Script(`
  Array.from({ length: step }, () => search.next().value).filter(Boolean).map(({ 0: whole, index, groups = {} }) => {
    const { event = '', host = '', clock = '', trace = '' } = groups
    return { index, whole, event, host, clock, trace }
  })`)

function* matches(text: string, expression: string, longest: number): Steps<readonly Match[]> {
  compiled(expression)
  const context = createContext({ text, expression, step: STEP })
  SEARCH.runInContext(context)
  const found: Match[] = []
  let left = longest
  for (;;) {
    const since = performance.now()
    const more = left > 0 ? searched(context, left) : undefined
    if (more === undefined) {
      const reason = `one that needs less than ${longest / 1_000} s for this log expected: ${expression}`
      throw new Problem('bad-input', { where: 'parser', reason })
    }
    left -= performance.now() - since
    for (const one of more) found.push(one)
    if (more.length < STEP) return found
    yield
  }
}

/** Undefined: it took longer than that. Milliseconds. */
function searched(context: Context, longest: number): readonly Match[] | undefined {
  try {
    return MORE.runInContext(context, { timeout: Math.ceil(longest) }) as readonly Match[]
  } catch (error) {
    // It comes from that context, where an Error is another one than here.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  }
}

function compiled(expression: string): RegExp {
  try {
    return new RegExp(expression, 'gm')
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (reason: string) => new Problem('bad-input', { where: 'parser', reason })

/** @param from where this part of the log begins in it */
function* eventsOf(
  part: string,
  from: number,
  found: readonly Match[],
  isStrict: boolean,
  lines: Lines,
): Steps<LoggedEvent[]> {
  const events: LoggedEvent[] = []
  let end = 0
  for (const { index, whole: matched, event, host, clock } of found) {
    // ShiViz passes over what its expression does not take; of its own form nothing should be left over.
    if (isStrict) checkBetween(part.slice(end, index), from + end, lines)
    const line = lines.at(from + index)
    const clockLine = lines.at(from + index + matched.lastIndexOf(clock))
    if (host === '') throw bad(clockLine, 'a host before its clock expected')
    events.push({ text: event, host, clock: clockOf(clock, host, clockLine), line, clockLine })
    end = index + matched.length
    if (events.length % STEP === 0) yield
  }
  if (isStrict) checkBetween(part.slice(end), from + end, lines)
  return events
}

function checkBetween(left: string, offset: number, lines: Lines): void {
  const at = left.search(/\S/)
  if (at >= 0)
    throw bad(
      lines.at(offset + at),
      'an event as two lines expected, its text and host {"host": n, …}; or the log’s own expression in its first line',
    )
}

function clockOf(text: string, host: string, line: number): ReadonlyMap<string, number> {
  // TLA+ prints a clock as a string of its own.
  const json = /^\{\s*\\"/.test(text) ? text.replaceAll('\\"', '"') : text
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw bad(line, `the clock: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isObject(value)) throw bad(line, 'a clock {"host": n, …} expected')
  const twice = twiceNamed(json, value)
  if (twice !== undefined) throw bad(line, `the clock: ${twice}: only once expected`)
  const clock = new Map<string, number>()
  for (const [name, count] of Object.entries(value)) {
    // Some libraries name all hosts from the beginning.
    if (count === 0) continue
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      throw bad(line, `the clock: ${name}: a whole number from 1 expected`)
    }
    clock.set(name, count)
  }
  if (!clock.has(host)) throw bad(line, `the clock: ${host} itself expected in it`)
  return clock
}

/** Which line a place of a text is in; places are asked for in any order. */
class Lines {
  readonly #ends: number[] = []

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#ends.push(at)
  }

  at(offset: number): number {
    let [low, high] = [0, this.#ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}

/**
 * Does a text begin like such a log? Decided line by line: a file that is no log may have very long ones, and an expression that
 * comes with one is not to be tried by somebody who only wants to know what it is.
 */
export function isShiviz(head: string): boolean {
  const { parser, from } = grammarOf(head)
  if (from > 0 || parser === CLOCK_FIRST) return true
  const lines = head.split('\n')
  return lines.some((line, place) => /^=== .* ===$/.test(line) || (place > 0 && /^\S* \{.*\}/.test(line)))
}
