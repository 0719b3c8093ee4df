/** The canvas's colours: read from the tokens once per theme, the only place where a canvas learns a colour. */
import { type Palette, paletteOf, TERM_HUES, TOKENS, type Tokens } from '../../preload/contract/diagram'

export type { Palette }

/** Reads the tokens as they hold for `element`; a new theme needs a new palette. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(name).trim()
  const plain = Object.fromEntries(Object.entries(TOKENS).map(([key, name]) => [key, read(name)]))
  const terms = Array.from({ length: TERM_HUES }, (_, at) => read(`--term-${at + 1}`))
  return paletteOf({ ...(plain as Omit<Tokens, 'terms'>), terms })
}
