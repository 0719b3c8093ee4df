/** What somebody likely meant who misspelled a word. */

/** The nearest of `candidates`, when it is near enough; else ''. Letters that changed places count once. */
export function meant(found: string, candidates: readonly string[]): string {
  const lower = found.toLowerCase()
  let best = ''
  let least = Math.max(1, Math.floor(found.length / 3)) + 1
  for (const candidate of candidates) {
    const away = candidate.toLowerCase() === lower ? 0 : distance(lower, candidate.toLowerCase())
    if (away < least) {
      least = away
      best = candidate
    }
  }
  return best
}

/** Letters put in, taken out, changed, or exchanged with their neighbour. */
function distance(a: string, b: string): number {
  let before: readonly number[] = []
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min(
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      }
      line.push(least)
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}
