import type { Impossibility, ScenarioIssue, ScenarioIssueCode, Shape } from '../../node/contract/scenario-issue'

/** What the sentences about the text of a scenario are made of. The compiler keeps every table complete. */
export interface ScenarioWords {
  readonly shapes: { readonly [S in Shape]: string }
  readonly impossible: { readonly [I in Impossibility]: (found: string) => string }
  readonly issues: { readonly [C in ScenarioIssueCode]: (issue: Told) => string }
  /** Rules whose sentence comes in English from a schema; one that is not here is told as it came. */
  readonly rules: Readonly<Record<string, string>>
}

/** An issue, with what was expected in words. */
export interface Told extends Pick<ScenarioIssue, 'found' | 'suggestion'> {
  /** One after the other. */
  readonly expected: string
  readonly words: readonly string[]
}

/** Of a list of what is possible; fewer beside what was likely meant. */
const MAX_WORDS = 60
const MAX_WORDS_BESIDE = 12

/** One issue as a sentence, without its place. */
export function issueSentence(
  words: ScenarioWords,
  { code, found, expected, suggestion }: ScenarioIssue,
  separator: string,
): string {
  const named = expected.map((word) => shapeIn(words, word) ?? word)
  const most = suggestion === '' ? MAX_WORDS : MAX_WORDS_BESIDE
  const cut = named.length > most ? [...named.slice(0, most), '…'] : named
  return words.issues[code]({ found, suggestion, expected: cut.join(separator), words: expected })
}

function shapeIn({ shapes }: ScenarioWords, word: string): string | undefined {
  const shape = /^<(.+)>$/.exec(word)?.[1] ?? ''
  return Object.hasOwn(shapes, shape) ? shapes[shape as Shape] : undefined
}

/** Of an issue `impossible`. */
export function impossibleIn({ impossible }: ScenarioWords, why: string, found: string): string | undefined {
  return Object.hasOwn(impossible, why) ? impossible[why as Impossibility](found) : undefined
}

/** One line for each: where, and what. */
export function issueLines(words: ScenarioWords, issues: readonly ScenarioIssue[], name: string, separator: string) {
  return issues
    .map((issue) => {
      const path = issue.path === '' ? '' : ` ${issue.path}`
      return `\n  ${name}:${issue.line}:${issue.column}${path}: ${issueSentence(words, issue, separator)}`
    })
    .join('')
}
