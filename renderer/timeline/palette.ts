/** The canvas's colours: read from the tokens once per theme, the only place where a canvas learns a colour. */
import { termHue } from '../views/cluster/shapes'

const TOKENS = {
  canvas: '--surface-canvas',
  panel: '--surface-panel',
  raised: '--surface-raised',
  selected: '--surface-selected',
  borderSubtle: '--border-subtle',
  border: '--border',
  borderStrong: '--border-strong',
  text: '--text',
  text2: '--text-2',
  text3: '--text-3',
  ink: '--ink',
  inkInverse: '--ink-inverse',
  accent: '--accent',
  accentFill: '--accent-fill',
  accentInk: '--accent-ink',
  accentSoft: '--accent-soft',
  danger: '--danger',
  dangerFill: '--danger-fill',
  dangerSoft: '--danger-soft',
  warn: '--warn',
  warnSoft: '--warn-soft',
  ok: '--ok',
  hatch: '--hatch',
  fontUi: '--font-ui',
  fontMono: '--font-mono',
} as const

export interface TermColours {
  readonly solid: string
  /** The thin line of a follower. */
  readonly line: string
  /** The fill of a leader's band. */
  readonly band: string
  /** The fill of a candidate's band. */
  readonly soft: string
}

export type Palette = { readonly [K in keyof typeof TOKENS]: string } & {
  term(term: number): TermColours
}

/** Reads the tokens as they hold for `element`; a new theme needs a new palette. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(name).trim()
  const tokens = Object.fromEntries(Object.entries(TOKENS).map(([key, name]) => [key, read(name)]))
  const plain = tokens as { readonly [K in keyof typeof TOKENS]: string }
  const mix = (colour: string, share: number) => `color-mix(in oklab, ${colour} ${share}%, ${plain.canvas})`
  const terms = [plain.borderStrong, ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => read(`--term-${n}`))].map((solid) => ({
    solid,
    line: mix(solid, 52),
    band: mix(solid, 38),
    soft: mix(solid, 18),
  }))
  const none: TermColours = { solid: plain.text3, line: plain.text3, band: plain.raised, soft: plain.raised }
  return { ...plain, term: (term) => terms[termHue(term)] ?? none }
}
