/** The window's catalogue as the diagram's words read it. */
import type { Words } from '../../preload/contract/diagram'
import { i18n } from '../i18n'

export const catalogue: Words = {
  t: (key, named = {}, plural) => {
    const { t } = i18n.global
    return plural === undefined ? t(key, named) : t(key, named, plural)
  },
  has: (key) => i18n.global.te(key, 'en'),
}
