/** The short run of what `raft-workbench reliability` does for as long as one likes: every package, on real processes. */
import { readdirSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { workloadPlanSchema } from '../../../main/cluster/workload/types'
import { runReliability } from '../../../main/workbench/reliability'
import { History } from '../../../main/workbench/reliability/history'
import { runRound } from '../../../main/workbench/reliability/round'
import { ensureBuilt } from '../../support/build'
import { awaitLeader, openCluster, until } from '../../support/cluster'
import { tempDir } from '../../timeline/support/files'

/** Its schedule has seventeen kinds of deeds, all packages among them. */
const SEED = 1208
const DURATION_MS = 20_000

test(`${DURATION_MS / 1000} s of every fault under load: nothing acknowledged is lost (seed ${SEED})`, async () => {
  const programs = await ensureBuilt()
  const { signal } = new AbortController()
  const result = await runRound({ seed: SEED, nodes: 5, durationMs: DURATION_MS, rate: 2.5, programs, signal })
  expect(result.findings, result.kept).toEqual([])
  expect(result.nemesis.outcome).toBe('done')
  // How much is answered, and how many steps are possible, is up to the machine.
  expect(result.nemesis.taken).toBeGreaterThan(20)
  const acknowledged = result.history.reduce((sum, counts) => sum + counts.acknowledged, 0)
  expect(acknowledged).toBeGreaterThan(20)
  expect(result.recording.acknowledged).toBe(acknowledged)
  expect(Object.keys(result.faults).length).toBeGreaterThan(6)
})

test('ended in the middle it ends everything, and says that nothing is known', async () => {
  const programs = await ensureBuilt()
  // A folder of its own: in the system's one the homes of others come and go.
  const temporary = await tempDir()
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const seenHomes = new Set<string>()
  const ending = new AbortController()
  const seen = new Set<string>()
  const result = await runReliability({
    ...{ seeds: [1, 2], minutes: 10, nodes: 3, programs, signal: ending.signal },
    progress: (_, { phase, ok }) => {
      seen.add(phase)
      for (const name of readdirSync(temporary)) seenHomes.add(name)
      if (ok > 20) ending.abort()
    },
  })
  expect(result).toMatchObject({ holds: false, interrupted: true, rounds: [] })
  expect([...seen]).toContain('nemesis')
  expect([...seenHomes].some((name) => name.startsWith('raft-workbench-reliability-'))).toBe(true)
  expect(readdirSync(temporary)).toEqual([])
})

test('the check is not blind: reads from a node that hears nobody are found', async () => {
  const { cluster } = await openCluster(3, { telemetry: 'off' })
  const leader = await awaitLeader(cluster)
  cluster.preset('deaf', (leader % 3) + 1)
  const plan = workloadPlanSchema.parse({
    ...{ pace: { type: 'closed', clients: 2 }, seed: 1, durationMs: null, valueBytes: 32, consistency: 'stale' },
    ...{ mix: { put: 1, append: 2, get: 3 }, keys: { count: 3, spread: 'uniform' } },
  })
  const history = new History(plan.valueBytes)
  let answers = 0
  const run = cluster.startWorkload(plan, {
    answered: (_, command, result) => {
      answers++
      history.answered(command, result)
    },
  })
  await until('reads of everybody', () => answers > 300)
  await run.stop()
  const { findings, counts } = history.check()
  expect(counts.undecided).toBe(0)
  expect(findings.map(({ kind }) => kind)).toContain('history')
})
