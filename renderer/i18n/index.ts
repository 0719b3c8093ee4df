/** Every string that a person reads, in both languages; `test/renderer/i18n.test.ts` keeps them equal in keys. */
import { createI18n } from 'vue-i18n'
import { branches as enBranches } from './en/branches'
import { breakpoints as enBreakpoints } from './en/breakpoints'
import { causality as enCausality } from './en/causality'
import { commands as enCommands } from './en/commands'
import { diagrams as enDiagrams } from './en/diagrams'
import { exports as enExports } from './en/exports'
import { faults as enFaults } from './en/faults'
import { inspector as enInspector } from './en/inspector'
import { load as enLoad } from './en/load'
import { membership as enMembership } from './en/membership'
import { moments as enMoments } from './en/moments'
import { overview as enOverview } from './en/overview'
import { scenarios as enScenarios } from './en/scenarios'
import { settings as enSettings } from './en/settings'
import { shell as enShell } from './en/shell'
import { verdicts as enVerdicts } from './en/verdicts'
import { branches as zhBranches } from './zh/branches'
import { breakpoints as zhBreakpoints } from './zh/breakpoints'
import { causality as zhCausality } from './zh/causality'
import { commands as zhCommands } from './zh/commands'
import { diagrams as zhDiagrams } from './zh/diagrams'
import { exports as zhExports } from './zh/exports'
import { faults as zhFaults } from './zh/faults'
import { inspector as zhInspector } from './zh/inspector'
import { load as zhLoad } from './zh/load'
import { membership as zhMembership } from './zh/membership'
import { moments as zhMoments } from './zh/moments'
import { overview as zhOverview } from './zh/overview'
import { scenarios as zhScenarios } from './zh/scenarios'
import { settings as zhSettings } from './zh/settings'
import { shell as zhShell } from './zh/shell'
import { verdicts as zhVerdicts } from './zh/verdicts'

export const messages = {
  en: {
    ...enShell,
    ...enCommands,
    inspector: enInspector,
    diagrams: enDiagrams,
    membership: enMembership,
    settings: enSettings,
    control: enFaults,
    breakpoints: enBreakpoints,
    load: enLoad,
    overview: enOverview,
    branches: enBranches,
    moments: enMoments,
    causality: enCausality,
    exports: enExports,
    verdicts: enVerdicts,
    scenarios: enScenarios,
  },
  zh: {
    ...zhShell,
    ...zhCommands,
    inspector: zhInspector,
    diagrams: zhDiagrams,
    membership: zhMembership,
    settings: zhSettings,
    control: zhFaults,
    breakpoints: zhBreakpoints,
    load: zhLoad,
    overview: zhOverview,
    branches: zhBranches,
    moments: zhMoments,
    causality: zhCausality,
    exports: zhExports,
    verdicts: zhVerdicts,
    scenarios: zhScenarios,
  },
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as 'en' | 'zh',
  fallbackLocale: 'en',
  messages: messages as Record<'en' | 'zh', (typeof messages)['en']>,
})
