/** How well a query fits a text. Pure. */

/**
 * Every character of the query in order; runs and beginnings of words count more, gaps less.
 * @returns 0 = does not fit
 */
export function fuzzyScore(query: string, text: string): number {
  const wanted = query.toLowerCase().replace(/\s+/g, '')
  if (wanted === '') return 1
  const given = text.toLowerCase()
  const whole = given.indexOf(query.toLowerCase().trim())
  if (whole >= 0) return 1000 - whole - given.length * 0.1
  let score = 0
  let from = 0
  let run = 0
  for (const character of wanted) {
    const at = given.indexOf(character, from)
    if (at < 0) return 0
    run = at === from ? run + 1 : 1
    const beginsWord = at === 0 || /[\s·.:]/.test(given[at - 1] ?? '')
    score += run * 4 + (beginsWord ? 12 : 0) - Math.min(10, at - from)
    from = at + 1
  }
  return Math.max(1, 200 + score - given.length * 0.1)
}
