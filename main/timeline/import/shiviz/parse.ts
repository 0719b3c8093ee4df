/** Reads ShiViz logs: a text and `host {vector clock}` for each event, as ShiViz's own expression takes them apart. */
import { Problem } from '../../../node/contract/problem'
import { isObject } from '../../export/values'
import { bad } from '../bad'

/** What ShiViz uses where a user says nothing else. */
export const DEFAULT_PARSER = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})'
/** As GoVector and its relatives write logs: the clock first. */
const CLOCK_FIRST = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)'
/** A log may hold several runs, each under its name. */
const RUN_DELIMITER = '^=== (?<trace>.*) ===$'

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

/** Throws `bad-input`: what is no event, or has a clock that is none; or the expression itself, with `where` "parser". */
export function parseShiviz(text: string, given?: string): readonly LoggedRun[] {
  const own = grammarOf(text)
  const { delimiter: runsBy, from: begin } = own
  const parser = given ?? own.parser
  const expression = expressionOf(parser)
  const lines = new Lines(text)
  const isStrict = parser === DEFAULT_PARSER || parser === CLOCK_FIRST
  const delimiters = [...text.slice(begin).matchAll(compiled(runsBy))].map((match) => ({
    index: begin + match.index,
    end: begin + match.index + match[0].length,
    name: match.groups?.trace ?? '',
  }))
  const runs: LoggedRun[] = []
  const add = (name: string, from: number, to: number) => {
    const events = eventsOf(text, from, to, expression, isStrict, lines)
    if (events.length === 0 && name === '') return
    const twin = runs.find((run) => run.name === name)
    if (twin !== undefined) throw bad(lines.at(from), `a run with another name than that of line ${twin.line} expected`)
    runs.push({ name, line: lines.at(from), events })
  }
  add('', begin, delimiters[0]?.index ?? text.length)
  for (const [place, { name, end }] of delimiters.entries()) add(name, end, delimiters[place + 1]?.index ?? text.length)
  if (runs.every(({ events }) => events.length === 0)) throw bad(1, `an event expected: ${parser}`)
  return runs
}

function expressionOf(parser: string): RegExp {
  for (const group of GROUPS) {
    if (!parser.includes(group)) throw wrong(`a group ${group}…) expected`)
  }
  return compiled(parser)
}

function compiled(expression: string): RegExp {
  try {
    return new RegExp(expression, 'gm')
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (reason: string) => new Problem('bad-input', { where: 'parser', reason })

function eventsOf(
  text: string,
  from: number,
  to: number,
  expression: RegExp,
  isStrict: boolean,
  lines: Lines,
): LoggedEvent[] {
  const part = text.slice(from, to)
  const events: LoggedEvent[] = []
  let end = 0
  for (const match of part.matchAll(expression)) {
    const { event = '', host = '', clock = '' } = match.groups ?? {}
    // ShiViz passes over what its expression does not take; of its own form nothing should be left over.
    if (isStrict) checkBetween(part.slice(end, match.index), from + end, lines)
    const line = lines.at(from + match.index)
    const clockLine = lines.at(from + match.index + match[0].lastIndexOf(clock))
    if (host === '') throw bad(clockLine, 'a host before its clock expected')
    events.push({ text: event, host, clock: clockOf(clock, host, clockLine), line, clockLine })
    end = match.index + match[0].length
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
  let value: unknown
  try {
    // TLA+ prints a clock as a string of its own.
    value = JSON.parse(/^\{\s*\\"/.test(text) ? text.replaceAll('\\"', '"') : text)
  } catch (error) {
    throw bad(line, `the clock: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isObject(value)) throw bad(line, 'a clock {"host": n, …} expected')
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

/** Does a text begin like such a log? */
export function isShiviz(head: string): boolean {
  const { parser, delimiter, from } = grammarOf(head)
  if (from > 0) return true
  return new RegExp(parser, 'm').test(head) || new RegExp(delimiter, 'm').test(head)
}
