/** Translating for pure code: the words are handed in, so that it can be tested without a window. */

/** @param plural which of the forms with `|` between them */
export type Translate = (key: string, named?: Record<string, unknown>, plural?: number) => string

/** What `useI18n` and the catalogue itself both have. */
interface Words {
  (key: string, named: Record<string, unknown>): string
  (key: string, named: Record<string, unknown>, plural: number): string
}

export function translator(t: Words): Translate {
  return (key, named = {}, plural) => (plural === undefined ? t(key, named) : t(key, named, plural))
}
