/** Chance that can be had again: the same seed gives the same numbers, on every machine. */

/** Each call gives the next number, from 0 to less than 1. */
export type Generator = () => number

/** mulberry32: 32 bits of state, period 2^32. `seed`: 0…2^32 − 1. */
export function mulberry32(seed: number): Generator {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
