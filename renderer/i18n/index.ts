/** Every string that a person reads, in both languages; `test/renderer/i18n.dom.test.ts` keeps them equal in keys. */
import { createI18n } from 'vue-i18n'
import { diagrams as enDiagrams } from './en/diagrams'
import { shell as enShell } from './en/shell'
import { diagrams as zhDiagrams } from './zh/diagrams'
import { shell as zhShell } from './zh/shell'

export const messages = {
  en: { ...enShell, diagrams: enDiagrams },
  zh: { ...zhShell, diagrams: zhDiagrams },
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as 'en' | 'zh',
  fallbackLocale: 'en',
  messages: messages as Record<'en' | 'zh', (typeof messages)['en']>,
})
