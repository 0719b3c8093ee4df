/** Colours as numbers: to mix them as CSS does, and to write them where CSS is not understood. Pure. */

export interface Rgba {
  /** 0…255 */
  readonly r: number
  readonly g: number
  readonly b: number
  /** 0…1 */
  readonly a: number
}

/** `#rgb`, `#rrggbb` or `#rrggbbaa`; undefined for anything else. */
export function parseHex(text: string): Rgba | undefined {
  const short = /^#([0-9a-f]{3,4})$/i.exec(text)?.[1]
  const digits = short === undefined ? /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1] : short.replace(/./g, '$&$&')
  if (digits === undefined) return undefined
  const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16)
  return { r: part(0), g: part(2), b: part(4), a: digits.length === 8 ? part(6) / 255 : 1 }
}

/** `color-mix(in oklab, colour share, ground)` of two opaque colours; the colour itself where one can't be read. */
export function mix(colour: string, ground: string, share: number): string {
  const a = parseHex(colour)
  const b = parseHex(ground)
  if (a === undefined || b === undefined) return colour
  const one = oklabOf(a)
  const other = oklabOf(b)
  return hexOf(one.map((value, i) => value * share + (other[i] ?? 0) * (1 - share)))
}

// The matrices of CSS Color 4, "Sample code for color conversions".
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const gamma = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)

function oklabOf({ r, g, b }: Rgba): readonly number[] {
  const [x, y, z] = [linear(r / 255), linear(g / 255), linear(b / 255)]
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z)
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z)
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function hexOf([lightness = 0, a = 0, b = 0]: readonly number[]): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const parts = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${parts.map((part) => byte(gamma(Math.min(1, Math.max(0, part))))).join('')}`
}

const byte = (share: number) =>
  Math.round(share * 255)
    .toString(16)
    .padStart(2, '0')
