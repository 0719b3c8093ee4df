/** Every string that a person reads, in both languages; `test/renderer/i18n.test.ts` keeps them equal in keys. */
import { createI18n } from 'vue-i18n'
import { diagrams as enDiagrams } from './en/diagrams'
import { membership as enMembership } from './en/membership'
import { settings as enSettings } from './en/settings'
import { shell as enShell } from './en/shell'
import { diagrams as zhDiagrams } from './zh/diagrams'
import { membership as zhMembership } from './zh/membership'
import { settings as zhSettings } from './zh/settings'
import { shell as zhShell } from './zh/shell'

export const messages = {
  en: { ...enShell, diagrams: enDiagrams, membership: enMembership, settings: enSettings },
  zh: { ...zhShell, diagrams: zhDiagrams, membership: zhMembership, settings: zhSettings },
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as 'en' | 'zh',
  fallbackLocale: 'en',
  messages: messages as Record<'en' | 'zh', (typeof messages)['en']>,
})
