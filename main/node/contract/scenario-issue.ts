/**
 * What is wrong with the text of a scenario, as data: `main/scenarios/language` finds it, `main/workbench/problems/scenarios*.ts`
 * says it in both languages.
 */

/** What a value can be expected to be, besides single words: each has a name in both languages. */
export const SHAPES = [
  'text',
  'number',
  'whole-number',
  'yes-no',
  'list',
  'mapping',
  'duration',
  'who',
  'whom',
  'bound',
  'name',
  'key',
] as const
export type Shape = (typeof SHAPES)[number]

/** Why something that is waited for can never be, or never within its time. */
export type Impossibility =
  | 'is-and-is-not'
  | 'more-followers-than-nodes'
  | 'terms-go-down'
  | 'nothing-held'
  | 'type-not-held'
  | 'was-answered'
  | 'nothing-stops'
  | 'no-nemesis'
  | 'leader-and-none'
  | 'longer-than-step'
  | 'longer-than-limit'
  | 'below-zero'

export type ScenarioIssueCode =
  /** No YAML: `expected` is the parser's code, `found` its English sentence. */
  | 'yaml'
  | 'empty'
  | 'text-too-long'
  | 'unknown-key'
  | 'missing-key'
  | 'unknown-step'
  | 'no-step'
  | 'several-steps'
  | 'unknown-condition'
  | 'no-condition'
  | 'several-conditions'
  /** Another kind of value: `expected` holds `<shape>` and single words. */
  | 'wrong-value'
  | 'too-small'
  | 'too-large'
  /** Of a list or a text: too short or too long. */
  | 'too-few'
  | 'too-many'
  /** A rule of a plan: `expected` is its English sentence. */
  | 'rule'
  /** `found` is the setting, `expected` the reason. */
  | 'setting'
  | 'node-unknown'
  | 'name-unknown'
  /** `expected` is the line where it is given. */
  | 'name-later'
  | 'call-unknown'
  | 'call-later'
  | 'workload-unknown'
  | 'workload-later'
  | 'breakpoint-unknown'
  | 'breakpoint-later'
  | 'fault-unknown'
  | 'fault-later'
  | 'name-twice'
  | 'background-answer'
  | 'breakpoint'
  | 'link-self'
  | 'group-twice'
  /** Of a nemesis: so many may be down, of so many nodes. */
  | 'too-many-down'
  /** `expected` is an {@link Impossibility}. */
  | 'impossible'

export interface ScenarioIssue {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** `steps[3].kill`, from 0. */
  readonly path: string
  readonly code: ScenarioIssueCode
  /** What stands there; a value as JSON, shortened. '' = nothing. */
  readonly found: string
  readonly expected: readonly string[]
  /** What was likely meant; '' = no idea. */
  readonly suggestion: string
}
