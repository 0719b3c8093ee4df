/** Every string that a person reads, in both languages; `test/renderer/i18n.test.ts` keeps them equal in keys. */
import { createI18n } from 'vue-i18n'
import { breakpoints as enBreakpoints } from './en/breakpoints'
import { diagrams as enDiagrams } from './en/diagrams'
import { faults as enFaults } from './en/faults'
import { load as enLoad } from './en/load'
import { membership as enMembership } from './en/membership'
import { settings as enSettings } from './en/settings'
import { shell as enShell } from './en/shell'
import { breakpoints as zhBreakpoints } from './zh/breakpoints'
import { diagrams as zhDiagrams } from './zh/diagrams'
import { faults as zhFaults } from './zh/faults'
import { load as zhLoad } from './zh/load'
import { membership as zhMembership } from './zh/membership'
import { settings as zhSettings } from './zh/settings'
import { shell as zhShell } from './zh/shell'

export const messages = {
  en: {
    ...enShell,
    diagrams: enDiagrams,
    membership: enMembership,
    settings: enSettings,
    control: enFaults,
    breakpoints: enBreakpoints,
    load: enLoad,
  },
  zh: {
    ...zhShell,
    diagrams: zhDiagrams,
    membership: zhMembership,
    settings: zhSettings,
    control: zhFaults,
    breakpoints: zhBreakpoints,
    load: zhLoad,
  },
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as 'en' | 'zh',
  fallbackLocale: 'en',
  messages: messages as Record<'en' | 'zh', (typeof messages)['en']>,
})
