/** Where something is wrong in a scenario, and what: collected while its text is looked at. */
import type { ScenarioIssue, ScenarioIssueCode } from '../../node/contract/scenario-issue'
import type { Path, Places } from './places'

export interface Finding {
  readonly code: ScenarioIssueCode
  readonly path: Path
  /** `key`: about the key itself, or about what is missing under it. */
  readonly at?: 'key' | 'value'
  /** Characters from the beginning of the value. */
  readonly offset?: number
  readonly found?: string
  readonly expected?: readonly string[]
  readonly suggestion?: string
}
export type Report = (finding: Finding) => void

const MAX_SHOWN = 60

/** A value as a person may read it: JSON on one line, shortened; '' for nothing. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = JSON.stringify(value) ?? String(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text
}

/** The issues of one text, in its order. */
export class Issues {
  readonly #places: Places
  readonly #found: ScenarioIssue[] = []

  constructor(places: Places) {
    this.#places = places
  }

  readonly report: Report = ({ code, path, at, offset, found, expected, suggestion }) => {
    this.#found.push({
      ...this.#places.of(path, at, offset),
      path: pathText(path),
      code,
      found: found ?? '',
      expected: expected ?? [],
      suggestion: suggestion ?? '',
    })
  }

  get all(): readonly ScenarioIssue[] {
    return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

/** `steps[3].kill` */
function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}
