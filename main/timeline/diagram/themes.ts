/**
 * The colours and fonts of both themes as data, for pictures that are drawn where there is no window to ask. They are the
 * values of renderer/styles/tokens.css; a test keeps them equal.
 */
import { type Palette, paletteOf, type Tokens } from './palette'

export type ThemeName = 'dark' | 'light'

const FONTS = {
  fontUi:
    '"Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", "DejaVu Sans", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI", system-ui, sans-serif',
  fontMono: '"JetBrains Mono", "SFMono-Regular", Consolas, "Noto Sans Mono CJK SC", "Noto Sans CJK SC", monospace',
} as const

export const THEMES: Readonly<Record<ThemeName, Tokens>> = {
  dark: {
    ...FONTS,
    canvas: '#101316',
    panel: '#15191c',
    raised: '#1d2226',
    selected: '#2a2740',
    borderSubtle: '#20262a',
    border: '#2b3237',
    borderStrong: '#465058',
    text: '#e8ebee',
    text2: '#aab4bc',
    text3: '#87929b',
    ink: '#f4f6f8',
    inkInverse: '#101316',
    accent: '#9d8fff',
    accentFill: '#6e5ef0',
    accentInk: '#ffffff',
    accentSoft: '#9d8fff26',
    danger: '#ff7b7b',
    dangerFill: '#c9363b',
    dangerSoft: '#ff6b6b1f',
    warn: '#f0b95a',
    warnSoft: '#f0b95a1f',
    ok: '#63cf9b',
    hatch: '#ffffff1f',
    terms: ['#5ab6ea', '#e8a317', '#2fbf93', '#dd8fba', '#ece25a', '#3f8fe0', '#ea7440', '#b9c1c8'],
  },
  light: {
    ...FONTS,
    canvas: '#fafbfb',
    panel: '#ffffff',
    raised: '#f3f5f6',
    selected: '#eeecfd',
    borderSubtle: '#e9ecee',
    border: '#dce0e3',
    borderStrong: '#aab3ba',
    text: '#14191d',
    text2: '#48535c',
    text3: '#616c76',
    ink: '#14191d',
    inkInverse: '#ffffff',
    accent: '#5a45d8',
    accentFill: '#5a45d8',
    accentInk: '#ffffff',
    accentSoft: '#5a45d817',
    danger: '#bf2a30',
    dangerFill: '#bf2a30',
    dangerSoft: '#bf2a3012',
    warn: '#8a5a00',
    warnSoft: '#c98a1a1f',
    ok: '#15734b',
    hatch: '#0c17201f',
    terms: ['#1d79b4', '#a56700', '#0a7a5a', '#a84c82', '#6b6500', '#0b4f9e', '#bb480b', '#59636b'],
  },
}

const made = new Map<ThemeName, Palette>()

export function themePalette(theme: ThemeName): Palette {
  const palette = made.get(theme) ?? paletteOf(THEMES[theme])
  made.set(theme, palette)
  return palette
}
