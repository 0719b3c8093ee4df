/** What is said about several runs: always the median, and how far they spread. */

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The middle value; the mean of the two middle ones where there is no single one. Throws for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values to take the median of')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/**
 * The ratio of each pair of runs that were made next to each other, and what it comes to: the machine's mood of that
 * moment is in both and cancels out, which it does not in the ratio of two medians.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} runs against ${theirs.length}`)
  return spreadOf(ours.map((value, i) => value / (theirs[i] ?? Number.NaN)))
}

/** Which of two goes first in a pair: in turn, so that neither always finds the machine as the other left it. */
export function inTurn<T>(pair: number, first: T, second: T): readonly [T, T] {
  return pair % 2 === 0 ? [first, second] : [second, first]
}

/** The value that `share` per cent of them do not exceed. Throws for no values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values to take a percentile of')
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * share) / 100) - 1)] ?? 0
}
