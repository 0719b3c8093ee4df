import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readLanguage, SettingsStore } from '../../main/workbench/settings'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rw-settings-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('settings', () => {
  test('defaults where there is no file', async () => {
    const { store, problem } = await SettingsStore.open(join(home, 'not', 'yet'))
    expect(problem).toBeUndefined()
    expect(store.value).toEqual({ language: 'system', theme: 'system' })
  })

  test('a change outlives the store; what is left out stays', async () => {
    const { store } = await SettingsStore.open(home)
    await store.change({ language: 'zh', theme: undefined })
    await Promise.all([store.change({ theme: 'dark' }), store.change({ lastCluster: 'demo' })])
    const again = (await SettingsStore.open(home)).store
    expect(again.value).toEqual({ language: 'zh', theme: 'dark' })
    expect(again.lastCluster).toBe('demo')
    expect(await readLanguage(home)).toBe('zh')
    expect(await readdir(home)).toEqual(['settings.json'])
  })

  test.each([
    ['not JSON', '{"version": 1, "langu'],
    ['another version', '{"version": 2, "language": "en", "theme": "dark", "lastCluster": ""}'],
    ['an unknown value', '{"version": 1, "language": "fr", "theme": "dark", "lastCluster": ""}'],
  ])('a file with %s is kept aside, and the defaults are used', async (_, text) => {
    await writeFile(join(home, 'settings.json'), text)
    expect(await readLanguage(home)).toBe('system')
    const { store, problem } = await SettingsStore.open(home)
    expect(problem?.code).toBe('settings-corrupt')
    expect(store.value).toEqual({ language: 'system', theme: 'system' })
    const [kept] = await readdir(home)
    expect(kept).toMatch(/^settings\.json\.corrupt-/)
    expect(await readFile(join(home, kept ?? ''), 'utf8')).toBe(text)
  })

  test('a home that is a file is a problem, not a crash', async () => {
    await writeFile(join(home, 'file'), '')
    await expect(SettingsStore.open(join(home, 'file', 'home'))).rejects.toMatchObject({ code: 'directory-unwritable' })
  })

  test('a failed write is told, and the choice holds in memory', async () => {
    const { store } = await SettingsStore.open(home)
    await mkdir(join(home, 'settings.json', 'in-the-way'), { recursive: true })
    await expect(store.change({ theme: 'dark' })).rejects.toMatchObject({ code: 'directory-unwritable' })
    expect(store.value.theme).toBe('dark')
    expect(await readdir(home)).toEqual(['settings.json'])
  })
})
