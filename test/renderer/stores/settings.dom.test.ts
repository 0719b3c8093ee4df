import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { i18n } from '../../../renderer/i18n'
import { useSettingsStore } from '../../../renderer/stores/settings'
import { type Bench, createBench } from '../support/mounted'

let bench: Bench
let stop: () => void
beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => 0, removeEventListener: () => 0 }))
  bench = createBench()
  bench.door.on('settings.get', () => ({ language: 'en', theme: 'dark' }))
  stop = useSettingsStore().connect()
  await bench.settle()
})
afterEach(() => {
  stop()
  i18n.global.locale.value = 'en'
  bench.end()
  vi.unstubAllGlobals()
})

test('what the workbench tells of an earlier change does not take back a later one', async () => {
  const settings = useSettingsStore()
  const answers: (() => void)[] = []
  bench.door.on('settings.set', (given) => {
    const stored = { language: given.language ?? 'en', theme: 'light' } as const
    return new Promise((done) => answers.push(() => done(stored)))
  })
  const both = [settings.change({ theme: 'light' }), settings.change({ language: 'zh' })]
  bench.door.say('settings', { language: 'en', theme: 'light' })
  expect(settings.shownLanguage).toBe('zh')
  answers[0]?.()
  await both[0]
  expect(settings.shownLanguage).toBe('zh')
  answers[1]?.()
  await both[1]
  expect([settings.shownLanguage, settings.shownTheme]).toEqual(['zh', 'light'])
  // Another window's change is taken when none of this one is under way.
  bench.door.say('settings', { language: 'en', theme: 'light' })
  expect(settings.shownLanguage).toBe('en')
})
