import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shownText } from '../../main/timeline/views/text'
import { timeName } from '../../main/workbench/files'
import { homeDirectory } from '../../main/workbench/home'
import { languageOf, terminalLanguage } from '../../main/workbench/language'

describe('languages', () => {
  test.each([
    ['zh_CN.UTF-8', 'zh'],
    ['zh-Hans-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['fr-FR,fr;q=0.9,en;q=0.5,zh;q=0.4', 'en'],
    ['en_US.UTF-8', 'en'],
    ['C', undefined],
    ['enochian', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s → %s', (wish, language) => {
    expect(languageOf(wish)).toBe(language)
  })

  test.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LANGUAGE: 'zh:en' }, 'zh'],
    [{ LANG: 'C', LANGUAGE: 'zh:en' }, 'en'],
    [{}, 'en'],
  ])('a terminal with %j speaks %s', (env, language) => {
    expect(terminalLanguage(env)).toBe(language)
  })
})

describe('the home', () => {
  test('what was asked for comes first, then the environment, then the system', () => {
    expect(homeDirectory('here', { RAFT_WORKBENCH_HOME: '/there' }, 'linux')).toBe(resolve('here'))
    expect(homeDirectory(undefined, { RAFT_WORKBENCH_HOME: '/there' }, 'linux')).toBe('/there')
    expect(homeDirectory(undefined, { XDG_DATA_HOME: '/data' }, 'linux')).toBe(join('/data', 'raft-workbench'))
    expect(homeDirectory(undefined, {}, 'darwin')).toMatch(/Application Support/)
  })
})

test('file names sort by time and hold no colon', () => {
  expect(timeName(new Date('2026-11-22T20:16:05.123Z'))).toBe('2026-11-22T20-16-05.123')
})

describe('bytes as text', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  test('short text stays', () => expect(shownText(bytes('值'))).toBe('值'))
  test('long text is cut to 64 characters', () => expect(shownText(bytes('x'.repeat(1000)))).toBe('x'.repeat(64)))
  test('no character is split', () => {
    const shown = shownText(bytes('🦀'.repeat(100)))
    expect([...shown]).toHaveLength(64)
    expect(shown).not.toContain('\ufffd')
  })
  test('other bytes are shown as unreadable', () => expect(shownText(Uint8Array.of(0xff, 0x41))).toBe('\ufffdA'))
})
