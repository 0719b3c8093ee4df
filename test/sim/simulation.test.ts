/**
 * Hundreds of worlds, each from one seed. `SIM_SEED=7` runs that seed alone; `SIM_SEEDS=20000` runs more;
 * `SIM_FIRST=1000` begins elsewhere.
 */
import { describe, expect, test } from 'vitest'
import { simulate } from './simulation'

const only = process.env.SIM_SEED
const first = Number(process.env.SIM_FIRST ?? 1)
const seeds = Number(process.env.SIM_SEEDS ?? 600)
/** Seeds in one test, so that a long run shows how far it is. */
const LOT = 40

describe('simulation', () => {
  if (only !== undefined) {
    test(`seed ${only}`, () => {
      console.log(simulate(Number(only)))
    })
    return
  }
  const total = { steps: 0, elections: 0, committed: 0, crashes: 0 }

  for (let from = first; from < first + seeds; from += LOT) {
    const to = Math.min(from + LOT, first + seeds) - 1
    test(`the properties of Figure 3 hold and the healed cluster comes back: seeds ${from} to ${to}`, () => {
      for (let seed = from; seed <= to; seed += 1) {
        const result = simulate(seed)
        total.steps += result.steps
        total.elections += result.elections
        total.committed += result.committed
        total.crashes += result.crashes
      }
    })
  }

  test('the worlds were rough enough to mean something', () => {
    const perSeed = (count: number): number => count / seeds
    expect(perSeed(total.steps)).toBeGreaterThan(500)
    expect(perSeed(total.elections)).toBeGreaterThan(3)
    expect(perSeed(total.committed)).toBeGreaterThan(20)
    expect(perSeed(total.crashes)).toBeGreaterThan(3)
  })

  test('the same seed gives the same run, and another seed another', () => {
    for (const seed of [3, 14, 159]) {
      const once = simulate(seed)
      expect(simulate(seed)).toEqual(once)
      expect(simulate(seed + 1).hash).not.toBe(once.hash)
    }
  })
})
