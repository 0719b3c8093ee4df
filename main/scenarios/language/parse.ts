/** From the text of a scenario to what it means; or everything that is wrong with it, each with its place. */
import { LineCounter, parseDocument } from 'yaml'
import { Problem } from '../../node/contract/problem'
import type { ScenarioIssue } from '../../node/contract/scenario-issue'
import { explain } from './explain'
import { Issues, shown } from './issues'
import { Places } from './places'
import { type Scenario, scenarioSchema } from './schema'
import { makeSense } from './sense'

/** Characters of one text. */
export const MAX_SCENARIO_TEXT = 1 << 20
/** What aliases may make of one text. */
const MAX_ALIASES = 1000
/** An issue often has others in its wake; the first ones are what helps. */
export const MAX_ISSUES = 50

export interface ParsedScenario {
  readonly scenario: Scenario
  /** Of each step, from 1. */
  readonly lines: readonly number[]
}

/**
 * @param name of the file, for who reads the error
 * @throws {Problem} 'scenario-invalid', with every issue in the order of the text
 */
export function parseScenario(text: string, name: string): ParsedScenario {
  const result = readScenario(text)
  if (result.ok) return result.parsed
  throw new Problem('scenario-invalid', { name, issues: result.issues })
}

export type Read =
  | { readonly ok: true; readonly parsed: ParsedScenario }
  | { readonly ok: false; readonly issues: readonly ScenarioIssue[] }

/** As {@link parseScenario}, without throwing. */
export function readScenario(text: string): Read {
  const counter = new LineCounter()
  if (text.length > MAX_SCENARIO_TEXT) {
    const found = String(text.length)
    return failed([{ ...START, code: 'text-too-long', found, expected: [String(MAX_SCENARIO_TEXT)] }])
  }
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  const places = new Places(document, counter)
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) {
    return failed(
      broken.map(({ pos, code, message }) => ({
        ...START,
        ...places.at(pos[0]),
        code: 'yaml' as const,
        found: message,
        expected: [code],
      })),
    )
  }
  if (document.contents === null) return failed([{ ...START, code: 'empty', expected: ['scenario'] }])
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (thrown) {
    const found = thrown instanceof Error ? thrown.message : String(thrown)
    return failed([{ ...START, code: 'yaml', found, expected: ['RESOURCE_EXHAUSTION'] }])
  }
  return understood(value, new Issues(places), places)
}

function understood(value: unknown, issues: Issues, places: Places): Read {
  explain(scenarioSchema, value, [], issues.report)
  if (issues.all.length > 0) return failed(issues.all)
  const checked = scenarioSchema.safeParse(value)
  if (!checked.success) {
    // Nothing that the walk knows: zod's own words are better than silence.
    for (const { path, message } of checked.error.issues) {
      const place = path.map((part) => (typeof part === 'number' ? part : String(part)))
      issues.report({ code: 'rule', path: place, found: shown(undefined), expected: [message] })
    }
    return failed(issues.all)
  }
  const scenario: Scenario = checked.data
  const lines = scenario.steps.map((_, at) => places.of(['steps', at]).line)
  makeSense(scenario, lines, issues.report)
  return issues.all.length > 0 ? failed(issues.all) : { ok: true, parsed: { scenario, lines } }
}

const START = { line: 1, column: 1, path: '', found: '', expected: [], suggestion: '' } as const

function failed(issues: readonly ScenarioIssue[]): Read {
  return { ok: false, issues: issues.slice(0, MAX_ISSUES) }
}
