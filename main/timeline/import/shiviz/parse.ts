/** Reads ShiViz logs: a text and `host {vector clock}` for each event, as ShiViz's own expression takes them apart. */
import { Problem } from '../../../node/contract/problem'
import { isObject } from '../../export/values'
import { bad } from '../bad'

/** What ShiViz uses where a user says nothing else. */
export const DEFAULT_PARSER = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})'
/** A log may hold several runs, each under its name. */
export const RUN_DELIMITER = '^=== (?<trace>.*) ===$'

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

/** Throws `bad-input`: what is no event, or has a clock that is none; or the expression itself, with `where` "parser". */
export function parseShiviz(text: string, parser = DEFAULT_PARSER): readonly LoggedRun[] {
  const expression = expressionOf(parser)
  const lines = new Lines(text)
  const delimiters = [...text.matchAll(new RegExp(RUN_DELIMITER, 'gm'))]
  const runs: LoggedRun[] = []
  const add = (name: string, from: number, to: number) => {
    const events = eventsOf(text, from, to, expression, parser === DEFAULT_PARSER, lines)
    if (events.length > 0 || name !== '') runs.push({ name, line: lines.at(from), events })
  }
  add('', 0, delimiters[0]?.index ?? text.length)
  for (const [place, delimiter] of delimiters.entries()) {
    const from = delimiter.index + delimiter[0].length
    add(delimiter.groups?.trace ?? '', from, delimiters[place + 1]?.index ?? text.length)
  }
  if (runs.every(({ events }) => events.length === 0)) throw bad(1, `an event expected: ${parser}`)
  return runs
}

function expressionOf(parser: string): RegExp {
  const wrong = (reason: string) => new Problem('bad-input', { where: 'parser', reason })
  for (const group of ['event', 'host', 'clock']) {
    if (!parser.includes(`(?<${group}>`)) throw wrong(`a group (?<${group}>…) expected`)
  }
  try {
    return new RegExp(parser, 'gm')
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

function eventsOf(
  text: string,
  from: number,
  to: number,
  expression: RegExp,
  isDefault: boolean,
  lines: Lines,
): LoggedEvent[] {
  const part = text.slice(from, to)
  const events: LoggedEvent[] = []
  let end = 0
  for (const match of part.matchAll(expression)) {
    const { event = '', host = '', clock = '' } = match.groups ?? {}
    // ShiViz passes over what its expression does not take; of its own form nothing should be left over.
    if (isDefault) checkBetween(part.slice(end, match.index), from + end, lines)
    const line = lines.at(from + match.index)
    const clockLine = lines.at(from + match.index + match[0].lastIndexOf(clock))
    if (host === '') throw bad(clockLine, 'a host before its clock expected')
    events.push({ text: event, host, clock: clockOf(clock, host, clockLine), line, clockLine })
    end = match.index + match[0].length
  }
  if (isDefault) checkBetween(part.slice(end), from + end, lines)
  return events
}

function checkBetween(left: string, offset: number, lines: Lines): void {
  const at = left.search(/\S/)
  if (at >= 0) throw bad(lines.at(offset + at), 'host {"host": n, …} expected in the line after an event’s text')
}

function clockOf(text: string, host: string, line: number): ReadonlyMap<string, number> {
  let value: unknown
  try {
    value = JSON.parse(text)
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
