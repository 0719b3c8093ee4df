/** Longest text of a value that crosses to a window; the true size crosses beside it. */
export const MAX_SHOWN = 64

const decoder = new TextDecoder()

/** Bytes as text, cut to {@link MAX_SHOWN} characters without splitting one; what is not UTF-8 shows as `�`. */
export function shownText(bytes: Uint8Array): string {
  // A character takes at most four bytes, so nothing that is shown lies further back.
  const text = decoder.decode(bytes.subarray(0, MAX_SHOWN * 4 + 3))
  if (text.length <= MAX_SHOWN) return text
  return [...text].slice(0, MAX_SHOWN).join('')
}
