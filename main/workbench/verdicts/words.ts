/** What a check found, in sentences. */
import type { InvariantId, Violation } from '../../checks/invariants'
import { en } from './en'
import { zh } from './zh'

type Details = Violation['details']

export interface VerdictWords {
  /** What holds, as a short name. */
  readonly name: Readonly<Record<InvariantId, string>>
  /** How it was broken. */
  readonly broken: Readonly<Record<InvariantId, (details: Details) => string>>
}

const WORDS = { en, zh } as const

/** The name of an invariant. */
export function invariantName(language: 'en' | 'zh', id: InvariantId): string {
  return WORDS[language].name[id]
}

/** How it was broken, with the nodes, terms and indexes concerned. */
export function violationSentence(language: 'en' | 'zh', { invariant, details }: Violation): string {
  return WORDS[language].broken[invariant](details)
}
