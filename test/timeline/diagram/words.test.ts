/** Pictures speak as the window does. */
import { describe, expect, test } from 'vitest'
import { PICTURE_WORDS, pictureWords } from '../../../main/timeline/export/picture/words'
import { messages } from '../../../renderer/i18n'

/** The window's text at a key: `a.b.c`. */
function textAt(language: 'en' | 'zh', key: string): unknown {
  let at: unknown = messages[language]
  for (const part of key.split('.')) at = (at as Readonly<Record<string, unknown>> | undefined)?.[part]
  return at
}

describe.each(['en', 'zh'] as const)('the words of pictures, %s', (language) => {
  test('are those of the window, wherever it has the same', () => {
    const shared = Object.entries(PICTURE_WORDS[language]).filter(([key]) => !key.startsWith('picture.'))
    expect(shared.length).toBeGreaterThan(80)
    expect(shared.filter(([key, text]) => textAt(language, key) !== text)).toEqual([])
  })

  test('have nothing empty, and fill in what is named', () => {
    expect(Object.values(PICTURE_WORDS[language]).filter((text) => text.trim() === '')).toEqual([])
    const { t } = pictureWords(language)
    expect(t('picture.range', { from: '1 s', to: '2 s', end: '3 s' })).toMatch(/1 s.*2 s.*3 s/)
    expect(t('control.fault.manual', { nodes: 'n2' })).toContain('n2')
  })
})

test('the first form is for one', () => {
  const { t } = pictureWords('en')
  expect(t('control.fault.someLinks', { n: 1 }, 1)).toBe('1 link')
  expect(t('control.fault.someLinks', { n: 7 }, 7)).toBe('7 links')
})
