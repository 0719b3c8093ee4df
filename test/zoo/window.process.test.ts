/** In the window: a bug is switched on by its name, provoked on the cluster that is open then, and caught while one looks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VerdictsView } from '../../preload/contract'
import { until } from '../support/cluster'
import { type Bench, startBench } from '../workbench/support'

let bench: Bench
let verdicts: VerdictsView | null = null

beforeAll(async () => {
  bench = await startBench()
  bench.workbench.subscribe('verdicts', (value) => {
    verdicts = value
  })
})
afterAll(() => bench.clear())

const broken = (): readonly string[] =>
  (verdicts?.checks ?? []).filter(({ standing }) => standing === 'broken').map(({ id }) => id)

test('a bug is caught by the live verdicts, and the cluster says that it has it', async () => {
  const { cluster } = await bench.call('zoo.hunt', { bug: 'half-is-majority', correct: false })
  expect(cluster).toBe('zoo-half-is-majority')
  expect(await bench.call('clusters.settings', { name: cluster })).toMatchObject({ bug: 'half-is-majority' })
  await until('a verdict', () => broken().includes('election-safety'))
  const { settings } = await bench.call('timeline.state', { source: 'live', seq: 20 })
  expect(settings.bug).toBe('half-is-majority')
})

test('a bug that nobody knows is refused', async () => {
  await bench.fails('zoo.hunt', { bug: 'no-such-bug', correct: false }, 'bad-input')
  await bench.fails('clusters.create', { nodes: 3, settings: { bug: 'no-such-bug' } }, 'settings-invalid')
})
