/** Language and theme: stored by the workbench, applied to the document at once. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Language, Settings, Theme } from '../../preload/contract'
import { i18n } from '../i18n'
import { useDoor } from './door'

export const useSettingsStore = defineStore('settings', () => {
  const door = useDoor()
  const language = ref<Settings['language']>('system')
  const theme = ref<Theme>('system')
  const prefersDark = ref(true)

  const shownLanguage = computed<Language>(() => {
    if (language.value !== 'system') return language.value
    return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
  })
  const shownTheme = computed<'dark' | 'light'>(() => {
    if (theme.value !== 'system') return theme.value
    return prefersDark.value ? 'dark' : 'light'
  })

  function take(settings: Settings): void {
    language.value = settings.language
    theme.value = settings.theme
  }
  /** Changes of this window that the workbench has not answered yet: what it tells meanwhile may be from before them. */
  let underWay = 0

  /** Listens to the workbench and keeps the document in step. @returns a function that stops both */
  function connect(): () => void {
    const media = window.matchMedia('(prefers-color-scheme: dark)')
    const follow = () => {
      prefersDark.value = media.matches
    }
    follow()
    media.addEventListener('change', follow)
    const stops = [
      door.subscribe('settings', (told) => {
        if (underWay === 0) take(told)
      }),
      () => media.removeEventListener('change', follow),
      watch(
        shownTheme,
        (value) => {
          document.documentElement.dataset.theme = value
        },
        { immediate: true },
      ),
      watch(
        shownLanguage,
        (value) => {
          document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en'
          i18n.global.locale.value = value
        },
        { immediate: true, flush: 'sync' },
      ),
    ]
    void door.call('settings.get', {}).then(
      (stored) => {
        if (underWay === 0) take(stored)
      },
      () => undefined,
    )
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** @throws {ProblemError} when it could not be stored; the window shows it all the same */
  async function change(settings: Partial<Settings>): Promise<void> {
    take({ language: settings.language ?? language.value, theme: settings.theme ?? theme.value })
    underWay++
    try {
      const stored = await door.call('settings.set', settings)
      if (underWay === 1) take(stored)
    } finally {
      underWay--
    }
  }

  return { language, theme, shownLanguage, shownTheme, connect, change }
})
