/** Chance from a seed: the same seed gives the same choices on every machine. */
export interface Random {
  /** 0…1, never 1. */
  next(): number
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number
  /** Evenly between the two. */
  between(min: number, max: number): number
  chance(probability: number): boolean
  /** Throws RangeError for none. */
  pick<T>(from: readonly T[]): T
  shuffled<T>(of: readonly T[]): T[]
  /** The seed of another generator: 0…2^32 − 1. */
  seed(): number
}

const TWO_32 = 4_294_967_296

/** mulberry32. What is drawn for `purpose` does not depend on what is drawn for another one. */
export function randomFrom(seed: number, purpose = ''): Random {
  let state = mixed(seed, purpose)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / TWO_32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick(from) {
      const at = below(from.length)
      if (at >= from.length) throw new RangeError('nothing to pick from')
      return from[at] as (typeof from)[number]
    },
    shuffled(of) {
      const left = [...of]
      const drawn: (typeof left)[number][] = []
      while (left.length > 0) drawn.push(...left.splice(below(left.length), 1))
      return drawn
    },
    seed: () => below(TWO_32),
  }
}

/** FNV-1a over the purpose, begun with the seed. */
function mixed(seed: number, purpose: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (const character of purpose) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return purpose === '' ? seed >>> 0 : hash
}
