/** Translating for pure code: the words are handed in, so that it can be tested without a window. */
import type { ComposerTranslation } from 'vue-i18n'

/** @param plural which of the forms with `|` between them */
export type Translate = (key: string, named?: Record<string, unknown>, plural?: number) => string

export function translator(t: ComposerTranslation): Translate {
  return (key, named = {}, plural) => (plural === undefined ? t(key, named) : t(key, named, plural))
}
