/** The themes as data are those of the window: token by token. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mix, parseHex } from '../../../main/timeline/diagram/colour'
import { paletteOf, TERM_HUES, TOKENS } from '../../../main/timeline/diagram/palette'
import { RULE_COLOURS } from '../../../main/timeline/diagram/shown'
import { THEMES, type ThemeName } from '../../../main/timeline/diagram/themes'

const css = readFileSync(resolve(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8')

/** The tokens of the first block whose selector contains `selector`, as they are written. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const begin = css.indexOf(selector)
  const block = css.slice(css.indexOf('{', begin) + 1, css.indexOf('}', begin))
  const found = [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)]
  return new Map(found.map(([, name = '', value = '']) => [name, value.replace(/\s+/g, ' ')]))
}

const SELECTORS: Readonly<Record<ThemeName, string>> = {
  dark: '[data-theme="dark"] {',
  light: '[data-theme="light"] {',
}

describe.each(['dark', 'light'] as const)('the %s theme', (name) => {
  const tokens = new Map([...tokensOf(':root {'), ...tokensOf(SELECTORS[name])])
  const theme = THEMES[name]

  test('has the values of the tokens', () => {
    const written = Object.fromEntries(Object.entries(TOKENS).map(([key, token]) => [key, tokens.get(token)]))
    const { terms, ...plain } = theme
    expect(plain).toEqual(written)
    expect(terms).toEqual(Array.from({ length: TERM_HUES }, (_, at) => tokens.get(`--term-${at + 1}`)))
  })

  test('every colour can be read as a number, and every rule has one of its own', () => {
    const { fontUi: _, fontMono: __, terms, ...colours } = theme
    for (const colour of [...Object.values(colours), ...terms]) expect(parseHex(colour), colour).toBeDefined()
    const palette = paletteOf(theme)
    expect(new Set(RULE_COLOURS.map((colour) => palette.rule(colour))).size).toBe(RULE_COLOURS.length)
  })
})

test('colours are mixed as CSS mixes them in oklab', () => {
  // color-mix(in oklab, …) in Chromium gives these.
  expect(mix('#5ab6ea', '#101316', 1)).toBe('#5ab6ea')
  expect(mix('#5ab6ea', '#101316', 0)).toBe('#101316')
  const grey = parseHex(mix('#ffffff', '#000000', 0.5))
  expect(grey?.r).toBe(99)
  expect(mix('not a colour', '#000000', 0.5)).toBe('not a colour')
})
