/** The colours and fonts of the diagram, from the design's tokens: read from a window's style, or as data of a theme. */
import { mix } from './colour'
import { termHue } from './shapes'
import { RULE_COLOURS, type RuleColour } from './shown'

/** Which token each colour and font is. */
export const TOKENS = {
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

/** Colours of terms before they repeat: `--term-1` to `--term-8`. */
export const TERM_HUES = 8

export type Tokens = { readonly [K in keyof typeof TOKENS]: string } & {
  /** Of term 1 to 8. */
  readonly terms: readonly string[]
}

export interface TermColours {
  readonly solid: string
  /** The thin line of a follower. */
  readonly line: string
  /** The fill of a leader's band. */
  readonly band: string
  /** The fill of a candidate's band. */
  readonly soft: string
}

export type Palette = Tokens & {
  term(term: number): TermColours
  rule(colour: RuleColour): string
}

export function paletteOf(tokens: Tokens): Palette {
  const terms = [tokens.borderStrong, ...tokens.terms].map(
    (solid): TermColours => ({
      solid,
      line: mix(solid, tokens.canvas, 0.52),
      band: mix(solid, tokens.canvas, 0.38),
      soft: mix(solid, tokens.canvas, 0.18),
    }),
  )
  const none: TermColours = { solid: tokens.text3, line: tokens.text3, band: tokens.raised, soft: tokens.raised }
  return {
    ...tokens,
    term: (term) => terms[termHue(term)] ?? none,
    rule: (colour) => {
      if (colour === 'violet') return tokens.accent
      if (colour === 'red') return tokens.danger
      if (colour === 'green') return tokens.ok
      return tokens.terms[RULE_COLOURS.indexOf(colour)] ?? tokens.text
    },
  }
}
