/** What the sentences about faults have in common. */

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
