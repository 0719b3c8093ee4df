/** The short run of what `raft-workbench reliability` does for as long as one likes: every package, on real processes. */
import { expect, test } from 'vitest'
import { runRound } from '../../../main/workbench/reliability/round'
import { ensureBuilt } from '../../support/build'

const SEED = 4
const DURATION_MS = 20_000

test(`${DURATION_MS / 1000} s of every fault under load: nothing acknowledged is lost (seed ${SEED})`, async () => {
  const programs = await ensureBuilt()
  const { signal } = new AbortController()
  const result = await runRound({ seed: SEED, nodes: 5, durationMs: DURATION_MS, rate: 2, programs, signal })
  console.log(JSON.stringify(result, null, 1))
  expect(result.findings).toEqual([])
  expect(result.nemesis.outcome).toBe('done')
  expect(result.nemesis.taken).toBeGreaterThan(20)
  const acknowledged = result.history.reduce((sum, counts) => sum + counts.acknowledged, 0)
  expect(acknowledged).toBeGreaterThan(100)
  expect(result.recording.acknowledged).toBeGreaterThanOrEqual(acknowledged)
  expect(result.history.map(({ undecided }) => undecided)).toEqual([0, 0])
  expect(Object.keys(result.faults).length).toBeGreaterThan(4)
})
