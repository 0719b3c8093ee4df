/**
 * How wide text is where there is no browser to measure it: by the advance widths of the two fonts that the workbench
 * brings along, in thousandths of their size. Where other fonts stand in for them, it is a good guess.
 */

/** Inter, characters 32 to 126. */
const INTER = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620,
  566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
  753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
  583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
  333, 426, 662,
]
/** Semi-bold against regular, on the whole. */
const SEMI = 1.03
/** JetBrains Mono: every character. */
const MONO = 600
const OTHERS: Readonly<Record<string, number>> = {
  '·': 288,
  '…': 864,
  '–': 500,
  '−': 662,
  '×': 662,
  '±': 662,
  '“': 440,
  '”': 440,
  '‘': 261,
  '’': 261,
  '§': 568,
  µ: 586,
}
/** What a font without it takes from another: an arrow, a letter of another script. */
const STRANGE = 700

/** Characters as wide as they are high: Chinese, Japanese, Korean, full-width signs. */
export function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe4f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    code >= 0x20000
  )
}

/** Whether the fonts that the workbench brings along have it: Latin letters and the usual signs. */
export function isPlain(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 || character in OTHERS
}

export interface Font {
  readonly weight: number
  readonly size: number
  readonly family: string
}

/** `600 11px "Inter", sans-serif` */
export function parseFont(font: string): Font {
  const found = /^(\d+) (\d+(?:\.\d+)?)px (.+)$/.exec(font)
  if (found === null) throw new Error(`Not a font of the diagram: ${font}`)
  return { weight: Number(found[1]), size: Number(found[2]), family: found[3] ?? '' }
}

const isMono = ({ family }: Pick<Font, 'family'>): boolean => /mono/i.test(family.split(',')[0] ?? '')

/** Pixels that a text takes. */
export function widthOf(font: Font, text: string): number {
  const mono = isMono(font)
  let sum = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (isWide(code)) sum += 1_000
    else if (mono) sum += MONO
    else sum += INTER[code - 32] ?? OTHERS[character] ?? STRANGE
  }
  return (sum / 1_000) * font.size * (mono || font.weight < 600 ? 1 : SEMI)
}
