/** What the specification does not allow of what happened, in sentences. */
import type { ConditionId, Deviation } from '../../../checks/conformance'
import { en } from './en'
import { zh } from './zh'

/** One sentence for each condition: what happened, and what should have been. */
export type DeviationWords = Readonly<Record<ConditionId, (details: Deviation['details']) => string>>

const WORDS = { en, zh } as const

/** What happened against the specification, with the nodes, terms and indexes concerned. */
export function deviationSentence(language: 'en' | 'zh', { condition, details }: Deviation): string {
  return WORDS[language][condition](details)
}
