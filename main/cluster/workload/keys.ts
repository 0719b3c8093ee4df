/** Which key is asked for next. */
import type { Random } from '../random'
import type { WorkloadPlan } from './types'

export const keyName = (workload: number, number: number): string => `load/${workload}/${number}`

/** Draws numbers of keys, from 1. */
export type DrawKey = (random: Random) => number

/** `zipf`: the n-th key 1/n as often as the first. `single`: always the first. */
export function keySpread({ count, spread }: WorkloadPlan['keys']): DrawKey {
  switch (spread) {
    case 'single':
      return () => 1
    case 'uniform':
      return (random) => 1 + random.below(count)
    case 'zipf': {
      const sums = new Float64Array(count)
      let sum = 0
      for (let at = 0; at < count; at++) {
        sum += 1 / (at + 1)
        sums[at] = sum
      }
      return (random) => 1 + firstAbove(sums, random.next() * sum)
    }
  }
}

/** The first place whose sum is greater. */
function firstAbove(sums: Float64Array, drawn: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0) > drawn) high = middle
    else low = middle + 1
  }
  return low
}
