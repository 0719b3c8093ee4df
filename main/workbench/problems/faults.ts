/** What the sentences about faults have in common. */
import type { PRESET_REASONS } from '../../cluster/links/presets'

export type PresetReason = (typeof PRESET_REASONS)[number]

/** What a table says about a word that came as text; undefined for one that it does not have. */
export function namedIn<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

/** A schema's complaint, which comes as lines with signs, as part of a sentence. */
export function plainReason(reason: string): string {
  return reason
    .replace(/\s*→ at /g, ', at ')
    .replace(/\s*✖ /g, '; ')
    .replace(/\s+/g, ' ')
    .replace(/^; |[ .]+$/g, '')
}

/** A message of the operating system or of a library, put at the end of a sentence of ours. */
export const because = (reason: string): string => (reason === '' ? '' : ` (${reason})`)

/** Text on both sides of a wrong place that is shown with it. */
const AROUND = 40

/** A breakpoint in quotes, cut around the place that is wrong when it is long. */
export function breakpointText(
  { text, from, to }: { readonly text: string; readonly from: number; readonly to: number },
  open: string,
  close: string,
): string {
  const begin = Math.max(0, from - AROUND)
  const end = Math.min(text.length, to + AROUND)
  return `${open}${begin > 0 ? '…' : ''}${text.slice(begin, end)}${end < text.length ? '…' : ''}${close}`
}
