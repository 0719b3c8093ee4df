import type { Language } from '../../../preload/contract'
import { en } from './en'
import type { Texts } from './texts'
import { zh } from './zh'

export type { Texts } from './texts'

export function textsOf(language: Language): Texts {
  return { en, zh }[language]
}
