/** The window itself: palette, sheet, theme, language, regions. */
import type { Language, Theme } from '../../preload/contract'
import { i18n } from '../i18n'
import { useLayoutStore } from '../stores/layout'
import { useSelectionStore } from '../stores/selection'
import { useSettingsStore } from '../stores/settings'
import { useUiStore } from '../stores/ui'
import { cycleRegion } from './regions'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'view.palette': undefined
    'view.shortcuts': undefined
    'view.theme': { readonly theme: Theme }
    'view.toggleTheme': undefined
    'view.language': { readonly language: Language }
    'view.inspector': undefined
    'view.nextRegion': undefined
    'view.previousRegion': undefined
    'view.escape': undefined
  }
}

const THEMES: readonly Theme[] = ['dark', 'light', 'system']
/** A language's own name: readable whatever the window's language is. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '简体中文' }

export function defineViewCommands(): void {
  const settings = useSettingsStore()
  const selection = useSelectionStore()
  const layout = useLayoutStore()
  const ui = useUiStore()
  const { t } = i18n.global
  const group = 'view' as const

  defineCommand<'view.palette'>({
    id: 'view.palette',
    label: 'commands.view.palette',
    keys: ['$mod+k'],
    group,
    hidden: true,
    run: () => {
      ui.palette = !ui.palette
    },
  })
  defineCommand<'view.shortcuts'>({
    id: 'view.shortcuts',
    label: 'commands.view.shortcuts',
    keys: ['Shift+?', '?'],
    group: 'help',
    run: () => {
      ui.shortcuts = !ui.shortcuts
    },
  })
  defineCommand<'view.theme'>({
    id: 'view.theme',
    label: 'commands.view.theme',
    group,
    variants: () => THEMES.map((theme) => ({ target: t(`themes.${theme}`), argument: { theme } })),
    run: ({ theme }) => settings.change({ theme }),
  })
  defineCommand<'view.toggleTheme'>({
    id: 'view.toggleTheme',
    label: 'commands.view.toggleTheme',
    keys: ['$mod+Shift+l'],
    group,
    run: () => settings.change({ theme: settings.shownTheme === 'dark' ? 'light' : 'dark' }),
  })
  defineCommand<'view.language'>({
    id: 'view.language',
    label: 'commands.view.language',
    group,
    variants: () =>
      (Object.keys(LANGUAGE_NAMES) as Language[]).map((language) => ({
        target: LANGUAGE_NAMES[language],
        argument: { language },
      })),
    run: ({ language }) => settings.change({ language }),
  })
  defineCommand<'view.inspector'>({
    id: 'view.inspector',
    label: 'commands.view.inspector',
    keys: ['$mod+i'],
    group,
    when: () => layout.overlay,
    run: () => {
      layout.inspectorOpen = !layout.inspectorOpen
    },
  })
  defineCommand<'view.nextRegion'>({
    id: 'view.nextRegion',
    label: 'commands.view.nextRegion',
    keys: ['F6'],
    group,
    run: () => cycleRegion(1),
  })
  defineCommand<'view.previousRegion'>({
    id: 'view.previousRegion',
    label: 'commands.view.previousRegion',
    keys: ['Shift+F6'],
    group,
    run: () => cycleRegion(-1),
  })
  defineCommand<'view.escape'>({
    id: 'view.escape',
    label: 'commands.view.escape',
    keys: ['Escape'],
    group,
    run: () => {
      if (ui.legend) ui.legend = false
      else if (ui.partition !== null) ui.closePartition()
      else if (layout.overlay && layout.inspectorOpen) layout.inspectorOpen = false
      else selection.clear()
    },
  })
}
