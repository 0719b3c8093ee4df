/** The catalogue of pictures: what is drawn where there is no window speaks like the window. */
import type { Words } from '../../../diagram'
import { en, type PictureWord } from './en'
import { zh } from './zh'

export type { PictureWord }

export const PICTURE_WORDS: Readonly<Record<'en' | 'zh', Readonly<Record<PictureWord, string>>>> = { en, zh }

/** As the window's catalogue does it: `{name}` is filled in, and of forms with `|` between them the first is for one. */
export function pictureWords(language: 'en' | 'zh'): Words {
  const catalogue: Readonly<Record<string, string>> = PICTURE_WORDS[language]
  return {
    has: (key) => key in catalogue,
    t: (key, named = {}, plural) => {
      const forms = (catalogue[key] ?? key).split(' | ')
      const form = plural === undefined ? forms.join(' | ') : ((plural === 1 ? forms[0] : forms.at(-1)) ?? key)
      return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in named ? String(named[name]) : whole))
    },
  }
}
