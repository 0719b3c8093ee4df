/**
 * A thousand worlds, each from one seed. `SIM_SEED=7` runs that seed alone; `SIM_SEEDS=20000` runs more;
 * `SIM_FIRST=1000` begins elsewhere. `npm run sim` runs as many as asked, on several cores.
 */
import { describe, expect, test } from 'vitest'
import { type RunResult, simulate } from './simulation'

const only = process.env.SIM_SEED
const first = Number(process.env.SIM_FIRST ?? 1)
const seeds = Number(process.env.SIM_SEEDS ?? 1000)
/** Seeds in one test, so that a long run shows how far it is. */
const LOT = 50

describe('simulation', () => {
  if (only !== undefined) {
    test(`seed ${only}`, async () => {
      console.log(await simulate(Number(only)))
    })
    return
  }
  const results: RunResult[] = []
  const began = performance.now()

  for (let from = first; from < first + seeds; from += LOT) {
    const to = Math.min(from + LOT, first + seeds) - 1
    test(`the properties hold and the healed cluster comes back: seeds ${from} to ${to}`, async () => {
      for (let seed = from; seed <= to; seed += 1) results.push(await simulate(seed))
    })
  }

  test('the worlds were rough enough to mean something', () => {
    const mean = (count: (result: RunResult) => number) =>
      results.reduce((sum, result) => sum + count(result), 0) / results.length
    const rate = (results.reduce((sum, { steps }) => sum + steps, 0) / (performance.now() - began)) * 1000
    console.log(`${results.length} seeds, ${Math.round(rate)} steps per second`)
    expect(mean(({ steps }) => steps)).toBeGreaterThan(500)
    expect(mean(({ elections }) => elections)).toBeGreaterThan(2)
    expect(mean(({ committed }) => committed)).toBeGreaterThan(20)
    expect(mean(({ acknowledged }) => acknowledged)).toBeGreaterThan(5)
    expect(mean(({ crashes }) => crashes)).toBeGreaterThan(3)
    expect(mean(({ snapshots }) => snapshots)).toBeGreaterThan(2)
    expect(mean(({ installs }) => installs)).toBeGreaterThan(0.1)
    expect(mean(({ changes }) => changes)).toBeGreaterThan(1)
    expect(mean(({ reads }) => reads)).toBeGreaterThan(2)
  })

  test('the same seed gives the same run, and another seed another', async () => {
    for (const seed of [3, 14, 159]) {
      const once = await simulate(seed)
      expect(await simulate(seed)).toEqual(once)
      expect((await simulate(seed + 1)).hash).not.toBe(once.hash)
    }
  })
})
