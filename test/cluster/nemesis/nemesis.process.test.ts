/** A nemesis on real processes: what it begins stands on the timeline, and afterwards all is as it was. */
import { expect, test } from 'vitest'
import { NEMESIS_PACKAGES, nemesisPlanSchema } from '../../../main/cluster/nemesis/types'
import { awaitEqualLogs, awaitLeader, openCluster, put, until } from '../../support/cluster'
import { startLoad } from '../support'

const plan = (perMinute: number, more: object = {}) =>
  nemesisPlanSchema.parse({
    seed: 12,
    durationMs: 8000,
    quietMs: 200,
    packages: Object.fromEntries(
      NEMESIS_PACKAGES.map((name) => [name, { perMinute, lasting: { minMs: 200, maxMs: 1500 } }]),
    ),
    ...more,
  })

test('each fault of a step tells whose it is, has its end, and in the end everybody runs', async () => {
  const { cluster, witness } = await openCluster(5)
  await awaitLeader(cluster)
  const load = startLoad(cluster, 2)
  const run = cluster.startNemesis(plan(60))
  expect(cluster.nemesis?.id).toBe(run.id)
  expect(() => cluster.startNemesis(plan(1))).toThrow(expect.objectContaining({ code: 'nemesis-running' }))
  const { outcome, taken } = await run.ended
  expect(outcome).toBe('done')
  expect(taken).toBeGreaterThan(10)
  expect(cluster.nemesis).toBeUndefined()
  expect(cluster.nodeIds.map((node) => cluster.standing(node))).toEqual(Array(5).fill('running'))
  await load.verify()
  await awaitEqualLogs(cluster)

  const faults = witness.of('fault')
  const ids = (action: 'begin' | 'end') =>
    faults
      .filter((event) => event.action === action)
      .map(({ id }) => id)
      .sort((a, b) => a - b)
  expect(ids('begin').length).toBeGreaterThan(3)
  expect(ids('end')).toEqual(ids('begin'))
  const numbers = new Set(run.schedule.steps.map(({ number }) => number))
  for (const { detail } of faults) {
    const { nemesis, step } = JSON.parse(detail) as { readonly nemesis: number; readonly step: number }
    expect(nemesis).toBe(run.id)
    expect(numbers).toContain(step)
  }
  expect(witness.of('nemesis').map(({ action }) => action)).toEqual([
    'begin',
    ...Array(run.schedule.steps.length).fill('step'),
    'end',
  ])
})

test('stopped in the middle it takes back what it did; one that would leave nothing alive never begins', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  expect(() => cluster.startNemesis(plan(60, { maxDown: 3 }))).toThrow(
    expect.objectContaining({ code: 'schedule-lethal' }),
  )
  expect(witness.of('nemesis')).toEqual([])
  const lasting = { minMs: 600_000, maxMs: 600_000 }
  const packages = { process: { perMinute: 600, lasting }, link: { perMinute: 600, lasting } }
  const run = cluster.startNemesis(plan(0, { durationMs: 60_000, packages }))
  await until('it is in the middle', () => witness.of('fault').length > 5)
  await run.stop()
  expect((await run.ended).outcome).toBe('stopped')
  expect(cluster.nodeIds.map((node) => cluster.standing(node))).toEqual(['running', 'running', 'running'])
  expect(cluster.rulesOf(1, 2).rules).toEqual([])
  await put(cluster, 'all', 'is well')
})

test('a cluster that is closed under a nemesis leaves nothing', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  cluster.startNemesis(plan(300, { durationMs: 600_000 }))
  await until('it has begun', () => witness.of('fault').length > 0)
  const began = performance.now()
  await cluster.close()
  expect(performance.now() - began).toBeLessThan(30_000)
})
