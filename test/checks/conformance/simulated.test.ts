/** Simulated clusters, told as timelines: the correct core never deviates from the specification, and broken ones do. */
import { expect, it } from 'vitest'
import { ConformanceWatcher } from '../../../main/checks/conformance'
import { Raft } from '../../../main/raft'
import { simulate } from '../../sim/simulation'
import { Teller, toldRaft } from '../support/told-raft'

const SEEDS = 40

it(`allows ${SEEDS} runs of the correct core`, async () => {
  let transitions = 0
  const found: string[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const watcher = new ConformanceWatcher()
    await simulate(seed, toldRaft(Raft, new Teller((event) => watcher.take(event))))
    const verdict = watcher.verdict()
    transitions += verdict.transitions
    if (verdict.first !== undefined) found.push(`seed ${seed}: ${JSON.stringify(verdict.first)}`)
  }
  expect(found).toEqual([])
  expect(transitions).toBeGreaterThan(10_000)
})
