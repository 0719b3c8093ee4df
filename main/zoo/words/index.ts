/** What each bug of the zoo is, in words: also for windows, so nothing but words stands here. */
import { en } from './en'
import type { AllBugWords } from './word'
import { zh } from './zh'

export type { AllBugWords, BugWords } from './word'

export const BUG_WORDS: Readonly<Record<'en' | 'zh', AllBugWords>> = { en, zh }
